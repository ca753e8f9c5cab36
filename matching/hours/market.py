"""How do pairs, their hours and their places stand on the market, and plans and prices come back?"""

from typing import NamedTuple

import numpy as np

from matching.arrays import Flags, Indices, Ints, Words
from matching.assignment import Market
from matching.hours.free import unpacked_hours

BLOCK_PAIRS = 1 << 17


class Timetable(NamedTuple):
    """The hours of all mentors, one after another: those of mentor j from `begin[j]` on, shape (m + 1,).

    `hour` and `mentor` say of each which it is and whose, shape (slots,); `slot` is where hour h of mentor j stands,
    shape (m, hours).
    """

    begin: Ints
    hour: Ints
    mentor: Ints
    slot: Ints


class HourMarket(NamedTuple):
    """A market whose pairs need an hour: those of pair p are from `first[p]` on in `slot`, shape (shared,).

    The hours of mentor j stand from `begin[j]` on, `home` says whose each is, and `fee` what it costs to take it.
    The rest is as in `assignment.Market`.
    """

    order: Indices
    row: Indices
    mentor: Indices
    worth: Ints
    place: Indices
    cost: Ints
    first: Indices
    slot: Indices
    begin: Indices
    home: Indices
    fee: Ints


def timetable(open_to: Flags) -> Timetable:
    """List the hours at which mentors can take somebody, shape (m, hours)."""
    mentor, hour = np.nonzero(open_to)
    begin = np.searchsorted(mentor, np.arange(len(open_to) + 1))
    slot = np.cumsum(open_to.ravel()).reshape(open_to.shape) - 1
    return Timetable(begin, hour, mentor, slot)


def shared_slots(times: Timetable, words: Words, j: Indices) -> tuple[Ints, Ints]:
    """List the hours that pairs share, `words` of shape (3, pairs): of each the number of the pair, and the slot."""
    pairs, slots = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for first in range(0, len(j), BLOCK_PAIRS):
        pair, hour = np.nonzero(unpacked_hours(words[:, first : first + BLOCK_PAIRS]))
        pairs.append(first + pair)
        slots.append(times.slot[j[first + pair], hour])
    return np.concatenate(pairs), np.concatenate(slots)


def on_hours(market: Market, times: Timetable, words: Words) -> HourMarket:
    """Put the hours of a market's pairs beside them; none costs anything."""
    pair, slot = shared_slots(times, words, market.mentor)
    first = np.searchsorted(pair, np.arange(len(market.mentor) + 1))
    return HourMarket(*market, first, slot, times.begin, times.mentor, np.zeros(len(times.hour), dtype=np.int64))
