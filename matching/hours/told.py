"""Which hours do pairs share that are told pair by pair?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matching.arrays import Flags, Indices, Ints, Words
from matching.hours.free import packed_hours, unpacked_hours
from matching.people import HOURS_A_WEEK


@dataclass(frozen=True, slots=True)
class ToldHours:
    """Keys i m + j of pairs, ascending, shape (pairs,), and the hours of each, shape (3, pairs)."""

    keys: Ints
    words: Words
    m: int

    def hours(self, i: Indices, j: Indices) -> Words:
        """Give the hours that pairs share."""
        return self.words[:, np.searchsorted(self.keys, i.astype(np.int64) * self.m + j)]

    def open_to(self) -> Flags:
        """Mark the hours at which mentors can take somebody."""
        open_to = np.zeros((self.m, HOURS_A_WEEK), dtype=np.bool_)
        np.logical_or.at(open_to, self.keys % max(1, self.m), unpacked_hours(self.words))
        return open_to

    def meet(self, keys: Ints) -> Flags:
        """Tell which pairs share an hour."""
        meet: Flags = np.isin(keys, self.keys[self.words.any(axis=0)])
        return meet


def told_hours(
    told: Sequence[tuple[str, str, tuple[int, ...]]], i: Mapping[str, int], j: Mapping[str, int]
) -> ToldHours:
    """Put hours into words; i and j number the members and mentors."""
    keys = np.array([i[member] * len(j) + j[mentor] for member, mentor, _ in told], dtype=np.int64)
    hours = np.zeros((len(told), HOURS_A_WEEK), dtype=np.bool_)
    for row, (_, _, shared) in enumerate(told):
        hours[row, list(shared)] = True
    order = np.argsort(keys)
    return ToldHours(keys[order], packed_hours(hours[order]), len(j))
