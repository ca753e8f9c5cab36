"""Which pairs of a large pool matter? Those that exceed their prices, found by looking at all and keeping few."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, NamedTuple

import numpy as np

from matching.arrays import Ints
from matching.compiling import compiled
from matching.packed import Packed
from matching.pairs import Pairs, gathered
from matching.scanning import (
    AT_ONCE,
    BEYOND_ANY,
    CALLEES,
    Prices,
    Row,
    all_pairs,
    best_pairs,
    fits_of,
)

BLOCK_ROWS: Final = 256
SHORTLIST: Final = 24
ROOM: Final = 1 << 12


@dataclass(slots=True)
class Survey:
    """All feasible pairs of n members and m mentors, none of them stored."""

    packed: Packed
    threads: int
    _open_to: Ints | None = field(default=None, init=False)

    @property
    def n(self) -> int:
        """How many members there are."""
        return len(self.packed.members.numbers)

    @property
    def m(self) -> int:
        """How many mentors there are."""
        return len(self.packed.mentors.numbers)

    def first(self) -> Pairs:
        """Give the pairs of best fit of each member."""
        self._open_to = np.zeros(self.n, dtype=np.int64)
        return self._best_pairs(self._free_of_charge(), SHORTLIST, self._open_to)

    def exceeding(self, prices: Prices, most: int) -> Pairs:
        """Give for each member the `most` pairs that exceed their prices by most."""
        return self._best_pairs(prices, most, np.zeros(self.n, dtype=np.int64))

    def level(self, prices: Prices) -> Pairs:
        """Give all pairs that are worth exactly their prices, provided that none is worth more."""
        return self._in_blocks(partial(self._all, compiled(all_pairs, *CALLEES), prices))

    def among(self, i: Ints, j: Ints) -> Pairs | None:
        """Give these pairs with their fit, in the same order, or None if one of them is not feasible."""
        f = np.empty(len(i), dtype=np.int64)
        compiled(fits_of, *CALLEES)(i, j, self.packed, self._free_of_charge(), self._row(), f)
        exceptions = self.packed.exceptions
        barred = np.repeat(np.arange(self.n), np.diff(exceptions.barred_from)) * self.m + exceptions.barred
        possible = not (f < 0).any() and not np.isin(i * self.m + j, barred).any()
        return Pairs(i, j, f) if possible else None

    def everything(self) -> Pairs:
        """Give all feasible pairs, however many they are."""
        return self._in_blocks(partial(self._all, compiled(all_pairs, *CALLEES), self._free_of_charge()))

    def mentors_open_to(self) -> Ints:
        """Count the feasible mentors of each member, shape (n,)."""
        if self._open_to is None:
            self.first()
        assert self._open_to is not None
        return self._open_to

    def _free_of_charge(self) -> Prices:
        return Prices(np.full(self.n, BEYOND_ANY, dtype=np.int64), 1, np.zeros(self.m, dtype=np.int64))

    def _best_pairs(self, prices: Prices, most: int, exceeding: Ints) -> Pairs:
        strict, loop = prices._replace(base=prices.base - 1), compiled(best_pairs, *CALLEES)
        return self._in_blocks(partial(self._best, loop, strict, most, exceeding))

    def _in_blocks(self, one_block: Callable[[int], Pairs]) -> Pairs:
        with ThreadPoolExecutor(self.threads) as threads:
            return gathered(list(threads.map(one_block, range(0, self.n, BLOCK_ROWS))))

    def _row(self) -> Row:
        seen = np.zeros(-(-self.m // AT_ONCE) * AT_ONCE, dtype=np.uint8)
        return Row(seen, np.empty(self.m, dtype=np.int64), np.empty(self.m, dtype=np.int64))

    def _best(self, loop: Callable[..., Any], prices: NamedTuple, most: int, exceeding: Ints, first: int) -> Pairs:
        last = min(self.n, first + BLOCK_ROWS)
        j, f = (np.empty((last - first, most), dtype=np.int32) for _ in range(2))
        counts = np.zeros(last - first, dtype=np.int64)
        loop(first, last, most, self.packed, prices, self._row(), (j, f, counts, exceeding))
        i = np.repeat(np.arange(first, last, dtype=np.int32), counts)
        there = np.arange(most) < counts[:, np.newaxis]
        pairs = Pairs(i, j[there], f[there])
        return pairs.where(np.argsort(pairs.keys(self.m)))

    def _all(self, loop: Callable[..., Any], prices: NamedTuple, first: int) -> Pairs:
        last, room = min(self.n, first + BLOCK_ROWS), ROOM
        while True:
            out = tuple(np.empty(room, dtype=np.int32) for _ in range(3))
            there = loop(first, last, self.packed, prices, self._row(), out)
            if there <= room:
                return Pairs(*(column[:there].copy() for column in out))
            room = there
