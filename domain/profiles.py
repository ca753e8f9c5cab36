"""What members and mentors say of themselves: the facts that matching works with. All of it is personal."""

from datetime import date
from typing import Self

import msgspec

from domain.availability import Calendar
from domain.contact import ContactDetails
from domain.values import (
    Boundary,
    ContactMode,
    LivedExperience,
    Need,
    Preferences,
    Role,
    Training,
    Urgency,
    WeeklyWindow,
)


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """What every person says: `ref` is the organisation's own reference, `handle` the name others may see.

    `availability` is the usual week, `calendar` what differs from it; it was not asked for at first.
    `name`, `phone` and `email` are for the other side of a match once both accepted, and were not asked for at first.
    """

    ref: str
    handle: str
    time_zone: str
    languages: tuple[str, ...]
    lived_experience: tuple[LivedExperience, ...]
    contact_modes: tuple[ContactMode, ...]
    availability: tuple[WeeklyWindow, ...]
    boundaries: tuple[Boundary, ...] = ()
    gender: str | None = None
    age: int | None = None
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    calendar: Calendar = Calendar()

    @property
    def contact(self) -> ContactDetails:
        """How the person can be reached."""
        return ContactDetails(name=self.name, phone=self.phone, email=self.email)

    def reached_by(self, contact: ContactDetails) -> Self:
        """Give the profile with these contact details."""
        return msgspec.structs.replace(self, name=contact.name, phone=contact.phone, email=contact.email)


class MemberProfile(Profile, frozen=True, kw_only=True):
    """What a person who seeks support says; languages stand in order of preference."""

    needs: tuple[Need, ...]
    waiting_since: date
    preferences: Preferences = Preferences()

    @property
    def urgency(self) -> Urgency:
        """The most pressing of the needs; the least, where they cannot be read."""
        order = list(Urgency)
        return min((need.urgency for need in self.needs), key=order.index, default=order[-1])


class MentorProfile(Profile, frozen=True, kw_only=True):
    """What a mentor or peer navigator can take on: `offers` are need codes, `capacity` is a number of members."""

    role: Role
    offers: tuple[str, ...]
    capacity: int
    training: Training
    supervisor: str
