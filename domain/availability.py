"""What differs from somebody's usual week: hours that recur otherwise, days on which they are away, hours of one day.

The notation is the roster's: `away 2026-08-01..2026-08-21`, `also 2026-05-02 10:00-12:00`; see `domain.recurring`.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, TypeVar

import msgspec

from domain.errors import InvalidValue
from domain.recurring import ALWAYS, Recurrence
from domain.values import MINUTES_A_DAY, hours

LAST_DAY: Final = date(2999, 12, 31)
MOST_DATED: Final = 50
MOST_INTERVAL: Final = 52
_QUARTER: Final = 15
_ONE_DAY: Final = timedelta(days=1)

_Timed = TypeVar("_Timed", Recurrence, "ExtraHours")


class Absence(msgspec.Struct, frozen=True, order=True):
    """Days on which somebody has no time at all, both ends included. It outweighs whatever else is said of them."""

    first: date
    last: date

    def __str__(self) -> str:
        """Give the roster's notation."""
        return f"away {self.first}" if self.first == self.last else f"away {self.first}..{self.last}"


class ExtraHours(msgspec.Struct, frozen=True, order=True):
    """Hours on one day, beside those of the week."""

    on: date
    start_minute: int
    end_minute: int

    def __str__(self) -> str:
        """Give the roster's notation."""
        return f"also {self.on} {hours(self.start_minute, self.end_minute)}"


Dated = Recurrence | ExtraHours | Absence


class Calendar(msgspec.Struct, frozen=True):
    """All that differs from the usual week, on the person's own clock."""

    recurring: tuple[Recurrence, ...] = ()
    absences: tuple[Absence, ...] = ()
    extra: tuple[ExtraHours, ...] = ()

    @property
    def dated(self) -> tuple[Dated, ...]:
        """Everything in it."""
        return (*self.recurring, *self.extra, *self.absences)


def calendar_of(dated: Iterable[Dated]) -> Calendar:
    """Make a calendar, in order; absences and extra hours that touch or overlap are joined.

    Raises `InvalidValue` for what cannot be, and for more than 50 of a kind.
    """
    said = list(dated)
    calendar = Calendar(
        recurring=tuple(sorted({_sound(each) for each in said if isinstance(each, Recurrence)})),
        absences=tuple(_joined_absences(each for each in said if isinstance(each, Absence))),
        extra=tuple(_joined_hours(_sound_hours(each) for each in said if isinstance(each, ExtraHours))),
    )
    if max(len(calendar.recurring), len(calendar.absences), len(calendar.extra)) > MOST_DATED:
        raise InvalidValue(f"A calendar has at most {MOST_DATED} things of a kind.")
    return calendar


def last_day(dated: Dated) -> date:
    """Give the last day of which it says anything."""
    match dated:
        case Recurrence():
            return dated.pattern.until or LAST_DAY
        case Absence():
            return dated.last
    return dated.on


def _sound(dated: Recurrence) -> Recurrence:
    pattern = _sound_hours(dated).pattern
    if pattern.interval > MOST_INTERVAL:
        raise InvalidValue(f"A recurrence comes at least once in {MOST_INTERVAL} weeks or months.")
    if not ALWAYS <= dated.first <= (pattern.until or LAST_DAY) <= LAST_DAY:
        raise InvalidValue(f"A recurrence begins before it ends, between {ALWAYS.year} and {LAST_DAY.year}.")
    return dated


def _sound_hours(dated: _Timed) -> _Timed:
    start, end = dated.start_minute, dated.end_minute
    if not (0 <= start < end <= MINUTES_A_DAY and start % _QUARTER == end % _QUARTER == 0):
        raise InvalidValue("Hours lie within a day, end after they begin, and count in quarters of an hour.")
    return dated


def _joined_absences(entries: Iterable[Absence]) -> list[Absence]:
    joined: list[Absence] = []
    for dated in sorted(entries):
        if dated.last < dated.first:
            raise InvalidValue("The last day of an absence is not before its first.")
        if joined and dated.first <= joined[-1].last + _ONE_DAY:
            joined[-1] = Absence(joined[-1].first, max(joined[-1].last, dated.last))
        else:
            joined.append(dated)
    return joined


def _joined_hours(entries: Iterable[ExtraHours]) -> list[ExtraHours]:
    joined: list[ExtraHours] = []
    for dated in sorted(entries):
        last = joined[-1] if joined else None
        if last and last.on == dated.on and dated.start_minute <= last.end_minute:
            joined[-1] = ExtraHours(last.on, last.start_minute, max(last.end_minute, dated.end_minute))
        else:
            joined.append(dated)
    return joined
