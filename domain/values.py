"""The words of the field that are plain values: codes, windows of the week, handles."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Final

import msgspec

from domain.errors import InvalidValue

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MINUTES_A_DAY: Final = 24 * 60


class Role(StrEnum):
    """What a mentor is trained for: emotional support, or finding the way through systems."""

    MENTOR = "mentor"
    PEER_NAVIGATOR = "peer-navigator"


class Facet(StrEnum):
    """Whether a need asks for company or for know-how."""

    EMOTIONAL = "emotional"
    PRACTICAL = "practical"


class Urgency(StrEnum):
    """How soon a need must be met, the most pressing first."""

    URGENT = "urgent"
    SOON = "soon"
    ROUTINE = "routine"


class ContactMode(StrEnum):
    """How two people meet."""

    VIDEO = "video"
    PHONE = "phone"
    TEXT = "text"
    IN_PERSON = "in-person"


class Need(msgspec.Struct, frozen=True):
    """Something that a member asks for, known by a code that mentors offer under the same name."""

    code: str
    facet: Facet
    urgency: Urgency


class LivedExperience(msgspec.Struct, frozen=True):
    """What a person has been through. It counts for matching only where the person said that it may."""

    tag: str
    matchable: bool = True


class WeeklyWindow(msgspec.Struct, frozen=True):
    """A stretch of every week in a person's own time zone: day 0 is Monday, minutes count from local midnight."""

    day: int
    start_minute: int
    end_minute: int

    def __str__(self) -> str:
        """Give the roster's notation, such as `Mon 18:00-20:00`."""
        return f"{DAYS[self.day]} {hours(self.start_minute, self.end_minute)}"


class Boundary(msgspec.Struct, frozen=True):
    """A topic that a person will not be met with. Sealed: only its owner and a safeguarding lead may read it."""

    topic: str
    sealed: bool = True


class Preferences(msgspec.Struct, frozen=True):
    """What a member insists on in a mentor: `mentor_gender` is `any`, `same` or a gender."""

    mentor_gender: str = "any"


class Training(msgspec.Struct, frozen=True):
    """A mentor's training and the last day on which it is valid."""

    valid_until: date


# Codes in common use and their facet; a programme may use others (they count as practical).
NEED_FACETS: Final[dict[str, Facet]] = {
    "healthcare-navigation": Facet.PRACTICAL,
    "finding-services": Facet.PRACTICAL,
    "medical-leave": Facet.PRACTICAL,
    "employer-communication": Facet.PRACTICAL,
    "benefits": Facet.PRACTICAL,
    "housing": Facet.PRACTICAL,
    "legal-advice": Facet.PRACTICAL,
    "treatment-adherence": Facet.PRACTICAL,
    "family-communication": Facet.EMOTIONAL,
    "workplace-stigma": Facet.EMOTIONAL,
    "disclosure": Facet.EMOTIONAL,
    "isolation": Facet.EMOTIONAL,
    "living-with-a-diagnosis": Facet.EMOTIONAL,
    "staying-in-recovery": Facet.EMOTIONAL,
    "bereavement": Facet.EMOTIONAL,
}


def hours(start_minute: int, end_minute: int) -> str:
    """Give a stretch of a day as `18:00-20:00`."""
    return f"{_clock(start_minute)}-{_clock(end_minute)}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def windows_of(spans: Iterable[tuple[int, int, int]]) -> tuple[WeeklyWindow, ...]:
    """Give the windows of (day, start minute, end minute), in order, those that touch or overlap joined.

    Raises `InvalidValue` for a span that is not within a day or not in quarters of an hour.
    """
    joined: list[WeeklyWindow] = []
    for day, start, end in sorted(spans):
        if not (0 <= day < len(DAYS) and 0 <= start < end <= MINUTES_A_DAY and start % 15 == end % 15 == 0):
            raise InvalidValue("A window lies within a day, ends after it begins, and counts in quarters of an hour.")
        if joined and joined[-1].day == day and start <= joined[-1].end_minute:
            joined[-1] = WeeklyWindow(day, joined[-1].start_minute, max(joined[-1].end_minute, end))
        else:
            joined.append(WeeklyWindow(day, start, end))
    return tuple(joined)
