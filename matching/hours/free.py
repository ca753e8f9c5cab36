"""Which standing hours are free for both of two people, in every week of the year?

An hour is a number from 0 to 167: the full hours of the mentor's week, from Monday 0:00 on the mentor's clock. Only
whole quarters of a window count, as in `week`; quarters are those of the person's own clock.

The usual week is what counts. An absence does not take a standing hour away, or a holiday would keep people from
meeting for months; and what a calendar adds by rules or on single days does not make one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from matching.arrays import WORD_BITS, Flags, Indices, Ints, Words
from matching.hours.clock import Clock, clock_of
from matching.packing import words_of
from matching.people import HOURS_A_WEEK, Member, Mentor, Window
from matching.week import SLOT_MINUTES, SLOTS, monday_on_or_after

HOUR_WORDS: Final = -(-HOURS_A_WEEK // WORD_BITS)
SLOTS_A_DAY: Final = SLOTS // 7

Octets = NDArray[np.uint8]


class Shared(Protocol):
    """Whoever can say which hours two people share."""

    def hours(self, i: Indices, j: Indices) -> Words:
        """Give the hours that are free for both of each of p feasible pairs, and not taken, shape (3, p)."""
        ...

    def open_to(self) -> Flags:
        """Mark the hours at which mentors can take somebody, shape (m, hours)."""
        ...


@dataclass(frozen=True, slots=True)
class FreeHours:
    """Each member's hours as each clock of the mentors has them, (3, clocks, n), and each mentor's not taken, (3, m).

    `clock` says which of the clocks each mentor's is, (m,).
    """

    members: Words
    mentors: Words
    clock: Ints

    def hours(self, i: Indices, j: Indices) -> Words:
        """Give the hours that are free for both, and not taken, shape (3, *pairs); i and j may broadcast."""
        return np.stack(
            [mine[self.clock[j], i] & theirs[j] for mine, theirs in zip(self.members, self.mentors, strict=True)]
        )

    def open_to(self) -> Flags:
        """Mark the hours at which mentors can take somebody."""
        return unpacked_hours(self.mentors)

    def meet(self, i: Indices, j: Indices) -> Flags:
        """Tell whether they share an hour."""
        return np.asarray(self.hours(i, j).any(axis=0))


def free_hours(members: Sequence[Member], mentors: Sequence[Mentor], today: date) -> FreeHours:
    """Find everybody's standing hours in the year from the problem's week."""
    monday = monday_on_or_after(today)

    @cache
    def clock(zone: str) -> Clock:
        return clock_of(zone, monday)

    everybody: list[Member | Mentor] = [*members, *mentors]
    clocks = list(dict.fromkeys(clock(mentor.time_zone) for mentor in mentors))
    hours = np.zeros((len(clocks), HOUR_WORDS, len(everybody)), dtype=np.uint64)
    for own, rows in _by_clock([clock(person.time_zone) for person in everybody]).items():
        slots = _free_slots([everybody[row].availability for row in rows.tolist()])
        for number, other in enumerate(clocks):
            hours[number, :, rows] = _kept(slots, own.touched(other), len(rows)).T
    index = {each: number for number, each in enumerate(clocks)}
    of = np.array([index[clock(mentor.time_zone)] for mentor in mentors], dtype=np.int64)
    open_to = np.array([each.keeps for each in clocks], dtype=np.bool_).reshape(-1, HOURS_A_WEEK)[of]
    for j, mentor in enumerate(mentors):
        open_to[j, list(mentor.open_hours)] = False
    mine, theirs = hours[..., : len(members)], hours[of, :, len(members) + np.arange(len(mentors))]
    return FreeHours(np.ascontiguousarray(mine.swapaxes(0, 1)), theirs.T & packed_hours(open_to), of)


def _kept(slots: Octets, touched: Flags, people: int) -> Words:
    """Find whose free slots hold all that each hour touches, shape (3, people)."""
    hour, slot = np.nonzero(touched)
    free = np.bitwise_and.reduceat(slots[slot], np.searchsorted(hour, np.arange(HOURS_A_WEEK)), axis=0)
    return packed_hours(np.unpackbits(free, axis=1, count=people).T)


def _by_clock(clocks: Sequence[Clock]) -> dict[Clock, Ints]:
    number = {each: index for index, each in enumerate(dict.fromkeys(clocks))}
    of = np.array([number[each] for each in clocks], dtype=np.int64)
    return {each: np.flatnonzero(of == index) for each, index in number.items()}


def _free_slots(weeks: Sequence[tuple[Window, ...]]) -> Octets:
    """Mark the people who are free in each whole quarter of their own week, a bit each, shape (slots, octets)."""
    free = np.zeros((SLOTS, len(weeks)), dtype=np.bool_)
    for row, windows in enumerate(weeks):
        for window in windows:
            midnight = window.day * SLOTS_A_DAY
            free[midnight - (-window.start // SLOT_MINUTES) : midnight + window.end // SLOT_MINUTES, row] = True
    return np.packbits(free, axis=1)


def packed_hours(hours: Flags | Octets) -> Words:
    """Pack flags of hours, shape (people, hours), into words of shape (3, people)."""
    padded = np.zeros((len(hours), HOUR_WORDS * WORD_BITS), dtype=np.bool_)
    padded[:, :HOURS_A_WEEK] = hours
    return words_of(np.packbits(padded, axis=1, bitorder="little"))


def unpacked_hours(words: Words) -> Flags:
    """Mark the hours of words of shape (3, pairs), shape (pairs, hours)."""
    octets = np.ascontiguousarray(words.T).astype("<u8").view(np.uint8)
    return np.unpackbits(octets, axis=1, bitorder="little", count=HOURS_A_WEEK).view(np.bool_)
