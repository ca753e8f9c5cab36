"""A member: a person who seeks support, waits for it, and is matched."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from domain.aggregate import Aggregate
from domain.errors import AlreadyMatched, PersonErased
from domain.events import Event, Personal
from domain.identity import member_id
from domain.profiles import MemberProfile


class Member(Aggregate):
    """Knows what the member said of themselves and the match they are in."""

    person_id: UUID
    programme_id: UUID
    profile: MemberProfile
    match_id: UUID | None = None
    is_erased: bool = False

    class Registered(Event, frozen=True, kw_only=True):
        """A person asked for support."""

        TOPIC = "member.registered"
        person_id: UUID
        programme_id: UUID
        profile: Annotated[MemberProfile, Personal()]

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.person_id = self.person_id
            aggregate.programme_id = self.programme_id
            aggregate.profile = self.profile

    class ProfileRevised(Event, frozen=True, kw_only=True):
        """What the member says of themselves is now this."""

        TOPIC = "member.profile-revised"
        person_id: UUID
        profile: Annotated[MemberProfile, Personal()]

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.profile = self.profile

    class Matched(Event, frozen=True, kw_only=True):
        """A match with the member was approved: they no longer wait."""

        TOPIC = "member.matched"
        match_id: UUID

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.match_id = self.match_id

    class Unmatched(Event, frozen=True, kw_only=True):
        """The match ended: the member waits again."""

        TOPIC = "member.unmatched"
        match_id: UUID

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.match_id = None

    class Erased(Event, frozen=True, kw_only=True):
        """Everything the member said of themselves was destroyed, and they take part no more."""

        TOPIC = "member.erased"
        person_id: UUID

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.is_erased = True

    @classmethod
    def register(cls, person: UUID, programme: UUID, profile: MemberProfile, *, at: datetime, by: str) -> Self:
        """Let a person wait for support."""
        member = cls(member_id(person))
        member.record(cls.Registered(person_id=person, programme_id=programme, profile=profile, at=at, by=by))
        return member

    def revise(self, profile: MemberProfile, *, at: datetime, by: str) -> None:
        """Replace what the member says of themselves."""
        self._must_be_here()
        if profile != self.profile:
            self.record(self.ProfileRevised(person_id=self.person_id, profile=profile, at=at, by=by))

    def match(self, match: UUID, *, at: datetime, by: str) -> None:
        """Stop waiting, because this match was approved."""
        self._must_be_here()
        if self.match_id is not None:
            raise AlreadyMatched("This member is already matched with someone else.")
        self.record(self.Matched(match_id=match, at=at, by=by))

    def unmatch(self, match: UUID, *, at: datetime, by: str) -> None:
        """Wait again, if this is the match they were in."""
        if self.match_id == match:
            self.record(self.Unmatched(match_id=match, at=at, by=by))

    def erase(self, *, at: datetime, by: str) -> None:
        """Take part no more."""
        self._must_be_here()
        self.record(self.Erased(person_id=self.person_id, at=at, by=by))

    def _must_be_here(self) -> None:
        if self.is_erased:
            raise PersonErased("This person was erased.")
