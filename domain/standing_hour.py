"""The hour of the week at which two people of a match meet: a full hour on the mentor's clock."""

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

_DAYS_A_WEEK: Final = 7
_HOURS_A_DAY: Final = 24
_HOURS_A_WEEK: Final = _DAYS_A_WEEK * _HOURS_A_DAY


class StandingHour(msgspec.Struct, frozen=True):
    """Hour 0 to 167 of the week from Monday 0:00, on the clock of the time zone in which the mentor lived then."""

    hour: int
    zone: str

    def next_from(self, day: date) -> datetime:
        """Give when the first meeting on or after a day begins, in the hour's own zone."""
        weekday, hour = divmod(self.hour, _HOURS_A_DAY)
        on = day + timedelta(days=(weekday - day.weekday()) % _DAYS_A_WEEK)
        return datetime.combine(on, time(hour), ZoneInfo(self.zone))

    def shown_in(self, zone: str, day: date) -> "ShownHour":
        """Give it as a clock in another zone shows it, at the first meeting on or after a day."""
        there = self.next_from(day).astimezone(ZoneInfo(zone))
        return ShownHour(there.weekday(), there.hour * 60 + there.minute)

    def hours_in(self, zone: str, day: date) -> frozenset[int]:
        """Give the hours of the week that it takes on another zone's clock, at the first meeting on or after a day."""
        if zone == self.zone:
            return frozenset({self.hour})
        shown = self.shown_in(zone, day)
        first, past = divmod(shown.day * _HOURS_A_DAY * 60 + shown.start_minute, 60)
        return frozenset(each % _HOURS_A_WEEK for each in range(first, first + (2 if past else 1)))


class ShownHour(msgspec.Struct, frozen=True):
    """A standing hour on somebody's clock: day 0 is Monday, minutes count from local midnight."""

    day: int
    start_minute: int
