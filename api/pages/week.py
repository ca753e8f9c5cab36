"""How does a week look as boxes to tick?"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from domain.errors import InvalidValue
from domain.values import MINUTES_A_DAY, WeeklyWindow, windows_of

DAY_NAMES: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAYS: Final = tuple(enumerate(DAY_NAMES))
STEP_MINUTES: Final = 30
MORNING_MINUTE: Final = 6 * 60


@dataclass(frozen=True)
class Box:
    """A stretch of one day; `value` is what a form sends for it, `label` says it in words."""

    value: str
    label: str
    is_ticked: bool


@dataclass(frozen=True)
class Row:
    """The same stretch of all seven days."""

    start_minute: int
    begins: str
    boxes: list[Box]

    @property
    def is_ticked(self) -> bool:
        """Whether any day has this stretch."""
        return any(box.is_ticked for box in self.boxes)


@dataclass(frozen=True)
class Week:
    """The rows of a week, those before the morning apart."""

    night: list[Row]
    day: list[Row]

    @property
    def night_is_used(self) -> bool:
        """Whether anything before the morning is ticked."""
        return any(row.is_ticked for row in self.night)


def week_of(windows: Sequence[WeeklyWindow]) -> Week:
    """Give the boxes of a week, in half hours; where a window begins or ends in between, the half hour is cut there.

    So every window is a sum of boxes, and ticking nothing and saving changes nothing.
    """
    cuts = set(range(0, MINUTES_A_DAY + 1, STEP_MINUTES))
    cuts.update(minute for window in windows for minute in (window.start_minute, window.end_minute))
    rows = [_row(windows, start, end) for start, end in pairwise(sorted(cuts))]
    return Week(
        night=[row for row in rows if row.start_minute < MORNING_MINUTE],
        day=[row for row in rows if row.start_minute >= MORNING_MINUTE],
    )


def windows_from(ticked: Iterable[str]) -> tuple[WeeklyWindow, ...]:
    """Give the windows that ticked boxes stand for, or raise `InvalidValue`."""
    return windows_of(_spans(ticked))


def hours_by_day(windows: Sequence[WeeklyWindow]) -> list[tuple[str, list[str]]]:
    """Give each day of the week with its windows, such as `18:00 to 20:00`."""
    return [(name, [_stretch(w.start_minute, w.end_minute) for w in windows if w.day == day]) for day, name in DAYS]


def _row(windows: Sequence[WeeklyWindow], start: int, end: int) -> Row:
    boxes = [
        Box(
            value=f"{day}-{start}-{end}",
            label=f"{name}, {_stretch(start, end)}",
            is_ticked=any(w.day == day and w.start_minute <= start and end <= w.end_minute for w in windows),
        )
        for day, name in DAYS
    ]
    return Row(start, clock(start), boxes)


def _spans(ticked: Iterable[str]) -> Iterator[tuple[int, int, int]]:
    for value in ticked:
        try:
            day, start, end = (int(part) for part in value.split("-"))
        except ValueError:
            raise InvalidValue("The hours are not of the form that this page sends.") from None
        yield day, start, end


def _stretch(start: int, end: int) -> str:
    return f"{clock(start)} to {clock(end)}"


def clock(minute: int) -> str:
    """Give a minute of the day as `18:30`."""
    return f"{minute // 60:02d}:{minute % 60:02d}"
