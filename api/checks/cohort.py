"""Who takes their word back? Mentors, each with one member who accepted them and one who is only proposed to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

import msgspec

from api.checks.people import AT, BY, EXPLANATION, MEMBER, MENTOR, NOT_SOLVED, Applicant
from domain.application import Alongside
from domain.explanation import Explanation
from domain.identity import ledger_id, member_id, mentor_id, person_id
from domain.match import Side
from domain.member import Member
from domain.mentor import Mentor
from domain.pool import Pool
from domain.profiles import MemberProfile, MentorProfile
from domain.programme import Programme
from domain.purposes import Purpose
from domain.recording import Outcome, Proposal
from domain.values import Facet, Need, Urgency, WeeklyWindow

AGREED: Final = (Purpose.MATCH_CONSIDER, Purpose.MATCH_PROPOSE, Purpose.CONTACT_SHARE)

_HOURS: Final = (WeeklyWindow(0, 60, 180),)


@dataclass(frozen=True)
class Trial:
    """A mentor, the member who accepted them, and the one who is proposed to them: persons, then matches.

    The marks are codes that stand in what the mentor, and the member proposed, said of themselves and nobody else did.
    """

    mentor: UUID
    accepted: UUID
    proposed: UUID
    match: UUID
    proposal: UUID
    mentors_mark: str
    members_mark: str


class Cohort:
    """The people of so many trials, in a programme of their own; the last pair of them stays as it is.

    `pool` is the programme as it was read before anybody took anything back.
    """

    def __init__(self, alongside: Alongside, number: int) -> None:
        self._alongside = alongside
        slug = f"check-{uuid4().hex[:12]}"
        mentors, members = range(number + 1), range(2 * number + 1)
        rows = [_member(n) for n in members], [_mentor(n) for n in mentors]
        alongside.enrol(slug, *rows, at=AT, by=BY)
        self.programme = alongside.programme(slug)
        self._mentors = [person_id(self.programme.namespace, f"T-{n}") for n in mentors]
        self._members = [person_id(self.programme.namespace, f"S-{n}") for n in members]
        self.staying = self._members[-1]
        pairs = [(self._members[n], self._mentors[n]) for n in range(number)]
        pairs += [(self._members[number + n], self._mentors[n]) for n in range(number)]
        matches = self._propose(self._pool(), pairs)
        self.trials = [self._trial(n, matches[pairs[n]], matches[pairs[number + n]]) for n in range(number)]
        self._pairs = [*pairs[number:], (self._members[-1], self._mentors[-1])]
        self.pool = self._pool()

    def hold_round(self) -> set[UUID]:
        """Record what was solved over the pool as it was before; give the members who are proposed to somebody."""
        return {member for member, _ in self._propose(self.pool, self._pairs)}

    def _trial(self, n: int, match: UUID, proposal: UUID) -> Trial:
        self._alongside.approve(match, at=AT, by=BY)
        for side in Side:
            self._alongside.accept_match(match, side, at=AT, by=side)
        proposed = self._members[len(self._mentors) - 1 + n]
        marks = _mark("offer", n), _mark("need", len(self._mentors) - 1 + n)
        return Trial(self._mentors[n], self._members[n], proposed, match, proposal, *marks)

    def _propose(self, pool: Pool, pairs: Sequence[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], UUID]:
        proposals = [
            Proposal(member_id(member), mentor_id(mentor), 1, self._why(pool, member)) for member, mentor in pairs
        ]
        outcome = Outcome(pool, AT.date(), NOT_SOLVED, proposals, {})
        _, matches = self._alongside.hold_round(outcome, at=AT, by=BY)
        return {(match.member_person_id, match.mentor_person_id): match.id for match in matches}

    def _why(self, pool: Pool, member: UUID) -> Explanation:
        stated = tuple(need.code for need in pool.members[member_id(member)].profile.needs)
        return msgspec.structs.replace(EXPLANATION, stated_needs=stated)

    def _pool(self) -> Pool:
        """Read this programme's people alone: what the log holds of all others is not read for each cohort again."""
        persons = {ledger_id(person): person for person in (*self._members, *self._mentors)}
        ledgers = {stream: self._alongside.ledger(person) for stream, person in persons.items()}
        members = self._alongside.load_all(Member, [member_id(person) for person in self._members])
        mentors = self._alongside.load_all(Mentor, [mentor_id(person) for person in self._mentors])
        programme = self._alongside.load(Programme, self.programme.id)
        return Pool(programme, self._alongside.log.head(), members, mentors, ledgers, {})


def _mark(what: str, n: int) -> str:
    return f"{what}{n}x"


def _member(n: int) -> Applicant[MemberProfile]:
    need = Need(_mark("need", n), Facet.PRACTICAL, Urgency.SOON)
    names = {"ref": f"S-{n}", "handle": f"Raven {n}", "phone": f"+44 7700 9{n:05}"}
    return Applicant(msgspec.structs.replace(MEMBER, **names, needs=(need,)), AGREED)


def _mentor(n: int) -> Applicant[MentorProfile]:
    names = {"ref": f"T-{n}", "handle": f"Owl {n}", "phone": f"+44 7701 9{n:05}"}
    offers = (_mark("offer", n),)
    profile = msgspec.structs.replace(MENTOR, **names, offers=offers, capacity=9, availability=_HOURS)
    return Applicant(profile, AGREED)
