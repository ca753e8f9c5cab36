"""Starting states by name, built on each other. A test names only what it is about: `a_member(ref="S-2", age=40)`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from api.moment import Moment
from api.service import Service
from domain.access import Actor
from domain.explanation import Explanation
from domain.identity import member_id, mentor_id, person_id
from domain.match import Match
from domain.member import Member
from domain.mentor import Mentor
from domain.profiles import MemberProfile, MentorProfile, Profile
from domain.programme import Programme
from domain.purposes import Purpose
from domain.recording import Outcome, Proposal
from domain.round import Findings
from domain.values import (
    ContactMode,
    Facet,
    LivedExperience,
    Need,
    Role,
    Training,
    Urgency,
    WeeklyWindow,
)

HARBOUR = "harbour"
EVENINGS = (WeeklyWindow(0, 18 * 60, 20 * 60), WeeklyWindow(2, 18 * 60, 20 * 60))
HOUSING = Need("housing", Facet.PRACTICAL, Urgency.SOON)
EXPLANATION = Explanation(
    stated_needs=("housing", "isolation"),
    covered_needs=("housing",),
    shared_experience=("anxiety",),
    shared_languages=("pt", "en"),
    first_language_shared=True,
    shared_contact_modes=("phone", "video"),
    shared_minutes=150,
    points={"needs": 200, "lived-experience": 150, "time": 93, "contact-modes": 50, "first-language": 50, "age": 25},
    keep_bonus=0,
    rank=2,
    place=1,
    capacity=2,
    evenness=0,
)
FINDINGS = Findings(
    problem_sha256="0" * 64,
    solver="by hand",
    members=1,
    mentors=1,
    places=2,
    excluded={},
    feasible_pairs=1,
    objective={"order_of_serving": 1, "served": 1, "fit": 568, "evenness": 0},
    optimal=True,
    weights={},
    member_values={},
    place_prices={},
)


@dataclass(frozen=True)
class Applicant:
    """A person as a roster tells of them."""

    profile: Profile
    consents: tuple[Purpose, ...] = (Purpose.MATCH_CONSIDER, Purpose.MATCH_PROPOSE)
    consented_on: date | None = None


def a_member(*, consents: tuple[Purpose, ...] | None = None, **said: Any) -> Applicant:
    """A member who waits for help with housing; `said` replaces parts of the profile."""
    usual = {"ref": "S-1", "handle": "Plum Raven 1", "needs": (HOUSING,), "waiting_since": date(2026, 1, 1)}
    return _applicant(MemberProfile(**_anybody() | usual | said), consents)


def a_mentor(*, consents: tuple[Purpose, ...] | None = None, **said: Any) -> Applicant:
    """A mentor with two places, trained for years to come; `said` replaces parts of the profile."""
    usual = {
        "ref": "T-1",
        "handle": "Birch Owl 2",
        "role": Role.MENTOR,
        "offers": ("housing", "benefits"),
        "capacity": 2,
        "training": Training(date(2030, 1, 1)),
        "supervisor": "SUP-1",
    }
    return _applicant(MentorProfile(**_anybody() | usual | said), consents)


def enrolled_member(service: Service, moment: Moment, *, programme: str = HARBOUR, **said: Any) -> Member:
    """A member of a programme."""
    applicant = a_member(**said)
    _enrol(service, moment, programme, members=[applicant])
    return service.alongside.load(Member, member_id(_person(service, programme, applicant)))


def enrolled_mentor(service: Service, moment: Moment, *, programme: str = HARBOUR, **said: Any) -> Mentor:
    """A mentor of a programme."""
    applicant = a_mentor(**said)
    _enrol(service, moment, programme, mentors=[applicant])
    return service.alongside.load(Mentor, mentor_id(_person(service, programme, applicant)))


def programme(service: Service, moment: Moment, slug: str = HARBOUR) -> Programme:
    """A programme that somebody is in."""
    enrolled_mentor(service, moment, programme=slug)
    return service.alongside.programme(slug)


def open_matches(service: Service, moment: Moment, pairs: Sequence[tuple[Member, Mentor]]) -> list[Match]:
    """The proposals of a round that came to exactly these pairs, all of one programme, in their order."""
    pool = service.alongside.pool(pairs[0][0].programme_id)
    proposals = [Proposal(member.id, mentor.id, 568, EXPLANATION) for member, mentor in pairs]
    _, matches = service.alongside.hold_round(
        Outcome(pool, moment.today, FINDINGS, proposals, {}), at=moment.at, by="coordinator-1"
    )
    return matches


def open_match(service: Service, moment: Moment, *, programme: str = HARBOUR) -> Match:
    """A proposal that waits for a decision."""
    member = enrolled_member(service, moment, programme=programme)
    mentor = enrolled_mentor(service, moment, programme=programme)
    return open_matches(service, moment, [(member, mentor)])[0]


def approved_match(service: Service, moment: Moment, *, programme: str = HARBOUR) -> Match:
    """A match that a coordinator approved."""
    match = open_match(service, moment, programme=programme)
    return service.alongside.approve(match.id, at=moment.at, by="coordinator-1")


def token_of(service: Service, moment: Moment, role: Actor, whom: Programme | Member | Mentor) -> str:
    """The secret of a token, good for a day: of a programme's coordinator or auditor, or of a person."""
    programme, person = (whom.id, None) if isinstance(whom, Programme) else (whom.programme_id, whom.person_id)
    return service.alongside.issue_token(
        role, f"{role}-1", programme, person, expires_at=moment.at + timedelta(days=1), at=moment.at, by="administrator"
    )


def _anybody() -> dict[str, Any]:
    return {
        "time_zone": "Europe/Lisbon",
        "languages": ("pt", "en"),
        "lived_experience": (LivedExperience("anxiety"),),
        "contact_modes": (ContactMode.PHONE, ContactMode.VIDEO),
        "availability": EVENINGS,
    }


def _applicant(profile: Profile, consents: tuple[Purpose, ...] | None) -> Applicant:
    return Applicant(profile) if consents is None else Applicant(profile, consents)


def _enrol(service: Service, moment: Moment, slug: str, members: Any = (), mentors: Any = ()) -> None:
    service.alongside.enrol(slug, members, mentors, at=moment.at, by="administrator")


def _person(service: Service, slug: str, applicant: Applicant) -> Any:
    return person_id(service.alongside.programme(slug).namespace, applicant.profile.ref)
