"""Is an answer in which each pair has an hour of its own really the best?

As `matching.certificate` has it, with one price more: p_jh >= 0 for hour h of mentor j. Let

    u_i + v_j + p_jh >= w_ij                                         for every feasible pair and each hour it shares

Then no plan is worth more than

    sum of u_i   +   sum over free places k of max(0, v_j - floor(8 k / c_j))   +   sum of p_jh                 (dual)

for each pair of a plan has an hour h at which w_ij <= u_i + v_j + p_jh, and no p_jh occurs twice, as an hour of a
mentor is one member's. So of each pair only the cheapest hour that it shares needs to be looked at. A pin is a pair
whose member has no other, and counts as of a rank by R higher (`hours.pins`): that much more is on both sides.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from matching.arrays import Ints
from matching.hours.free import unpacked_hours
from matching.hours.market import timetable
from matching.hours.pins import with_pins_first
from matching.hours.pricing import excess, prices_by_hour
from matching.instance import Instance
from matching.pairs import Pairs
from matching.people import HOURS_A_WEEK
from matching.weights import LARGEST_DUAL, Weights


def hour_complaints(instance: Instance, pairs: Pairs, hours: Mapping[str, int]) -> Iterator[str]:
    """Say why the pairs of a plan cannot meet at these hours, told by member."""
    assert instance.hourly is not None
    told = [hours.get(instance.member_ids[i], -1) for i in pairs.i.tolist()]
    if len(hours) != len(pairs) or not all(0 <= hour < HOURS_A_WEEK for hour in told):
        yield "a proposal has no hour"
        return
    hour = np.array(told, dtype=np.int64)
    if not unpacked_hours(instance.hourly.hours(pairs.i, pairs.j))[np.arange(len(pairs)), hour].all():
        yield "a proposal has an hour that is not free for both"
    if len(np.unique(pairs.j.astype(np.int64) * HOURS_A_WEEK + hour)) < len(pairs):
        yield "a mentor has two proposals at one hour"


def is_exceeded(instance: Instance, weights: Weights, u: Ints, v: Ints, p: Ints) -> bool:
    """Tell whether a feasible pair is worth more than its duals u (n,), v (m,), p (m, hours) at an hour it shares."""
    left = with_pins_first(instance)
    assert left.hourly is not None
    times = timetable(left.hourly.open_to())
    base = weights.rank * left.r - u
    prices = prices_by_hour(base, weights.fit, v, p[times.mentor, times.hour], times)
    pins = left.hourly.among(*np.divmod(instance.pins, max(1, instance.m)))
    assert pins is not None
    return bool(len(left.hourly.exceeding(prices, 1)) or (excess(left.hourly, pins, prices) > 0).any())


def hour_prices(instance: Instance, told: Mapping[str, Mapping[int, int]]) -> Ints | None:
    """Lay out the prices of hours, shape (m, hours); None if one is negative, too great, or belongs to nobody."""
    j = {mentor: index for index, mentor in enumerate(instance.mentor_ids)}
    p = np.zeros((instance.m, HOURS_A_WEEK), dtype=np.int64)
    for mentor, prices in told.items():
        for hour, price in prices.items():
            if mentor not in j or not 0 <= hour < HOURS_A_WEEK or not 0 <= price <= LARGEST_DUAL:
                return None
            p[j[mentor], hour] = price
    return p


def raised_by_pins(instance: Instance, weights: Weights) -> int:
    """Say how much more pins count for than their rank."""
    return weights.rank * int(instance.r.max(initial=0)) * len(instance.pins)
