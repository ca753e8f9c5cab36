"""Whom do checks quarrel over? Made-up mentors with one place each, and members proposed to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Generic, TypeVar
from uuid import UUID, uuid4

from api.moment import start_of
from domain.aggregate import Aggregate
from domain.application import Alongside
from domain.consent import MATCH_PROPOSED, ConsentLedger, Method
from domain.explanation import Explanation
from domain.match import APPROVAL_NEEDS, Match
from domain.member import Member
from domain.mentor import Mentor
from domain.profiles import MemberProfile, MentorProfile, Profile
from domain.programme import Policy, Programme
from domain.purposes import Purpose
from domain.recording import ROUND_NEEDS
from domain.round import Findings
from domain.values import ContactMode, Facet, Need, Role, Training, Urgency

AT: Final = start_of(date(2026, 3, 2)).at
BY: Final = "check"
P = TypeVar("P", bound=Profile)

MEMBER: Final = MemberProfile(
    ref="S-1",
    handle="Plum Raven 1",
    time_zone="Europe/Lisbon",
    languages=("pt",),
    lived_experience=(),
    contact_modes=(ContactMode.PHONE,),
    availability=(),
    needs=(Need("housing", Facet.PRACTICAL, Urgency.SOON),),
    waiting_since=date(2026, 1, 1),
)
MENTOR: Final = MentorProfile(
    ref="T-1",
    handle="Birch Owl 2",
    time_zone="Europe/Lisbon",
    languages=("pt",),
    lived_experience=(),
    contact_modes=(ContactMode.PHONE,),
    availability=(),
    role=Role.MENTOR,
    offers=(),
    capacity=1,
    training=Training(date(2030, 1, 1)),
    supervisor="SUP-1",
)
EXPLANATION: Final = Explanation(
    stated_needs=(),
    covered_needs=(),
    shared_experience=(),
    shared_languages=("pt",),
    first_language_shared=True,
    shared_contact_modes=("phone",),
    shared_minutes=0,
    points={},
    keep_bonus=0,
    rank=1,
    place=1,
    capacity=1,
    evenness=0,
)


NOT_SOLVED: Final = Findings(
    problem_sha256="0" * 64,
    solver="none: the pairs are given",
    members=0,
    mentors=0,
    places=0,
    excluded={},
    feasible_pairs=0,
    objective={"order_of_serving": 0, "served": 0, "fit": 0, "evenness": 0},
    optimal=True,
    weights={},
    member_values={},
    place_prices={},
)


@dataclass(frozen=True)
class Applicant(Generic[P]):
    """Somebody who agreed to what a match needs."""

    profile: P
    consents: tuple[Purpose, ...] = APPROVAL_NEEDS
    consented_on: date | None = None


@dataclass(frozen=True)
class Contest:
    """A mentor with one place, and the open proposals that want it."""

    mentor: UUID
    matches: tuple[UUID, ...]
    member_persons: tuple[UUID, ...]


def contests(alongside: Alongside, number: int, *, members: int, withdrawals_end_them: bool = True) -> list[Contest]:
    """Store so many contests, each of so many members, in one append.

    Ledgers that know nothing of the proposals leave them open when their people withdraw.
    """
    held, round_id = Programme.start(f"check-{uuid4().hex[:12]}", uuid4(), Policy(), at=AT, by=BY), uuid4()
    programme, stored = held.id, list[Aggregate]([held])
    found = []
    for _ in range(number):
        mentor = Mentor.register(uuid4(), programme, MENTOR, at=AT, by=BY)
        wanting = [Member.register(uuid4(), programme, MEMBER, at=AT, by=BY) for _ in range(members)]
        matches = [
            Match.propose(round_id, member, mentor, fit=1, explanation=EXPLANATION, at=AT, by=BY) for member in wanting
        ]
        persons = tuple(member.person_id for member in wanting)
        ledgers = [_willing(person) for person in (mentor.person_id, *persons)]
        for match, ledger in zip(matches, ledgers[1:] if withdrawals_end_them else (), strict=withdrawals_end_them):
            _propose(match, ledgers[0], ledger)
        stored += [mentor, *wanting, *matches, *ledgers]
        found.append(Contest(mentor.id, tuple(match.id for match in matches), persons))
    alongside.save(*stored)
    return found


def register_mentors(alongside: Alongside, persons: Sequence[UUID]) -> None:
    """Store a mentor for each of these people, in one append; nothing is known of their consents."""
    programme = UUID(int=1)
    alongside.save(*(Mentor.register(person, programme, MENTOR, at=AT, by=BY) for person in persons))


def _propose(match: Match, mentor: ConsentLedger, member: ConsentLedger) -> None:
    for ledger, other in ((mentor, member), (member, mentor)):
        ledger.rely_on(
            ROUND_NEEDS,
            act=MATCH_PROPOSED,
            reference=match.id,
            counterpart=other.person_id,
            at=AT,
            judged_at=AT,
            by=BY,
        )


def _willing(person: UUID) -> ConsentLedger:
    ledger = ConsentLedger.of(person)
    for purpose in APPROVAL_NEEDS:
        ledger.grant(purpose, method=Method.WEB, at=AT, by=BY)
    return ledger
