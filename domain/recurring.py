"""Hours that recur otherwise than every week: the days of a rule of RFC 5545, and how people write them.

The notation is the roster's: `every 2nd Tue from 2026-03-03 18:00-20:00`, `1st Sat of the month 10:00-12:00`.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

import msgspec

from domain.errors import InvalidValue
from domain.values import DAYS, hours

ALWAYS: Final = date(1970, 1, 1)
"""The first day of a recurrence that has none: one matters only where not every week or month has its turn."""
LAST_OF_MONTH: Final = -1
_RULE_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_RULE: Final = re.compile(
    r"FREQ=(?:WEEKLY|(MONTHLY));INTERVAL=([1-9]\d?);BYDAY=([A-Z0-9,-]+)(?:;UNTIL=(\d{8})T235959)?", re.ASCII
)
_DAY: Final = re.compile(rf"([1-5]|-1)?({'|'.join(_RULE_DAYS)})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """The days of a recurrence: every `interval`-th week or month, on `days`, up to the day `until`.

    `days` are pairs of which in the month (from 1, -1 for the last; 0 in a pattern of weeks) and the day of the week.
    """

    is_monthly: bool
    interval: int
    days: tuple[tuple[int, int], ...]
    until: date | None = None

    @property
    def rule(self) -> str:
        """The pattern as a rule of RFC 5545, in the one form that is kept."""
        days = ",".join(f"{which or ''}{_RULE_DAYS[weekday]}" for which, weekday in self.days)
        end = f";UNTIL={self.until:%Y%m%d}T235959" if self.until else ""
        return f"FREQ={'MONTHLY' if self.is_monthly else 'WEEKLY'};INTERVAL={self.interval};BYDAY={days}{end}"

    @classmethod
    def of(cls, rule: str) -> "Pattern":
        """Read a rule in the form that is kept. Raises `InvalidValue` for any other."""
        parts = _RULE.fullmatch(rule)
        read = [_DAY.fullmatch(day) for day in parts[3].split(",")] if parts else []
        days = tuple((int(day[1] or 0), _RULE_DAYS.index(day[2])) for day in read if day)
        if parts is None or len(days) < len(read) or any(bool(which) != bool(parts[1]) for which, _ in days):
            raise InvalidValue("A recurrence is a weekly or monthly rule of RFC 5545 in the form that is kept.")
        return cls(
            is_monthly=bool(parts[1]),
            interval=int(parts[2]),
            days=days,
            until=None if parts[4] is None else _day(parts[4]),
        )


class Recurrence(msgspec.Struct, frozen=True, order=True):
    """Hours on the days of a rule, counted from the day `first` on. An end stands in the rule, as its last day."""

    rule: str
    first: date
    start_minute: int
    end_minute: int

    @property
    def pattern(self) -> Pattern:
        """The days of it."""
        return Pattern.of(self.rule)

    def __str__(self) -> str:
        """Give the roster's notation."""
        pattern = self.pattern
        days = " and ".join(f"{_which(which)}{DAYS[weekday]}" for which, weekday in pattern.days)
        every = "" if pattern.interval == 1 else f"{ordinal(pattern.interval)} "
        if pattern.is_monthly:
            said = f"{days} of {f'every {every}' if every else 'the '}month"
        else:
            said = f"every {every}{days}"
        begins = "" if self.first == ALWAYS and pattern.is_monthly and not every else f" from {self.first}"
        ends = f" until {pattern.until}" if pattern.until else ""
        return f"{said}{begins}{ends} {hours(self.start_minute, self.end_minute)}"


def ordinal(number: int) -> str:
    """Give `1st`, `2nd`, `3rd`, `4th` ..."""
    teens = number % 100 in {11, 12, 13}
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _which(which: int) -> str:
    return "" if not which else "last " if which == LAST_OF_MONTH else f"{ordinal(which)} "


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidValue("A recurrence ends on a day of the calendar.") from None
