"""A match of a member with a mentor: proposed by a round, decided by a coordinator, accepted by the two."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

from domain.aggregate import Aggregate
from domain.consent import Reliance
from domain.errors import MatchAlreadyDecided, NoLongerAvailable, UnknownMatch
from domain.events import Event, Personal
from domain.explanation import Explanation
from domain.identity import match_id
from domain.member import Member
from domain.mentor import Mentor
from domain.purposes import Purpose
from domain.reasons import reason_as_written
from domain.standing_hour import StandingHour

NO_LONGER_AVAILABLE = "This is no longer available."
APPROVAL_NEEDS = (Purpose.MATCH_CONSIDER, Purpose.MATCH_PROPOSE)

_OF_BOTH = Personal("member_person_id", "mentor_person_id")


class MatchStatus(StrEnum):
    """Where a match stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REPLACED = "replaced"
    VOIDED = "voided"
    CLOSED = "closed"


class Side(StrEnum):
    """Which of the two of a match somebody is."""

    MEMBER = "member"
    MENTOR = "mentor"


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
    accepted_by: frozenset[Side] = frozenset()
    is_unwanted: bool = False
    standing_hour: StandingHour | None = None

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
            aggregate.standing_hour = self.explanation.standing_hour
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
            aggregate.standing_hour = self.explanation.standing_hour

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

    class Accepted(Event, frozen=True, kw_only=True):
        """One of the two accepted the match; `is_mutual` if the other had accepted before."""

        TOPIC = "match.accepted"
        side: Side
        is_mutual: bool

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.accepted_by |= {self.side}
            if self.is_mutual:
                aggregate.status = MatchStatus.ACCEPTED

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

    class Left(Event, frozen=True, kw_only=True):
        """One of the two did not want this match, or no longer: it ended, and the pair is not proposed again."""

        TOPIC = "match.left"
        side: Side

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.status = MatchStatus.CLOSED
            aggregate.is_unwanted = True

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
        self.record(
            self.Declined(
                member_person_id=self.member_person_id,
                mentor_person_id=self.mentor_person_id,
                reason=reason_as_written(reason),
                at=at,
                by=by,
            ),
        )

    @property
    def is_accepted(self) -> bool:
        """Whether both sides accepted it and it has not ended."""
        return self.status == MatchStatus.ACCEPTED

    @property
    def is_approved(self) -> bool:
        """Whether it was approved and has not ended."""
        return self.status in {MatchStatus.APPROVED, MatchStatus.ACCEPTED}

    def persons(self, side: Side) -> tuple[UUID, UUID]:
        """Give the person on a side, and the person on the other."""
        member, mentor = self.member_person_id, self.mentor_person_id
        return (member, mentor) if side == Side.MEMBER else (mentor, member)

    def accept(self, side: Side, *, at: datetime, by: str) -> None:
        """Accept the match on one side; accepted twice, it stays as it is."""
        self.must_be_met()
        if side not in self.accepted_by:
            self.record(self.Accepted(side=side, is_mutual=bool(self.accepted_by), at=at, by=by))

    def leave(self, side: Side, *, at: datetime, by: str) -> None:
        """End the match on the word of one side."""
        self.must_be_met()
        self.record(self.Left(side=side, at=at, by=by))

    def end(self, *, at: datetime, by: str) -> None:
        """End it where it stands: an open proposal is voided, an approved match closed; anything else has ended."""
        if self.status == MatchStatus.PROPOSED:
            self.record(self.Voided(at=at, by=by))
        elif self.is_approved:
            self.record(self.Closed(at=at, by=by))

    def must_have_been_met(self) -> None:
        """Raise `UnknownMatch` if it was never approved: of a mere proposal the two know nothing."""
        if not (self.is_approved or self.status == MatchStatus.CLOSED):
            raise UnknownMatch("There is no such match.")

    def must_be_met(self) -> None:
        """Raise `NoLongerAvailable` if it has ended, `UnknownMatch` if it was never approved."""
        self.must_have_been_met()
        if not self.is_approved:
            raise NoLongerAvailable(NO_LONGER_AVAILABLE)

    def must_be_available(self) -> None:
        """Raise `NoLongerAvailable` if it was voided, whatever version of it somebody has read."""
        if self.status == MatchStatus.VOIDED:
            raise NoLongerAvailable("This proposal is no longer available.")

    def must_be_open(self) -> None:
        """Raise `NoLongerAvailable` or `MatchAlreadyDecided` unless the proposal waits for a decision."""
        self.must_be_available()
        if self.status != MatchStatus.PROPOSED:
            raise MatchAlreadyDecided(f"This proposal is no longer open: it is {self.status}.")
