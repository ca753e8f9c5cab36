"""A member: a person who seeks support, waits for it, and is matched."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from domain.aggregate import Aggregate
from domain.contact import ContactDetails
from domain.errors import AlreadyMatched, PersonErased
from domain.events import Event, Personal
from domain.identity import member_id
from domain.profiles import MemberProfile
from domain.purposes import READABLE, Field


class Member(Aggregate):
    """Knows what the member said of themselves and the match they are in."""

    person_id: UUID
    programme_id: UUID
    profile: MemberProfile
    match_id: UUID | None = None
    is_erased: bool = False
    withheld: frozenset[Field] = frozenset()

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
            aggregate.withheld = frozenset()

    class ContactChanged(Event, frozen=True, kw_only=True):
        """The member can be reached in this way, and in no other."""

        TOPIC = "member.contact-changed"
        person_id: UUID
        contact: Annotated[ContactDetails, Personal()]

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.profile = aggregate.profile.reached_by(self.contact)

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

    class Withheld(Event, frozen=True, kw_only=True):
        """No coordinator may read these fields of the member any more (none named: any): what shows them loses them."""

        TOPIC = "member.withheld"
        person_id: UUID
        fields: tuple[Field, ...] | None = None

        @property
        def hidden(self) -> frozenset[Field]:
            """The fields that are withheld, each by name."""
            return READABLE if self.fields is None else frozenset(self.fields)

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.withheld = self.hidden

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
            withheld = self.withheld
            self.record(self.ProfileRevised(person_id=self.person_id, profile=profile, at=at, by=by))
            self.withhold(withheld, at=at, by=by)

    def change_contact(self, contact: ContactDetails, *, at: datetime, by: str) -> None:
        """Be reached in this way, and in no other."""
        self._must_be_here()
        if contact != self.profile.contact:
            self.record(self.ContactChanged(person_id=self.person_id, contact=contact, at=at, by=by))

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

    def withhold(self, fields: frozenset[Field], *, at: datetime, by: str) -> None:
        """Let no coordinator read these fields of what the member said, and let the others be read by those who may."""
        if self.is_erased:
            return
        if self.withheld - fields:  # what may be read again comes back with the whole profile
            self.record(self.ProfileRevised(person_id=self.person_id, profile=self.profile, at=at, by=by))
        if fields != self.withheld:
            named = None if fields == READABLE else tuple(sorted(fields))
            self.record(self.Withheld(person_id=self.person_id, fields=named, at=at, by=by))

    def erase(self, *, at: datetime, by: str) -> None:
        """Take part no more."""
        self._must_be_here()
        self.record(self.Erased(person_id=self.person_id, at=at, by=by))

    def _must_be_here(self) -> None:
        if self.is_erased:
            raise PersonErased("This person was erased.")
