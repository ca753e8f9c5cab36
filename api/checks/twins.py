"""Whom does somebody compare themselves with who may be kept away? People and their twins, in several situations.

Both are alike in all that they said and did, and nobody keeps the twin away. Some never met whoever keeps them away;
others were matched with them, as their twin was with somebody who left.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Final
from uuid import UUID

from api.checks.acquaintances import Registration, enrol
from api.checks.people import BY, EXPLANATION, NOT_SOLVED
from api.moment import now
from domain.access import Actor
from domain.application import Alongside
from domain.consent import Method
from domain.identity import member_id, mentor_id, person_id
from domain.match import Side
from domain.recording import Outcome, Proposal

SLUG: Final = "twins"

_LIFE: Final = timedelta(days=1)
_OF_ALL: Final = (
    "/my-consents",
    "/my-blocks",
    "/my-contact",
    "/api/people/{me}/consents",
    "/api/people/{me}/blocks",
    "/api/people/{me}/matches",
    "PUT /api/people/{me}/consents/STATS",
    "PUT /api/people/{me}/contact-details",
)
_OF_MEMBERS: Final = ("/my-match",)
_OF_MENTORS: Final = ("/my-members", "/availability", "/api/mentors/{mentor}")
_OF_A_MATCH: Final = ("/api/people/{me}/matches/{match}", "PUT /api/people/{me}/matches/{match}/acceptance")


@dataclass(frozen=True)
class Visitor:
    """Somebody with a token, and what they can ask for: addresses, after a method if it is not GET."""

    person: UUID
    token: str
    requests: tuple[str, ...]


@dataclass(frozen=True)
class Twins:
    """Somebody who is kept away by another, known by a handle, and their twin; `requests` are the same for both."""

    situation: str
    kept_away: Visitor
    twin: Visitor
    requests: tuple[str, ...]
    blocker_handle: str


@dataclass(frozen=True)
class _Four:
    """Two who are alike, the one who keeps the first away, and the one who at most leaves the other."""

    situation: str
    kept_away: Registration
    twin: Registration
    blocker: Registration
    leaver: Registration
    have_met: bool

    @classmethod
    def of(cls, number: int, *, is_mentor: bool, have_met: bool) -> "_Four":
        """Make up four people."""
        kept_away, twin = (_wren(number, place, is_mentor=is_mentor) for place in "ab")
        blocker, leaver = (_wren(number, place, is_mentor=not is_mentor) for place in "cd")
        situation = f"{_role(twin)} {'whose match ended' if have_met else 'who never met them'}"
        return cls(situation, kept_away, twin, blocker, leaver, have_met)

    @property
    def people(self) -> tuple[Registration, ...]:
        """All four."""
        return self.kept_away, self.twin, self.blocker, self.leaver

    @property
    def met(self) -> Iterable[tuple[Registration, Registration]]:
        """Give who was matched with whom, as member and mentor."""
        pairs = ((self.kept_away, self.blocker), (self.twin, self.leaver)) if self.have_met else ()
        return [(other, one) if one.is_mentor else (one, other) for one, other in pairs]


class Raising:
    """Makes twins of all kinds in a programme of their own."""

    def __init__(self, alongside: Alongside) -> None:
        self._alongside, self._at = alongside, now().at
        self._matches: dict[UUID, UUID] = {}

    def twins(self) -> list[Twins]:
        """Enrol people, match those who have met, and let the first of each twins be kept away."""
        kinds = [(is_mentor, have_met) for is_mentor in (True, False) for have_met in (True, False)]
        fours = [_Four.of(number, is_mentor=kind[0], have_met=kind[1]) for number, kind in enumerate(kinds)]
        people = [who for four in fours for who in four.people]
        enrol(self._alongside, SLUG, people, Random(0), at=self._at)  # noqa: S311 - a test's luck
        self._match([pair for four in fours for pair in four.met])
        for four in fours:
            self._part(four)
        return [self._twins(four) for four in fours]

    def _match(self, pairs: list[tuple[Registration, Registration]]) -> None:
        alongside = self._alongside
        proposals = [
            Proposal(member_id(self._person(member)), mentor_id(self._person(mentor)), 1, EXPLANATION)
            for member, mentor in pairs
        ]
        pool = alongside.pool(alongside.programme(SLUG).id)
        _, matches = alongside.hold_round(Outcome(pool, self._at.date(), NOT_SOLVED, proposals, {}), at=self._at, by=BY)
        for match in matches:
            alongside.approve(match.id, at=self._at, by=BY)
            for person in (match.member_person_id, match.mentor_person_id):
                self._matches[person] = match.id

    def _part(self, four: _Four) -> None:
        alongside, by = self._alongside, _role(four.blocker)
        alongside.block(self._person(four.blocker), four.kept_away.handle, method=Method.WEB, at=self._at, by=by)
        if four.have_met:
            alongside.leave_match(self._matches[self._person(four.leaver)], Side(by), at=self._at, by=by)

    def _twins(self, four: _Four) -> Twins:
        requests = (
            *_OF_ALL,
            *(_OF_MENTORS if four.twin.is_mentor else _OF_MEMBERS),
            *(_OF_A_MATCH if four.have_met else ()),
        )
        return Twins(
            situation=four.situation,
            kept_away=self._visitor(four.kept_away, requests),
            twin=self._visitor(four.twin, requests),
            requests=requests,
            blocker_handle=four.blocker.handle,
        )

    def _visitor(self, who: Registration, requests: tuple[str, ...]) -> Visitor:
        alongside, person = self._alongside, self._person(who)
        programme = alongside.programme(SLUG).id
        token = alongside.issue_token(
            _role(who), None, programme, person, expires_at=self._at + _LIFE, at=self._at, by=BY
        )
        ids = {"me": person, "mentor": mentor_id(person), "match": self._matches.get(person)}
        return Visitor(person, token, tuple(each.format(**ids) for each in requests))

    def _person(self, who: Registration) -> UUID:
        return person_id(self._alongside.programme(SLUG).namespace, who.ref)


def _wren(number: int, place: str, *, is_mentor: bool) -> Registration:
    return Registration(f"W-{number}{place}", number, is_mentor, f"Wren {number}{place}")


def _role(who: Registration) -> Actor:
    return Actor.MENTOR if who.is_mentor else Actor.MEMBER
