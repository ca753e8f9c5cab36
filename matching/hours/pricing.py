"""Which pairs are worth more than the cheapest hour they share? For pairs that are listed; large pools: `survey`."""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from matching.arrays import Flags, Indices, Ints, Words
from matching.hours.free import Shared, unpacked_hours
from matching.hours.market import Timetable
from matching.pairs import Listed, Pairs
from matching.scanning import BEYOND_ANY

BLOCK_PAIRS = 1 << 14


class HourPrices(NamedTuple):
    """Pair (i, j) at hour h exceeds by `base[i]` + `unit` f_ij - `price[j, h]`; `v[j]` is the least of mentor j's."""

    base: Ints
    unit: int
    v: Ints
    price: Ints


class Hourly(Protocol):
    """All feasible pairs with the hours they share, listed or not. Protocol of what the standing hour needs of them."""

    def hours(self, i: Indices, j: Indices) -> Words:
        """Give the hours that pairs share, shape (3, pairs)."""
        ...

    def open_to(self) -> Flags:
        """Mark the hours at which mentors can take somebody, shape (m, hours)."""
        ...

    def first(self) -> Pairs:
        """Give some pairs to begin with."""
        ...

    def exceeding(self, prices: HourPrices, most: int) -> Pairs:
        """Give pairs that are worth more than their prices, for each member at least the `most` that exceed by most."""
        ...

    def level(self, prices: HourPrices) -> Pairs:
        """Give all pairs that are worth exactly their prices, provided that none is worth more."""
        ...

    def among(self, i: Ints, j: Ints) -> Pairs | None:
        """Give these pairs with their fit, in the same order, or None if one of them is not feasible."""
        ...


@dataclass(frozen=True, slots=True)
class ListedHours:
    """Pairs that are listed, and who can say which hours they share."""

    listed: Listed
    shared: Shared

    def hours(self, i: Indices, j: Indices) -> Words:
        """Give the hours that pairs share."""
        return self.shared.hours(i, j)

    def open_to(self) -> Flags:
        """Mark the hours at which mentors can take somebody."""
        return self.shared.open_to()

    def first(self) -> Pairs:
        """Give all pairs."""
        return self.listed.pairs

    def exceeding(self, prices: HourPrices, most: int) -> Pairs:  # noqa: ARG002 - here it costs nothing to give them all
        """Give all pairs that are worth more than their prices."""
        return self.listed.pairs.where(excess(self.shared, self.listed.pairs, prices) > 0)

    def level(self, prices: HourPrices) -> Pairs:
        """Give all pairs that are worth exactly their prices."""
        return self.listed.pairs.where(excess(self.shared, self.listed.pairs, prices) == 0)

    def among(self, i: Ints, j: Ints) -> Pairs | None:
        """Give these pairs with their fit, or None if one of them is not feasible."""
        return self.listed.among(i, j)


def prices_by_hour(base: Ints, unit: int, v: Ints, p: Ints, times: Timetable) -> HourPrices:
    """Lay out prices: of a place v (m,), and of each hour beyond that p, shape (slots,)."""
    price = np.full(times.slot.shape, 2 * BEYOND_ANY, dtype=np.int64)
    price[times.mentor, times.hour] = v[times.mentor] + p
    return HourPrices(base, unit, price.min(axis=1, initial=2 * BEYOND_ANY), price)


def excess(shared: Shared, pairs: Pairs, prices: HourPrices) -> Ints:
    """Say by how much each pair is worth more than the cheapest of its hours."""
    worth = prices.base[pairs.i] + prices.unit * pairs.f.astype(np.int64)
    return worth - cheapest(shared, pairs.i, pairs.j, prices.price)


def cheapest(shared: Shared, i: Indices, j: Indices, price: Ints) -> Ints:
    """Give the price of the cheapest hour that each pair shares, shape (pairs,)."""
    least = np.empty(len(i), dtype=np.int64)
    for first in range(0, len(i), BLOCK_PAIRS):
        block = slice(first, first + BLOCK_PAIRS)
        hours = unpacked_hours(shared.hours(i[block], j[block]))
        least[block] = np.where(hours, price[j[block]], 2 * BEYOND_ANY).min(axis=1, initial=2 * BEYOND_ANY)
    return least
