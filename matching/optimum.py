"""Which plan is best over all pairs, listed or not?

Where all pairs are listed, `flow` or `assignment` finds it; where they are too many, `asking` does, and lists hardly
any of them. Both come with the least prices that prove the plan, the same whatever way was taken. So the same pairs are
worth exactly their prices, and among them `canonical` makes the same choice.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from matching import flow
from matching.arrays import Ints
from matching.asking import best_over_all
from matching.assignment import Market, Plan, best_plan
from matching.canonical import canonical
from matching.instance import Instance
from matching.market import market_of, prices_of
from matching.pairs import Pairs
from matching.pins import Unsettled, unsettled
from matching.scanning import Prices
from matching.survey import Survey
from matching.timing import Timing
from matching.weights import Weights


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
    pinned = left.candidates if isinstance(left.candidates, Unsettled) else None
    candidates = pinned.candidates if pinned else left.candidates
    if isinstance(candidates, Survey):
        settled = pinned.settled if pinned else np.zeros(left.n, dtype=np.bool_)
        plan = best_over_all(left, candidates, weights, settled, timing)
        return Optimum(plan.mentor_of, plan.u, plan.v), prices_of(left, weights, plan.u, plan.v)
    with timing.of("flow"):
        plan = _plan(market_of(left, weights, left.candidates.first()), timing)
    prices = prices_of(left, weights, plan.u, plan.v)
    u = plan.u if not timing.is_over else _raised(plan.u, left.candidates.exceeding(prices, 1), prices)
    return Optimum(plan.mentor_of, u, plan.v), prices


def _plan(market: Market, timing: Timing) -> Plan:
    onward = partial(timing.onward, "serving members")
    if flow.holds(market) and onward(0, len(market.order)):
        return flow.best_flow(market)
    return best_plan(market, onward)[0]


def _raised(u: Ints, missing: Pairs, prices: Prices) -> Ints:
    """Raise values until no pair is worth more."""
    excess = np.zeros_like(u)
    np.maximum.at(excess, missing.i, missing.excess(prices))
    return u + excess
