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
from matching.scanning import Prices
from matching.survey import Survey


@dataclass(slots=True, kw_only=True)
class HourSurvey(Survey):
    """All feasible pairs of n members and m mentors, none of them stored, and the hours that each shares.

    Prices are those of pairs, or those of pairs at an hour.
    """

    free: FreeHours

    def exceeding(self, prices: Prices | HourPrices, most: int) -> Pairs:
        """Give for each member the `most` pairs that exceed their prices by most."""
        return self._best_pairs(prices, most, np.zeros(self.n, dtype=np.int64))

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

    def _best_pairs(self, prices: Prices | HourPrices, most: int, exceeding: Ints) -> Pairs:
        asked = self._asked(prices)
        strict, loop = asked._replace(pairs=asked.pairs._replace(base=prices.base - 1)), compiled(best_pairs, *CALLEES)
        return self._in_blocks(partial(self._best, loop, strict, most, exceeding))

    def _asked(self, prices: Prices | HourPrices) -> Asked:
        price = prices.price if isinstance(prices, HourPrices) else np.repeat(prices.v[:, None], HOURS_A_WEEK, axis=1)
        return Asked(
            pairs=Prices(prices.base, prices.unit, prices.v),
            price=price,
            members=np.ascontiguousarray(np.moveaxis(self.free.members, 0, -1)),
            mentors=np.ascontiguousarray(np.moveaxis(self.free.mentors, 0, -1)),
            clock=self.free.clock,
        )
