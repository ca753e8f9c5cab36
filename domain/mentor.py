"""A mentor or peer navigator: a trained person with lived experience, who can take on a number of members."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

import msgspec

from domain.aggregate import Aggregate
from domain.availability import Calendar, calendar_of
from domain.contact import ContactDetails
from domain.errors import (
    CaseloadFull,
    InvalidValue,
    MentorAlreadyPaused,
    MentorNotInStanding,
    MentorNotPaused,
    PersonErased,
)
from domain.events import Event, Personal
from domain.identity import mentor_id
from domain.profiles import MentorProfile
from domain.purposes import READABLE, Field
from domain.values import WeeklyWindow

MOST_PLACES = 100


class Mentor(Aggregate):
    """Knows what the mentor offers, the places they have, and which are taken."""

    person_id: UUID
    programme_id: UUID
    profile: MentorProfile
    is_paused: bool = False
    paused_until: date | None = None
    is_erased: bool = False
    withheld: frozenset[Field] = frozenset()

    def __init__(self, id: UUID) -> None:  # noqa: A002
        super().__init__(id)
        self.caseload: dict[UUID, UUID] = {}  # match -> member

    class Registered(Event, frozen=True, kw_only=True):
        """A trained person offered to take on members."""

        TOPIC = "mentor.registered"
        person_id: UUID
        programme_id: UUID
        profile: Annotated[MentorProfile, Personal()]

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.person_id = self.person_id
            aggregate.programme_id = self.programme_id
            aggregate.profile = self.profile

    class ProfileRevised(Event, frozen=True, kw_only=True):
        """What the mentor says of themselves is now this."""

        TOPIC = "mentor.profile-revised"
        person_id: UUID
        profile: Annotated[MentorProfile, Personal()]

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.profile = self.profile
            aggregate.withheld = frozenset()

    class ContactChanged(Event, frozen=True, kw_only=True):
        """The mentor can be reached in this way, and in no other."""

        TOPIC = "mentor.contact-changed"
        person_id: UUID
        contact: Annotated[ContactDetails, Personal()]

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.profile = aggregate.profile.reached_by(self.contact)

    class AvailabilityChanged(Event, frozen=True, kw_only=True):
        """The mentor has these hours of the week for members."""

        TOPIC = "mentor.availability-changed"
        person_id: UUID
        availability: Annotated[tuple[WeeklyWindow, ...], Personal()]

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.profile = msgspec.structs.replace(aggregate.profile, availability=self.availability)

    class CalendarChanged(Event, frozen=True, kw_only=True):
        """This differs from the mentor's usual week: recurring hours, days away, hours of one day."""

        TOPIC = "mentor.calendar-changed"
        person_id: UUID
        calendar: Annotated[Calendar, Personal()]

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.profile = msgspec.structs.replace(aggregate.profile, calendar=self.calendar)

    class CapacityChanged(Event, frozen=True, kw_only=True):
        """The mentor can take on so many members in all."""

        TOPIC = "mentor.capacity-changed"
        person_id: UUID
        capacity: Annotated[int, Personal()]

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.profile = msgspec.structs.replace(aggregate.profile, capacity=self.capacity)

    class Paused(Event, frozen=True, kw_only=True):
        """The mentor takes no new members until a day, or until further notice; present matches stay."""

        TOPIC = "mentor.paused"
        until: date | None

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.is_paused = True
            aggregate.paused_until = self.until

    class Resumed(Event, frozen=True, kw_only=True):
        """The mentor takes new members again."""

        TOPIC = "mentor.resumed"

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.is_paused = False
            aggregate.paused_until = None

    class PlaceReserved(Event, frozen=True, kw_only=True):
        """A place of the mentor was given to a member."""

        TOPIC = "mentor.place-reserved"
        match_id: UUID
        member_id: UUID

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.caseload[self.match_id] = self.member_id

    class PlaceReleased(Event, frozen=True, kw_only=True):
        """A match of the mentor ended: the place is free again."""

        TOPIC = "mentor.place-released"
        match_id: UUID

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            del aggregate.caseload[self.match_id]

    class Withheld(Event, frozen=True, kw_only=True):
        """No coordinator may read these fields of the mentor any more (none named: any): what shows them loses them."""

        TOPIC = "mentor.withheld"
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
        """Everything the mentor said of themselves was destroyed, and they take part no more."""

        TOPIC = "mentor.erased"
        person_id: UUID

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.is_erased = True

    @classmethod
    def register(cls, person: UUID, programme: UUID, profile: MentorProfile, *, at: datetime, by: str) -> Self:
        """Let a trained person take on members."""
        mentor = cls(mentor_id(person))
        mentor.record(cls.Registered(person_id=person, programme_id=programme, profile=profile, at=at, by=by))
        return mentor

    @property
    def places(self) -> int:
        """How many more members the mentor can take on."""
        return max(0, self.profile.capacity - len(self.caseload))

    def is_paused_on(self, day: date) -> bool:
        """Say whether the mentor takes no new members on this day; `paused_until` is the day they are back."""
        return self.is_paused and (self.paused_until is None or day < self.paused_until)

    def is_trained_on(self, day: date) -> bool:
        """Say whether the training is valid on this day."""
        return day <= self.profile.training.valid_until

    def revise(self, profile: MentorProfile, *, at: datetime, by: str) -> None:
        """Replace what the mentor says of themselves."""
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

    def change_availability(self, availability: tuple[WeeklyWindow, ...], *, at: datetime, by: str) -> None:
        """Have these hours of the week for members, and no others."""
        self._must_be_here()
        if availability != self.profile.availability:
            self.record(
                self.AvailabilityChanged(person_id=self.person_id, availability=availability, at=at, by=by),
            )

    def change_calendar(self, calendar: Calendar, *, at: datetime, by: str) -> None:
        """Let this differ from the usual week, and nothing else. Raises `InvalidValue` for what cannot be."""
        self._must_be_here()
        calendar = calendar_of(calendar.dated)
        if calendar != self.profile.calendar:
            self.record(self.CalendarChanged(person_id=self.person_id, calendar=calendar, at=at, by=by))

    def change_capacity(self, capacity: int, *, at: datetime, by: str) -> None:
        """Take on so many members in all; those already matched stay, even if they are more."""
        self._must_be_here()
        if not 0 <= capacity <= MOST_PLACES:
            raise InvalidValue(f"The number of members a mentor can take on is from 0 to {MOST_PLACES}.")
        if capacity != self.profile.capacity:
            self.record(self.CapacityChanged(person_id=self.person_id, capacity=capacity, at=at, by=by))

    def pause(self, until: date | None, *, at: datetime, by: str) -> None:
        """Take no new members until a day; present matches stay."""
        self._must_be_here()
        if until is not None and until <= at.date():
            raise InvalidValue("The day on which a pause ends lies after today.")
        if self.is_paused_on(at.date()) and until == self.paused_until:
            raise MentorAlreadyPaused("You are already paused until then.")
        self.record(self.Paused(until=until, at=at, by=by))

    def resume(self, *, at: datetime, by: str) -> None:
        """Take new members again."""
        self._must_be_here()
        if not self.is_paused:
            raise MentorNotPaused("There is no pause to end.")
        self.record(self.Resumed(at=at, by=by))

    def reserve_place(self, match: UUID, member: UUID, *, at: datetime, by: str) -> None:
        """Give a place to a member, if there is one and the mentor may take new members on this day."""
        self._must_be_here()
        if self.is_paused_on(at.date()):
            raise MentorNotInStanding("This mentor has paused and takes no new members.")
        if not self.is_trained_on(at.date()):
            raise MentorNotInStanding("This mentor's training has lapsed.")
        if self.places == 0:
            raise CaseloadFull("This mentor has no place left.")
        self.record(self.PlaceReserved(match_id=match, member_id=member, at=at, by=by))

    def release_place(self, match: UUID, *, at: datetime, by: str) -> None:
        """Have the place of a match free again, if it was one of this mentor's."""
        if match in self.caseload:
            self.record(self.PlaceReleased(match_id=match, at=at, by=by))

    def withhold(self, fields: frozenset[Field], *, at: datetime, by: str) -> None:
        """Let no coordinator read these fields of what the mentor said, and let the others be read by those who may."""
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
