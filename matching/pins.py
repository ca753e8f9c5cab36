"""Which pairs are settled beforehand, and what is left to decide?

A pinned pair is part of every plan. So its member is out of the question, and its mentor has one open match more; what
is left is a problem of the same kind, and its certificate proves the whole.
"""

from dataclasses import dataclass, replace

import numpy as np

from matching.arrays import Flags, Ints
from matching.instance import Candidates, Instance
from matching.pairs import Pairs
from matching.scanning import FAR_BELOW, Prices


@dataclass(frozen=True, slots=True)
class Unsettled:
    """The pairs of all members but those who are settled, as `candidates` gives them; `settled` has shape (n,)."""

    candidates: Candidates
    settled: Flags

    def first(self) -> Pairs:
        """Give some pairs to begin with."""
        pairs = self.candidates.first()
        return pairs.where(~self.settled[pairs.i])

    def exceeding(self, prices: Prices, most: int) -> Pairs:
        """Give pairs that are worth more than their prices."""
        return self.candidates.exceeding(self._above_all(prices), most)

    def level(self, prices: Prices) -> Pairs:
        """Give all pairs that are worth exactly their prices."""
        return self.candidates.level(self._above_all(prices))

    def among(self, i: Ints, j: Ints) -> Pairs | None:
        """Give these pairs with their fit, or None if one of them is not feasible."""
        return self.candidates.among(i, j)

    def mentors_open_to(self) -> Ints:
        """Count the feasible mentors of each member."""
        return self.candidates.mentors_open_to()

    def _above_all(self, prices: Prices) -> Prices:
        return prices._replace(base=np.where(self.settled, FAR_BELOW, prices.base))


def unsettled(instance: Instance) -> Instance:
    """Give what is left of an instance when its pins are settled."""
    if not len(instance.pins):
        return instance
    i, j = np.divmod(instance.pins, instance.m)
    settled = np.zeros(instance.n, dtype=np.bool_)
    settled[i] = True
    return replace(
        instance,
        o=instance.o + np.bincount(j, minlength=instance.m),
        candidates=Unsettled(instance.candidates, settled),
        pins=instance.pins[:0],
    )
