"""What does matching know of a person who waits, and of one who mentors?"""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

DAYS_A_WEEK: Final = 7
MINUTES_A_DAY: Final = 24 * 60
HOURS_A_WEEK: Final = 7 * 24
URGENCIES: Final = ("urgent", "soon", "routine")
ANY_GENDER: Final = "any"
SAME_GENDER: Final = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A stretch of every week: day 0 is Monday, minutes count from local midnight, 0 <= start < end <= 1440."""

    day: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """Hours on the days of a rule of RFC 5545 (`matching.recurrence`), counted from the day `first` on."""

    rule: str
    first: date
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Days without any hours, both ends included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraHours:
    """Hours on one day beside those of the week."""

    on: date
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What differs from the usual week. All days are those of the person's own clock; an absence outweighs the rest."""

    recurring: tuple[Recurrence, ...] = ()
    absences: tuple[Absence, ...] = ()
    extra: tuple[ExtraHours, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether every week is the usual one."""
        return not (self.recurring or self.absences or self.extra)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who waits for a mentor.

    `person` says who it is across both sides, so that nobody is matched with themselves. `availability` is the usual
    week, `calendar` what differs from it. `languages` stand in order of preference. Boundaries read all of
    `lived_experience`; the fit reads only `matchable`, a part of it. `mentor_gender` is `any`, `same` or a gender.
    """

    id: str
    person: str
    urgency: str
    waiting_since: date
    needs: tuple[str, ...]
    lived_experience: frozenset[str]
    matchable: frozenset[str]
    languages: tuple[str, ...]
    contact_modes: frozenset[str]
    availability: tuple[Window, ...]
    time_zone: str
    gender: str | None = None
    age: int | None = None
    avoid_topics: frozenset[str] = frozenset()
    mentor_gender: str = ANY_GENDER
    calendar: Calendar = field(default_factory=Calendar)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentor:
    """Somebody with `capacity` places, of which `open` are taken by open matches.

    `matchable` is the part of `lived_experience` that may count for the fit and be told as a reason. `open_hours` are
    the standing hours of open matches, 0 to 167 from Monday 0:00 on the mentor's clock; they matter where the policy
    has standing hours.
    """

    id: str
    person: str
    languages: tuple[str, ...]
    contact_modes: frozenset[str]
    availability: tuple[Window, ...]
    time_zone: str
    offers: frozenset[str]
    lived_experience: frozenset[str]
    matchable: frozenset[str]
    capacity: int
    open: int
    gender: str | None = None
    age: int | None = None
    declined_topics: frozenset[str] = frozenset()
    calendar: Calendar = field(default_factory=Calendar)
    open_hours: frozenset[int] = frozenset()
