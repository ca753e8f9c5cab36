"""Which plan is best where every pair needs an hour of its own, over all pairs?

As `matching.optimum` does it: the best plan on some pairs, its least prices, all pairs that are worth more than the
cheapest hour they share, and again, until there are none. A pin is a member who has no other pair and whose rank is
raised above everybody's: so all pins are kept if they can be, and hours are still found for everybody together.
"""

from functools import partial
from typing import Final

import numpy as np

from matching.arrays import Ints
from matching.assignment import NOBODY
from matching.hours.assignment import HourPlan, best_hours
from matching.hours.canonical import canonical_mentors, mentors_of
from matching.hours.market import Timetable, on_hours, timetable
from matching.hours.pins import with_pins_first
from matching.hours.pricing import Hourly, HourPrices, excess, prices_by_hour
from matching.hours.seating import earliest_hours
from matching.instance import Instance
from matching.market import market_of
from matching.optimum import Optimum
from matching.pairs import Pairs
from matching.scanning import BEYOND_ANY
from matching.timing import Timing
from matching.validity import HoursShort
from matching.weights import Weights

MORE: Final = 16


def hour_optimum(instance: Instance, weights: Weights, timing: Timing) -> Optimum:
    """Find the best plan that is canonical, and the least prices that prove it; or the best that there was time for.

    Raises `HoursShort` if the pins cannot all have an hour of their own.
    """
    left = with_pins_first(instance)
    assert left.hourly is not None
    times = timetable(left.hourly.open_to())
    plan = _best(left, left.hourly, times, weights, timing)
    mentor_of = mentors_of(plan, times)
    if (mentor_of[instance.pins // max(1, instance.m)] == NOBODY).any():
        raise HoursShort("pins: they cannot all have an hour of their own")
    prices = prices_of_plan(left, weights, plan, times)
    if not timing.is_over:
        with timing.of("choice"):
            level = left.hourly.level(prices)
            mentor_of = canonical_mentors(left, level, times, prices, plan.u, plan.v)
    p = np.where(prices.price < BEYOND_ANY, prices.price - plan.v[:, np.newaxis], 0)
    return Optimum(mentor_of, plan.u, plan.v, earliest_hours(left, mentor_of), p)


def _best(left: Instance, hourly: Hourly, times: Timetable, weights: Weights, timing: Timing) -> HourPlan:
    with timing.of("pairs"):
        pairs = hourly.first()
    before: HourPlan | None = None
    while True:
        with timing.of("flow"):
            market = on_hours(market_of(left, weights, pairs), times, hourly.hours(pairs.i, pairs.j))
            plan, is_whole = best_hours(market, len(left.pins), partial(timing.onward, "serving members"))
        if before and not is_whole:
            return before
        prices = prices_of_plan(left, weights, plan, times)
        with timing.of("pricing"):
            missing = hourly.exceeding(prices, MORE)
        before = plan._replace(u=_raised(plan.u, hourly, missing, prices))
        if not len(missing) or not is_whole:
            return before
        pairs = pairs.joined(missing, left.m)


def prices_of_plan(left: Instance, weights: Weights, plan: HourPlan, times: Timetable) -> HourPrices:
    """Give what each pair must outweigh at each hour to be worth more than its duals."""
    p = np.where(plan.taken_by == NOBODY, 0, plan.q - plan.v[times.mentor])
    return prices_by_hour(weights.rank * left.r - plan.u, weights.fit, plan.v, p, times)


def _raised(u: Ints, hourly: Hourly, missing: Pairs, prices: HourPrices) -> Ints:
    """Raise values until no pair is worth more."""
    by = np.zeros_like(u)
    np.maximum.at(by, missing.i, excess(hourly, missing, prices))
    return u + by
