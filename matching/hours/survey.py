"""Which pairs of a large pool matter, where each needs an hour of its own? As `matching.survey`, hours included."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from matching.arrays import Flags, Indices, Ints, Words
from matching.compiling import compiled
from matching.hours.free import FreeHours
from matching.hours.pricing import HourPrices
from matching.hours.scanning import CALLEES, Asked, all_pairs, best_pairs
from matching.pairs import Pairs
from matching.people import HOURS_A_WEEK
from matching.scanning import Prices, row_of
from matching.survey import BLOCK_ROWS, Survey
from matching.timing import Timing


@dataclass(slots=True, kw_only=True)
class HourSurvey(Survey):
    """All feasible pairs of n members and m mentors, none of them stored, and the hours that each shares.

    Prices are those of pairs, or those of pairs at an hour.
    """

    free: FreeHours

    def exceeding(self, prices: Prices | HourPrices, most: int) -> Pairs:
        """Give for each member the `most` pairs that exceed their prices by most."""
        return self._best_pairs(prices._replace(base=prices.base - 1), most)

    def level(self, prices: Prices | HourPrices) -> Pairs:
        """Give all pairs that are worth exactly their prices, provided that none is worth more."""
        return self._in_blocks(partial(self._all, compiled(all_pairs, *CALLEES), self._asked(prices)))

    def among(self, i: Ints, j: Ints) -> Pairs | None:
        """Give these pairs with their fit, in the same order, or None if one of them is not feasible."""
        # Slots make a new class, which `super` without arguments does not know.
        return super(HourSurvey, self).among(i, j) if self.free.meet(i, j).all() else None

    def everything(self) -> Pairs:
        """Give all feasible pairs, however many they are."""
        return self.level(self._free_of_charge())

    def hours(self, i: Indices, j: Indices) -> Words:
        """Give the hours that pairs share."""
        return self.free.hours(i, j)

    def open_to(self) -> Flags:
        """Mark the hours at which mentors can take somebody."""
        return self.free.open_to()

    def _best_pairs(self, prices: Prices | HourPrices, most: int) -> Pairs:
        return self._in_blocks(partial(self._best_at_hours, self._asked(prices), min(most, self.m)))

    def _best_at_hours(self, asked: Asked, most: int, first: int) -> Pairs:
        rows, loop = np.arange(first, min(self.n, first + BLOCK_ROWS)), compiled(best_pairs, *CALLEES)
        j, f = (np.empty((len(rows), most), dtype=np.int64) for _ in range(2))
        counts = np.zeros(len(rows), dtype=np.int64)
        loop(rows, most, self.packed, asked, row_of(self.m), (j, f, counts))
        there = np.arange(most) < counts[:, np.newaxis]
        pairs = Pairs(np.repeat(rows.astype(np.int32), counts), j[there].astype(np.int32), f[there].astype(np.int32))
        return pairs.where(np.argsort(pairs.keys(self.m)))

    def counted(self, timing: Timing) -> tuple[Ints, Ints]:  # noqa: ARG002 - quick beside what follows
        """Count as `Survey` does, with the pairs that share an hour."""
        if self._open is None:
            loop, asked = compiled(all_pairs, *CALLEES), self._asked(self._free_of_charge())
            by_member = np.zeros(self.n, dtype=np.int64)

            def block(first: int) -> Ints:
                pairs, rows = self._all(loop, asked, first), by_member[first : first + BLOCK_ROWS]
                rows += np.bincount(pairs.i - first, minlength=len(rows))
                return np.bincount(pairs.j, minlength=self.m)

            by_mentor = sum(self._each(block, range(0, self.n, BLOCK_ROWS)), np.zeros(self.m, dtype=np.int64))
            self._open = by_member, by_mentor
        return self._open

    def _asked(self, prices: Prices | HourPrices) -> Asked:
        price = prices.price if isinstance(prices, HourPrices) else np.repeat(prices.v[:, None], HOURS_A_WEEK, axis=1)
        return Asked(
            pairs=Prices(prices.base, prices.unit, prices.v),
            price=price,
            members=np.ascontiguousarray(np.moveaxis(self.free.members, 0, -1)),
            mentors=np.ascontiguousarray(np.moveaxis(self.free.mentors, 0, -1)),
            clock=self.free.clock,
        )
