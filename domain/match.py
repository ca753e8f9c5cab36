"""A match of a member with a mentor: proposed by a round, decided by a coordinator."""

import unicodedata
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

import msgspec

from domain.aggregate import Aggregate
from domain.consent import Reliance
from domain.errors import InvalidValue, MatchAlreadyDecided
from domain.events import Event, Personal
from domain.identity import match_id
from domain.member import Member
from domain.mentor import Mentor
from domain.purposes import Purpose

LONGEST_REASON = 500
APPROVAL_NEEDS = (Purpose.MATCH_CONSIDER, Purpose.MATCH_PROPOSE)

_LAYOUT = "\t\n\r"
_NOT_WRITING = {"Cc", "Cs"}  # Unicode's control characters, and halves of a character that no UTF-8 can hold

_OF_BOTH = Personal("member_person_id", "mentor_person_id")


class MatchStatus(StrEnum):
    """Where a match stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"
    REPLACED = "replaced"
    VOIDED = "voided"
    CLOSED = "closed"


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Why a round proposed a pair: only what entered the objective.

    `points` has each term of the fit by name, `rank` is that of the member's urgency and wait, `place` counts the
    mentor's places from 1, open matches included, and `evenness` is what that place cost.
    """

    stated_needs: tuple[str, ...]
    covered_needs: tuple[str, ...]
    shared_experience: tuple[str, ...]
    shared_languages: tuple[str, ...]
    first_language_shared: bool
    shared_contact_modes: tuple[str, ...]
    shared_minutes: int
    points: dict[str, int]
    keep_bonus: int
    rank: int
    place: int
    capacity: int
    evenness: int


class Match(Aggregate):
    """Knows the pair, why it was proposed, and what became of it."""

    programme_id: UUID
    round_id: UUID
    member_id: UUID
    mentor_id: UUID
    member_person_id: UUID
    mentor_person_id: UUID
    fit: int
    status: MatchStatus

    class Proposed(Event, frozen=True, kw_only=True):
        """A round proposed this pair."""

        TOPIC = "match.proposed"
        programme_id: UUID
        round_id: UUID
        member_id: UUID
        mentor_id: UUID
        member_person_id: UUID
        mentor_person_id: UUID
        fit: int
        explanation: Annotated[Explanation, _OF_BOTH]

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.programme_id = self.programme_id
            aggregate.round_id = self.round_id
            aggregate.member_id = self.member_id
            aggregate.mentor_id = self.mentor_id
            aggregate.member_person_id = self.member_person_id
            aggregate.mentor_person_id = self.mentor_person_id
            aggregate.fit = self.fit
            aggregate.status = MatchStatus.PROPOSED

    class ProposedAgain(Event, frozen=True, kw_only=True):
        """A later round came to the same pair: the open proposal stays."""

        TOPIC = "match.proposed-again"
        round_id: UUID
        member_person_id: UUID
        mentor_person_id: UUID
        fit: int
        explanation: Annotated[Explanation, _OF_BOTH]

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.round_id = self.round_id
            aggregate.fit = self.fit

    class Replaced(Event, frozen=True, kw_only=True):
        """A later round came to other pairs: the proposal is no longer open."""

        TOPIC = "match.replaced"
        round_id: UUID

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.status = MatchStatus.REPLACED

    class Approved(Event, frozen=True, kw_only=True):
        """A coordinator approved the match, on these consents."""

        TOPIC = "match.approved"
        relied_on: tuple[Reliance, ...]

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.status = MatchStatus.APPROVED

    class Declined(Event, frozen=True, kw_only=True):
        """A coordinator declined the match; the pair is not proposed again."""

        TOPIC = "match.declined"
        member_person_id: UUID
        mentor_person_id: UUID
        reason: Annotated[str, _OF_BOTH]

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.status = MatchStatus.DECLINED

    class Voided(Event, frozen=True, kw_only=True):
        """The proposal is no longer possible; why is nobody's business but the person's."""

        TOPIC = "match.voided"

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.status = MatchStatus.VOIDED

    class Closed(Event, frozen=True, kw_only=True):
        """The match ended."""

        TOPIC = "match.closed"

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.status = MatchStatus.CLOSED

    @classmethod
    def propose(
        cls,
        round_id: UUID,
        member: Member,
        mentor: Mentor,
        *,
        fit: int,
        explanation: Explanation,
        at: datetime,
        by: str,
    ) -> Self:
        """Propose a pair in a round."""
        match = cls(match_id(round_id, member.id, mentor.id))
        match.record(
            cls.Proposed(
                programme_id=member.programme_id,
                round_id=round_id,
                member_id=member.id,
                mentor_id=mentor.id,
                member_person_id=member.person_id,
                mentor_person_id=mentor.person_id,
                fit=fit,
                explanation=explanation,
                at=at,
                by=by,
            ),
        )
        return match

    def propose_again(self, round_id: UUID, fit: int, explanation: Explanation, *, at: datetime, by: str) -> None:
        """Stay proposed in a later round."""
        self.must_be_open()
        self.record(
            self.ProposedAgain(
                round_id=round_id,
                member_person_id=self.member_person_id,
                mentor_person_id=self.mentor_person_id,
                fit=fit,
                explanation=explanation,
                at=at,
                by=by,
            ),
        )

    def replace(self, round_id: UUID, *, at: datetime, by: str) -> None:
        """Give way to the proposals of a later round."""
        self.must_be_open()
        self.record(self.Replaced(round_id=round_id, at=at, by=by))

    def approve(self, relied_on: tuple[Reliance, ...], *, at: datetime, by: str) -> None:
        """Approve the proposal; `relied_on` names the consents that allowed it."""
        self.must_be_open()
        self.record(self.Approved(relied_on=relied_on, at=at, by=by))

    def decline(self, reason: str, *, at: datetime, by: str) -> None:
        """Decline the proposal, with a reason in the coordinator's words."""
        self.must_be_open()
        reason = reason.strip()
        if not 1 <= len(reason) <= LONGEST_REASON:
            raise InvalidValue(f"A reason has 1 to {LONGEST_REASON} characters.")
        if not all(map(_is_writing, reason)):
            raise InvalidValue("A reason is text without control characters.")
        self.record(
            self.Declined(
                member_person_id=self.member_person_id,
                mentor_person_id=self.mentor_person_id,
                reason=reason,
                at=at,
                by=by,
            ),
        )

    def end(self, *, at: datetime, by: str) -> None:
        """End it where it stands: an open proposal is voided, an approved match closed; anything else has ended."""
        if self.status == MatchStatus.PROPOSED:
            self.record(self.Voided(at=at, by=by))
        elif self.status == MatchStatus.APPROVED:
            self.record(self.Closed(at=at, by=by))

    def must_be_open(self) -> None:
        """Raise `MatchAlreadyDecided` unless the proposal waits for a decision."""
        if self.status != MatchStatus.PROPOSED:
            raise MatchAlreadyDecided(f"This proposal is no longer open: it is {self.status}.")


def _is_writing(character: str) -> bool:
    return character in _LAYOUT or unicodedata.category(character) not in _NOT_WRITING
