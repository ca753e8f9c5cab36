"""At which hours of the week could a circle meet all year, and who would be free?

Hours are counted on the facilitator's own clock, 0 for Monday from midnight to 167 for Sunday from eleven at night.
What an hour is for the others depends on the date where their clocks change on other days. So each week of the year is
looked at in which any clock reads differently from the weeks before, and an hour counts if it is free in all of them.
Absences and extra hours of single dates do not count: a circle outlasts them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, TypeVar

import numpy as np

from matching.arrays import Flags, Ints, Words
from matching.people import DAYS_A_WEEK, Member, Mentor
from matching.week import SLOT_MINUTES, SLOTS, Zone, facing_weeks, monday_on_or_after

HOURS_A_DAY: Final = 24
HOURS: Final = DAYS_A_WEEK * HOURS_A_DAY
NO_SLOT: Final = -1

P = TypeVar("P", Member, Mentor)


@dataclass(frozen=True, slots=True)
class StandingHours:
    """Who is free at which hour all year: `facilitators` (m, 168), and `members` (n, 168) by the facilitator's zone.

    `slots` (168,), by zone, is where the hours begin in the first week, in slots of 15 minutes.
    """

    facilitators: Flags
    members: dict[str, Flags]
    slots: dict[str, Ints]


def standing_hours(
    members: Sequence[Member], facilitators: Sequence[Mentor], today: date, weeks: int, minutes: int
) -> StandingHours:
    """Find the hours at which people are free for so many minutes in each of so many weeks."""
    zones = sorted({facilitator.time_zone for facilitator in facilitators})
    zone_of = np.array([zones.index(facilitator.time_zone) for facilitator in facilitators], dtype=np.int64)
    free_members = {zone: np.ones((len(members), HOURS), dtype=np.bool_) for zone in zones}
    free_facilitators = np.ones((len(facilitators), HOURS), dtype=np.bool_)
    members, facilitators = list(map(_as_usual, members)), list(map(_as_usual, facilitators))
    mondays = _differing((*members, *facilitators), today, weeks)
    for monday in mondays:
        week = facing_weeks(members, facilitators, monday)
        long_members, long_facilitators = (_starts(side, minutes) for side in (week.members, week.mentors))
        for number, zone in enumerate(zones):
            slots = _slots(monday, zone)
            free_members[zone] &= long_members[:, slots] & (slots != NO_SLOT)
            theirs = zone_of == number
            free_facilitators[theirs] &= long_facilitators[theirs][:, slots] & (slots != NO_SLOT)
    return StandingHours(free_facilitators, free_members, {zone: _slots(mondays[0], zone) for zone in zones})


def _as_usual(person: P) -> P:
    """Leave out what concerns single dates: a circle meets for longer than somebody's holiday."""
    return replace(person, calendar=replace(person.calendar, absences=(), extra=()))


def _differing(people: Sequence[Member | Mentor], today: date, weeks: int) -> list[date]:
    """Leave of the weeks only those in which the clocks, taken together, read differently.

    Where somebody's hours recur by rules, every week is looked at.
    """
    first = monday_on_or_after(today)
    mondays = [first + timedelta(weeks=number) for number in range(weeks)]
    if any(person.calendar.recurring for person in people):
        return mondays
    zones = sorted({person.time_zone for person in people})
    seen: dict[tuple[tuple[int, ...], ...], date] = {}
    for monday in mondays:
        seen.setdefault(tuple(tuple(Zone(monday, zone).midnights) for zone in zones), monday)
    return list(seen.values())


def _slots(monday: date, name: str) -> Ints:
    """Say in which slot each hour of a zone begins in a week, or -1 where it begins in none."""
    zone, slot_s = Zone(monday, name), SLOT_MINUTES * 60
    begins = np.array([zone.seconds(hour // HOURS_A_DAY, hour % HOURS_A_DAY * 60) for hour in range(HOURS)])
    slots: Ints = np.where(begins % slot_s == 0, begins // slot_s % SLOTS, NO_SLOT)
    return slots


def _starts(packed: Words, minutes: int) -> Flags:
    """Mark the slots, shape (people, slots), from which each of the people is free for so long."""
    octets = np.ascontiguousarray(packed.T.astype("<u8")).view(np.uint8)
    free = np.unpackbits(octets, axis=1, bitorder="little")[:, :SLOTS].astype(np.bool_)
    starts = free.copy()
    for later in range(1, minutes // SLOT_MINUTES):
        starts &= np.roll(free, -later, axis=1)
    return starts
