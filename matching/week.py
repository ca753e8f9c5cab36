"""When in the week is each person free, in real time?

The week runs from the Monday on or after `today`, midnight in UTC, in 672 slots of 15 minutes, a bit each. Both ends
of a window are read in its person's own zone on the day they fall on, so a window that spans a change of the clocks
is as long as the clock really runs. At an hour that comes twice, an end means the first time; at an hour that is
skipped, it means as much later as is skipped (PEP 495, fold 0). The week is a circle: what falls outside comes back
in at its other end. Only whole slots count.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from matching.arrays import WORD_BITS, Words
from matching.packing import Facing, words_of
from matching.people import DAYS_A_WEEK, MINUTES_A_DAY, Member, Mentor

SLOT_MINUTES: Final = 15
SLOTS: Final = DAYS_A_WEEK * MINUTES_A_DAY // SLOT_MINUTES
WEEK_WORDS: Final = -(-SLOTS // WORD_BITS)


def monday_on_or_after(today: date) -> date:
    """Find the day on which the week of the problem begins."""
    return today + timedelta(days=-today.weekday() % DAYS_A_WEEK)


def facing_weeks(members: Sequence[Member], mentors: Sequence[Mentor], today: date) -> Facing:
    """Pack everybody's free slots: the count of shared slots is the time that two people have in common."""
    monday = monday_on_or_after(today)

    @cache
    def seconds(zone: str, day: int, minute: int) -> int:
        return _seconds_into_week(monday, zone, day, minute)

    return Facing(_packed(members, seconds), _packed(mentors, seconds))


def _packed(people: Sequence[Member | Mentor], seconds: Callable[[str, int, int], int]) -> Words:
    free = np.zeros((len(people), WEEK_WORDS * WORD_BITS), dtype=np.bool_)
    for week, person in zip(free, people, strict=True):
        for window in person.availability:
            start = seconds(person.time_zone, window.day, window.start)
            end = seconds(person.time_zone, window.day, window.end)
            week[list(_whole_slots(start, end))] = True
    return words_of(np.packbits(free, axis=1, bitorder="little"))


def _seconds_into_week(monday: date, zone: str, day: int, minute: int) -> int:
    local = datetime.combine(monday, time()) + timedelta(days=day, minutes=minute)
    since_monday = local.replace(tzinfo=ZoneInfo(zone)) - datetime.combine(monday, time(), UTC)
    return since_monday // timedelta(seconds=1)


def _whole_slots(start: int, end: int) -> Iterable[int]:
    slot = SLOT_MINUTES * 60
    return (number % SLOTS for number in range(-(-start // slot), end // slot))
