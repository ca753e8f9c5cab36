"""On which days does a recurrence fall? By arithmetic on single days: a far week costs no more than a near one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from matching.people import DAYS_A_WEEK

LAST_DAY: Final = date(2999, 12, 31)
"""Nothing is counted beyond it: it is the last day of a rule without an end."""
LAST_OF_MONTH: Final = -1
_WEEK: Final = timedelta(days=DAYS_A_WEEK)
_MONTHS_A_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Rule:
    """Days of every `interval`-th week or month, counted from that of the day `first`, up to the day `last`.

    `days` are pairs of which in the month (1 for the first, -1 for the last; 0 if the rule is one of weeks) and the day
    of the week (0 for Monday).
    """

    is_monthly: bool
    interval: int
    days: tuple[tuple[int, int], ...]
    first: date
    last: date = LAST_DAY

    def days_in_week(self, monday: date) -> Iterator[int]:
        """Give the days of the week from a Monday on which the rule falls, 0 for the Monday itself."""
        if monday > self.last or monday + _WEEK <= self.first:
            return
        for which, weekday in self.days:
            day = monday + timedelta(days=weekday)
            if self.first <= day <= self.last and self._has_a_turn(day) and (not which or _is_in_month(which, day)):
                yield weekday

    def dates(self) -> Iterator[date]:
        """Give all days of the rule, in order."""
        monday = self.first - timedelta(days=self.first.weekday())
        while monday <= self.last:
            yield from (monday + timedelta(days=day) for day in sorted(set(self.days_in_week(monday))))
            monday += _WEEK

    def _has_a_turn(self, day: date) -> bool:
        if self.interval == 1:
            return True
        apart = _month(day) - _month(self.first) if self.is_monthly else _week(day) - _week(self.first)
        return apart % self.interval == 0


def _week(day: date) -> int:
    return (day.toordinal() - 1) // DAYS_A_WEEK  # day 1 of the calendar is a Monday


def _month(day: date) -> int:
    return day.year * _MONTHS_A_YEAR + day.month


def _is_in_month(which: int, day: date) -> bool:
    """Say whether a day is the first, second ... or last of its weekday in its month."""
    if which == LAST_OF_MONTH:
        return (day + _WEEK).month != day.month
    return (day.day - 1) // DAYS_A_WEEK + 1 == which
