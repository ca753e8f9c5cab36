"""Which pairs of a large pool matter? Those that exceed their prices, found by looking at all and keeping few."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np

from matching.arrays import Indices, Ints
from matching.compiling import compiled
from matching.packed import Packed
from matching.pairs import Pairs, gathered
from matching.scanning import BEYOND_ANY, CALLEES, Prices, all_pairs, best_pairs, fits_of, open_pairs, row_of
from matching.timing import Timing

BLOCK_ROWS: Final = 256
SHORTLIST: Final = 24
ROOM: Final = 1 << 12

Part = TypeVar("Part")


@dataclass(slots=True)
class Survey:
    """All feasible pairs of n members and m mentors, none of them stored."""

    packed: Packed
    threads: int
    _open: tuple[Ints, Ints] | None = field(default=None, init=False)

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
        return self._best_pairs(self._free_of_charge(), SHORTLIST)

    def exceeding(self, prices: Prices, most: int) -> Pairs:
        """Give for each member the `most` pairs that exceed their prices by most."""
        return self._best_pairs(prices._replace(base=prices.base - 1), most)

    def level(self, prices: Prices) -> Pairs:
        """Give all pairs that are worth exactly their prices, provided that none is worth more."""
        return self._in_blocks(partial(self._all, compiled(all_pairs, *CALLEES), prices))

    def among(self, i: Ints, j: Ints) -> Pairs | None:
        """Give these pairs with their fit, in the same order, or None if one of them is not feasible."""
        f = np.empty(len(i), dtype=np.int64)
        compiled(fits_of, *CALLEES)(i, j, self.packed, row_of(self.m), f)
        return None if (f < 0).any() else Pairs(i, j, f)

    def everything(self) -> Pairs:
        """Give all feasible pairs, however many they are."""
        return self._in_blocks(partial(self._all, compiled(all_pairs, *CALLEES), self._free_of_charge()))

    def mentors_open_to(self) -> Ints:
        """Count the feasible mentors of each member, shape (n,)."""
        return self.counted(Timing())[0]

    def best_of(self, rows: Indices, prices: Prices, most: int) -> tuple[Ints, Ints, Ints, Ints]:
        """Find for some members the `most` pairs that exceed by most, and by nothing at least.

        Gives mentors, fits and how much they exceed by, shape (rows, most), and how many there are, (rows,).
        """
        loop = compiled(best_pairs, *CALLEES)
        mentors, fits, gains = (np.empty((len(rows), most), dtype=np.int64) for _ in range(3))
        out = mentors, fits, gains, np.zeros(len(rows), dtype=np.int64)

        def block(first: int) -> None:
            part = slice(first, first + BLOCK_ROWS)
            loop(rows[part], most, self.packed, prices, row_of(self.m), tuple(column[part] for column in out))

        self._each(block, range(0, len(rows), BLOCK_ROWS))
        return out

    def counted(self, timing: Timing) -> tuple[Ints, Ints]:
        """Count the feasible mentors of each member, (n,), and the feasible members of each mentor, (m,).

        Tells how far it is, and comes to its end even when time is over: what nobody can have is part of any answer.
        """
        if self._open is None:
            loop, by_member = compiled(open_pairs, *CALLEES), np.zeros(self.n, dtype=np.int64)

            def block(first: int) -> Ints:
                by_mentor = np.zeros(self.m, dtype=np.int64)
                loop(first, min(self.n, first + BLOCK_ROWS), self.packed, row_of(self.m), by_member, by_mentor)
                return by_mentor

            by_mentor = np.zeros(self.m, dtype=np.int64)
            with ThreadPoolExecutor(self.threads) as threads:
                for number, counts in enumerate(threads.map(block, range(0, self.n, BLOCK_ROWS))):
                    timing.onward("comparing pairs", number * BLOCK_ROWS, self.n)
                    by_mentor += counts
            self._open = by_member, by_mentor
        return self._open

    def _free_of_charge(self) -> Prices:
        return Prices(np.full(self.n, BEYOND_ANY, dtype=np.int64), 1, np.zeros(self.m, dtype=np.int64))

    def _best_pairs(self, prices: Prices, most: int) -> Pairs:
        return self._in_blocks(partial(self._best, prices, min(most, self.m)))

    def _in_blocks(self, one_block: Callable[[int], Pairs]) -> Pairs:
        return gathered(self._each(one_block, range(0, self.n, BLOCK_ROWS)))

    def _each(self, block: Callable[[int], Part], firsts: Sequence[int]) -> list[Part]:
        with ThreadPoolExecutor(self.threads) as threads:
            return list(threads.map(block, firsts))

    def _best(self, prices: Prices, most: int, first: int) -> Pairs:
        rows, loop = np.arange(first, min(self.n, first + BLOCK_ROWS)), compiled(best_pairs, *CALLEES)
        j, f, gains = (np.empty((len(rows), most), dtype=np.int64) for _ in range(3))
        counts = np.zeros(len(rows), dtype=np.int64)
        loop(rows, most, self.packed, prices, row_of(self.m), (j, f, gains, counts))
        there = np.arange(most) < counts[:, np.newaxis]
        pairs = Pairs(np.repeat(rows.astype(np.int32), counts), j[there].astype(np.int32), f[there].astype(np.int32))
        return pairs.where(np.argsort(pairs.keys(self.m)))

    def _all(self, loop: Callable[..., Any], prices: NamedTuple, first: int) -> Pairs:
        last, room = min(self.n, first + BLOCK_ROWS), ROOM
        while True:
            out = tuple(np.empty(room, dtype=np.int32) for _ in range(3))
            there = loop(first, last, self.packed, prices, row_of(self.m), out)
            if there <= room:
                return Pairs(*(column[:there].copy() for column in out))
            room = there
