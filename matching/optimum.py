"""Which plan is best over all pairs, without listing them all?

Begin with some pairs of each member; find the best plan on those and its least prices; look for pairs, among all, that
are worth more than their prices; add them and start over, or mend the plan if they are few. When there are none, the
plan is best over all pairs, and the prices are the least that prove it: prices that hold for all pairs hold for some of
them, where none are less.
"""

from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from matching import flow
from matching.arrays import Ints
from matching.assignment import NOBODY, Market, Plan, best_plan
from matching.canonical import canonical
from matching.instance import Instance
from matching.market import market_of, prices_of
from matching.mending import mended
from matching.pairs import Pairs
from matching.pins import unsettled
from matching.scanning import Prices
from matching.timing import Timing
from matching.weights import Weights

MORE: Final = 16
MENDED_PART: Final = 4
"""A plan is mended when less than one in so many of those served came to know more mentors."""


@dataclass(frozen=True, slots=True)
class Optimum:
    """Each member's mentor or -1, shape (n,), with values u (n,) and prices v (m,) that no pair is worth more than.

    Where each pair has an hour of its own, `hour_of` (n,) says which, and p (m, hours) what hours cost beside places.
    """

    mentor_of: Ints
    u: Ints
    v: Ints
    hour_of: Ints | None = None
    p: Ints | None = None


def optimum(instance: Instance, weights: Weights, timing: Timing) -> Optimum:
    """Find the best plan that is canonical, and the least prices that prove it; or the best that there was time for."""
    left = unsettled(instance)
    found, prices = _best(left, weights, timing)
    if not timing.is_over:
        with timing.of("choice"):
            chosen = canonical(left, left.candidates.level(prices), found.u, found.v)
            found = Optimum(chosen, found.u, found.v)
    i, j = np.divmod(instance.pins, max(1, instance.m))
    found.mentor_of[i] = j
    return found


def _best(left: Instance, weights: Weights, timing: Timing) -> tuple[Optimum, Prices]:
    with timing.of("pairs"):
        pairs = left.candidates.first()
    before: tuple[Optimum, Prices] | None = None
    plan, is_whole, widened = None, True, np.empty(0, dtype=np.int64)
    while True:
        with timing.of("flow"):
            market = market_of(left, weights, pairs)
            if plan is not None and MENDED_PART * len(widened) < np.count_nonzero(plan.mentor_of != NOBODY):
                plan = mended(market, plan, widened)
            else:
                plan, is_whole = _plan(market, timing)
        if before and not is_whole:
            return before
        prices = prices_of(left, weights, plan.u, plan.v)
        with timing.of("pricing"):
            missing = left.candidates.exceeding(prices, MORE)
        before = Optimum(plan.mentor_of, _raised(plan.u, missing, prices), plan.v), prices
        if not len(missing) or not is_whole:
            return before
        pairs, widened = pairs.joined(missing, left.m), np.unique(missing.i)


def _plan(market: Market, timing: Timing) -> tuple[Plan, bool]:
    onward = partial(timing.onward, "serving members")
    if flow.holds(market) and onward(0, len(market.order)):
        return flow.best_flow(market), True
    return best_plan(market, onward)


def _raised(u: Ints, missing: Pairs, prices: Prices) -> Ints:
    """Raise values until no pair is worth more."""
    excess = np.zeros_like(u)
    np.maximum.at(excess, missing.i, missing.excess(prices))
    return u + excess
