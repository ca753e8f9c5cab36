"""When does an hour of one person's week fall on another person's clock, all year?

A standing hour begins on a full hour of the mentor's clock, so the member's clock sees it move where the two zones
change their clocks on different days. All 52 meetings of a year are therefore looked at, from the week of the problem
on: each lasts 60 minutes of real time, and the quarters of somebody's week that any of them touches are what that
somebody must be free for. An hour that the mentor's clock skips in some week is no standing hour.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from matching.arrays import Flags, Ints
from matching.people import HOURS_A_WEEK
from matching.week import SLOT_MINUTES, SLOTS

WEEKS: Final = 52
HOUR: Final = 3600
WEEK: Final = HOURS_A_WEEK * HOUR
MARGIN: Final = 2 * 24 * HOUR
"""No clock is further from UTC, so a week on any clock lies between its Monday's less this and its end and this."""
SLOT: Final = SLOT_MINUTES * 60
SLOTS_AN_HOUR: Final = HOUR // SLOT


@dataclass(frozen=True)
class Clock:
    """What a zone's clock shows in the year from a Monday: `offsets[k]` seconds beyond UTC from second `changes[k]` on.

    Seconds count from the Monday's midnight in UTC. Zones that show the same all year are one clock.
    """

    changes: tuple[int, ...]
    offsets: tuple[int, ...]

    def shown(self, seconds: Ints) -> Ints:
        """Give what the clock shows at these seconds of real time."""
        latest = np.searchsorted(self.changes, seconds, side="right") - 1
        shown: Ints = seconds + np.array(self.offsets)[latest]
        return shown

    @cached_property
    def meetings(self) -> Ints:
        """Give the seconds at which this clock begins each hour of the week in each week, shape (hours, weeks).

        Of a time that comes twice, the first; for one that is skipped, as much later as is skipped (PEP 495, fold 0).
        """
        local = HOUR * np.arange(HOURS_A_WEEK)[:, np.newaxis] + WEEK * np.arange(WEEKS)
        before, after = np.array([self.offsets[0], *self.offsets[:-1]]), np.array(self.offsets)
        latest = np.searchsorted(self.changes + np.maximum(before, after), local, side="right") - 1
        meetings: Ints = local - after[np.maximum(0, latest)]
        return meetings

    @cached_property
    def keeps(self) -> Flags:
        """Mark the hours of the week that this clock never skips, shape (hours,)."""
        local = HOUR * np.arange(HOURS_A_WEEK)[:, np.newaxis] + WEEK * np.arange(WEEKS)
        kept: Flags = (self.shown(self.meetings) == local).all(axis=1)
        return kept

    def touched(self, mentors: "Clock") -> Flags:
        """Mark the quarters of a week on this clock that the hours on the mentor's touch, shape (hours, slots)."""
        quarters = mentors.meetings[:, self._telling_weeks(mentors), np.newaxis] + SLOT * np.arange(SLOTS_AN_HOUR)
        shown = self.shown(quarters)
        touched = np.zeros((HOURS_A_WEEK, SLOTS), dtype=np.bool_)
        hour = np.broadcast_to(np.arange(HOURS_A_WEEK)[:, np.newaxis, np.newaxis], shown.shape)
        for within in (0, SLOT - 1):
            touched[hour, (shown + within) // SLOT % SLOTS] = True
        return touched

    def _telling_weeks(self, other: "Clock") -> Ints:
        """Find the weeks that tell all: those in which a clock changes, and one for each two offsets of the others."""
        begin = WEEK * np.arange(WEEKS) - MARGIN
        changes, shown = np.zeros(WEEKS, dtype=np.bool_), []
        for clock in (self, other):
            first, last = (
                np.searchsorted(clock.changes, each, side="right") for each in (begin, begin + WEEK + 2 * MARGIN)
            )
            changes |= first != last
            shown.append(np.array(clock.offsets)[first - 1])
        told = np.stack([np.where(changes, np.arange(WEEKS), -1), *shown])
        weeks: Ints = np.unique(told, axis=1, return_index=True)[1]
        return weeks


def clock_of(zone_name: str, monday: date) -> Clock:
    """Read a zone's clock for the year from a Monday, and some days on either side."""
    zone, midnight = ZoneInfo(zone_name), datetime.combine(monday, time(), UTC)

    def offset(seconds: int) -> int:
        there = (midnight + timedelta(seconds=seconds)).astimezone(zone).utcoffset()
        assert there is not None
        return there // timedelta(seconds=1)

    day, begin = 24 * HOUR, -2 * MARGIN
    changes, offsets = [begin], [offset(begin)]
    for end in range(begin + day, WEEKS * WEEK + 2 * MARGIN + day, day):
        while offset(end) != offsets[-1]:
            last, first = max(changes[-1], end - day), end
            while first - last > 1:
                middle = (first + last) // 2
                last, first = (middle, first) if offset(middle) == offsets[-1] else (last, middle)
            changes.append(first)
            offsets.append(offset(first))
    return Clock(tuple(changes), tuple(offsets))
