"""When in the week is each person free, in real time?

The week runs from the Monday on or after `today`, midnight in UTC, in 672 slots of 15 minutes, a bit each. Both ends
of a window are read in its person's own zone on the day they fall on, so a window that spans a change of the clocks
is as long as the clock really runs. At an hour that comes twice, an end means the first time; at an hour that is
skipped, it means as much later as is skipped (PEP 495, fold 0). The week is a circle: what falls outside comes back
in at its other end. Only whole slots count.

Which windows a person has in this week, their calendar included, is `occurrences`' to say.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache, partial
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from matching.arrays import WORD_BITS, Words
from matching.occurrences import windows_in_week
from matching.packing import Facing, words_of
from matching.people import DAYS_A_WEEK, MINUTES_A_DAY, Member, Mentor, Window

SLOT_MINUTES: Final = 15
SLOTS: Final = DAYS_A_WEEK * MINUTES_A_DAY // SLOT_MINUTES
WEEK_WORDS: Final = -(-SLOTS // WORD_BITS)
EVERY_SLOT: Final = (1 << SLOTS) - 1
MOST_ZONES: Final = 1024
"""So many clocks are kept: a session reads the same few over and over."""


def monday_on_or_after(today: date) -> date:
    """Find the day on which the week of the problem begins."""
    return today + timedelta(days=-today.weekday() % DAYS_A_WEEK)


def facing_weeks(members: Sequence[Member], mentors: Sequence[Mentor], today: date) -> Facing:
    """Pack everybody's free slots: the count of shared slots is the time that two people have in common."""
    monday = monday_on_or_after(today)
    return Facing(_packed(members, monday), _packed(mentors, monday))


class Zone:
    """The clock of a zone in the week from a Monday."""

    def __init__(self, monday: date, name: str) -> None:
        self.read = cache(partial(_seconds_into_week, monday, ZoneInfo(name)))
        self.midnights = [self.read(day, 0) for day in range(DAYS_A_WEEK + 1)]

    def seconds(self, day: int, minute: int) -> int:
        """Give the seconds from the week's beginning to a minute of a day."""
        midnight = self.midnights[day]
        if self.midnights[day + 1] - midnight == MINUTES_A_DAY * 60:  # the clocks do not change on this day
            return midnight + minute * 60
        return self.read(day, minute)


@lru_cache(maxsize=MOST_ZONES)
def _zone(monday: date, name: str) -> Zone:
    return Zone(monday, name)


def _packed(people: Sequence[Member | Mentor], monday: date) -> Words:
    octets = WEEK_WORDS * WORD_BITS // 8
    windows = (windows_in_week(person, monday) for person in people)
    weeks = b"".join(
        _week(free, _zone(monday, person.time_zone)).to_bytes(octets, "little")
        for person, free in zip(people, windows, strict=True)
    )
    return words_of(np.frombuffer(weeks, dtype=np.uint8).reshape(len(people), octets))


def _week(windows: Iterable[Window], zone: Zone) -> int:
    """Set a bit for each slot in which somebody is free."""
    free = 0
    for window in windows:
        first = -(-zone.seconds(window.day, window.start) // (SLOT_MINUTES * 60))
        last = zone.seconds(window.day, window.end) // (SLOT_MINUTES * 60)
        stretch = (1 << max(0, last - first)) - 1 << first % SLOTS
        free |= stretch & EVERY_SLOT | stretch >> SLOTS  # the week is a circle
    return free


def _seconds_into_week(monday: date, zone: ZoneInfo, day: int, minute: int) -> int:
    local = datetime.combine(monday, time()) + timedelta(days=day, minutes=minute)
    since_monday = local.replace(tzinfo=zone) - datetime.combine(monday, time(), UTC)
    return since_monday // timedelta(seconds=1)
