"""What is a plan with side constraints measured by, one level after the other?

Every goal adds up whole numbers: so much for a pair, so much for a place that is taken, so much for what a demand is
short of; the most is best. A pair is worth `base[i] + unit f_ij`, which can be told for all pairs at once, and for the
last goals also something of its own, told only of pairs that are listed.

The goals are, in this order: to be short of nothing (only if there are demands, and then a plan that is short of
something is no plan); the order of serving; the fit; the evenness; pairs kept from the preceding round; the lots of
`canonical`, of which 24 bits are drawn. That two best plans draw lots with equal sums has a chance of less than one in
2^24 for each pair that is still in question (the isolation lemma of Mulmuley, Vazirani and Vazirani, 1987).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from matching.arrays import Ints
from matching.canonical import lots
from matching.instance import Instance
from matching.pairs import Pairs

SHORTFALL, ORDER, FIT, EVENNESS, KEPT, LOTS = (
    "shortfall",
    "order_of_serving",
    "fit",
    "evenness",
    "kept",
    "lots",
)
LOT_BITS: Final = 24
CHOICES: Final = frozenset({KEPT, LOTS})
"""The goals that choose among best plans."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What is added up: `place` by cost of evenness, shape (levels,), `short` for each unit that a demand is short.

    `step` is by how much a best plan may well fall behind what a linear program promises.
    """

    name: str
    base: Ints
    unit: int
    place: Ints
    step: int
    short: int = 0
    own: Callable[[Pairs], Ints] | None = None

    def of(self, pairs: Pairs) -> Ints:
        """Say what each pair is worth."""
        worth: Ints = self.base[pairs.i] + self.unit * pairs.f.astype(np.int64)
        return worth if self.own is None else worth + self.own(pairs)


def goals_of(instance: Instance, *, demands: bool) -> tuple[Goal, ...]:
    """List the goals; `instance` is without its pins."""
    nothing, no_place = np.zeros(instance.n, dtype=np.int64), np.zeros(instance.levels, dtype=np.int64)
    goals = [
        Goal(ORDER, instance.r, 0, no_place, 1),
        Goal(FIT, nothing, 1, no_place, 16),
        Goal(EVENNESS, nothing, 0, -np.arange(instance.levels), 1),
        Goal(LOTS, nothing, 0, no_place, 1 << LOT_BITS, own=lambda pairs: _drawn(instance, pairs)),
    ]
    if len(instance.kept):
        goals.insert(3, Goal(KEPT, nothing, 0, no_place, 1, own=lambda pairs: _kept(instance, pairs)))
    if demands:
        goals.insert(0, Goal(SHORTFALL, nothing, 0, no_place, 1, short=-1))
    return tuple(goals)


def _drawn(instance: Instance, pairs: Pairs) -> Ints:
    return (lots(instance, pairs, 0) >> np.uint64(64 - LOT_BITS)).astype(np.int64)


def _kept(instance: Instance, pairs: Pairs) -> Ints:
    return np.isin(pairs.keys(instance.m), instance.kept).astype(np.int64)
