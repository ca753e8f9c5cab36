"""What does a cell of hours mean: the usual week, and what differs from it by date?

Its items, joined with `;`, are windows of the week (`Mon 18:00-20:00`), recurring hours (`every 2nd Tue from 2026-03-03
18:00-20:00`, `1st Sat of the month 10:00-12:00`), days away (`away 2026-08-01..2026-08-21`) and hours of one day (`also
2026-05-02 10:00-12:00`). What `str` gives of each is read as the same.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final

from api.roster.cells import Misread, day, each
from domain.availability import Absence, Calendar, Dated, ExtraHours, calendar_of
from domain.errors import InvalidValue
from domain.recurring import ALWAYS, LAST_OF_MONTH, Pattern, Recurrence
from domain.values import DAYS, MINUTES_A_DAY, WeeklyWindow, windows_of

RECURRING: Final = (
    "recurring hours such as `every 2nd Tue from 2026-03-03 18:00-20:00` or `1st Sat of the month 10:00-12:00`,"
    " with `until 2026-06-30` before the hours if they end"
)
AWAY: Final = "days away such as `away 2026-08-01..2026-08-21`, the first one first"
ALSO: Final = "extra hours such as `also 2026-05-02 10:00-12:00`"

_FLAGS: Final = re.ASCII | re.IGNORECASE
# Word processors turn the hyphen into a dash, and two dots into an ellipsis; they mean the same here.
_HOURS: Final = r"(?P<hours>\d\d?:\d\d\s*[-\u2013]\s*\d\d?:\d\d)"
_DATE: Final = r"\d{4}-\d\d-\d\d"
_ONE: Final = rf"(?:{'|'.join(DAYS)})"
_NTH: Final = rf"(?:[1-5](?:st|nd|rd|th)|last)\s+{_ONE}"
_AND: Final = r"(?:\s*,\s*|\s+and\s+)"
_EVERY: Final = r"(?P<interval>\d\d?)(?:st|nd|rd|th)"
_FROM: Final = rf"(?:\s+from\s+(?P<first>{_DATE}))"
_UNTIL: Final = rf"(?:\s+until\s+(?P<until>{_DATE}))?"
_WINDOW: Final = re.compile(rf"(?P<day>{_ONE})\s+{_HOURS}", _FLAGS)
_WEEKLY: Final = re.compile(
    rf"every\s+(?:{_EVERY}\s+)?(?P<days>{_ONE}(?:{_AND}{_ONE})*){_FROM}{_UNTIL}\s+{_HOURS}", _FLAGS
)
_MONTHLY: Final = re.compile(
    rf"(?P<days>{_NTH}(?:{_AND}{_NTH})*)\s+of\s+(?:the|every\s+{_EVERY})\s+month{_FROM}?{_UNTIL}\s+{_HOURS}", _FLAGS
)
_AWAY: Final = re.compile(
    rf"away\s+(?P<first>{_DATE})(?:\s*(?:\.\.|\u2026|\u2013|\s+to\s+)\s*(?P<last>{_DATE}))?", _FLAGS
)
_ALSO: Final = re.compile(rf"also\s+(?P<on>{_DATE})\s+{_HOURS}", _FLAGS)
_NAMED_DAY: Final = re.compile(rf"(?:(?:([1-5])(?:st|nd|rd|th)|(last))\s+)?({'|'.join(DAYS)})", _FLAGS)
_CLOCK: Final = re.compile(r"(\d\d?):(\d\d)", re.ASCII)
_MINUTES_AN_HOUR: Final = 60
_QUARTER: Final = 15


@dataclass(frozen=True, slots=True)
class Hours:
    """All that a cell says: the usual week, in order and joined, and what differs from it."""

    week: tuple[WeeklyWindow, ...]
    calendar: Calendar


def hours(cell: str) -> Hours:
    """Read a cell of hours."""
    said = _items(cell)
    week = windows_of((item.day, item.start_minute, item.end_minute) for item in said if isinstance(item, WeeklyWindow))
    return Hours(week, calendar_of(item for item in said if not isinstance(item, WeeklyWindow)))


@lru_cache(maxsize=4096)
def _item(cell: str) -> WeeklyWindow | Dated:
    word = cell.split(maxsplit=1)[0].lower()
    if word == "away":
        return _dated(_AWAY, cell, _away, AWAY)
    if word == "also":
        return _dated(_ALSO, cell, _also, ALSO)
    if word == "every":
        return _dated(_WEEKLY, cell, partial(_recurrence, is_monthly=False), RECURRING)
    if word == "last" or word[0].isdigit():
        return _dated(_MONTHLY, cell, partial(_recurrence, is_monthly=True), RECURRING)
    parts = _WINDOW.fullmatch(cell)
    if parts is None:
        raise Misread
    return WeeklyWindow(DAYS.index(parts["day"].capitalize()), *_minutes(parts["hours"]))


_items: Final = each(_item)


def _dated(form: re.Pattern[str], cell: str, item_of: Callable[[re.Match[str]], Dated], expected: str) -> Dated:
    parts = form.fullmatch(cell)
    if parts is None:
        raise Misread(expected)
    try:
        item = item_of(parts)
        calendar_of([item])
    except Misread as misread:
        raise Misread(misread.expected or expected) from None
    except InvalidValue:
        raise Misread(expected) from None
    return item


def _away(parts: re.Match[str]) -> Absence:
    first = day(parts["first"])
    return Absence(first, day(parts["last"]) if parts["last"] else first)


def _also(parts: re.Match[str]) -> ExtraHours:
    return ExtraHours(day(parts["on"]), *_minutes(parts["hours"]))


def _recurrence(parts: re.Match[str], *, is_monthly: bool) -> Recurrence:
    interval = int(parts["interval"] or 1)
    if is_monthly and interval > 1 and not parts["first"]:
        raise Misread  # nobody could tell which months have their turn
    pattern = Pattern(
        is_monthly=is_monthly,
        interval=interval,
        days=_days(parts["days"]),
        until=day(parts["until"]) if parts["until"] else None,
    )
    first = day(parts["first"]) if parts["first"] else ALWAYS
    return Recurrence(pattern.rule, first, *_minutes(parts["hours"]))


def _days(text: str) -> tuple[tuple[int, int], ...]:
    found = {
        (LAST_OF_MONTH if last else int(nth or 0), DAYS.index(weekday.capitalize()))
        for nth, last, weekday in _NAMED_DAY.findall(text)
    }
    return tuple(sorted(found, key=lambda each: (each[0] == LAST_OF_MONTH, each)))


def _minutes(text: str) -> tuple[int, int]:
    start, end = (_minute(int(hour), int(minute)) for hour, minute in _CLOCK.findall(text))
    if start == MINUTES_A_DAY:
        raise Misread
    if end <= start:
        example = "`Mon 22:00-24:00;Tue 00:00-02:00`"
        raise Misread(f"windows that end after they start; split one that runs past midnight, such as {example}")
    return start, end


def _minute(hours: int, minutes: int) -> int:
    minute = hours * _MINUTES_AN_HOUR + minutes
    if minutes >= _MINUTES_AN_HOUR or minute % _QUARTER or minute > MINUTES_A_DAY:
        raise Misread
    return minute
