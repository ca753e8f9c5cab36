"""Which of all best plans is the plan, where every pair needs an hour of its own?

All best plans with hours are those that any best prices allow: pairs at hours worth exactly u_i + v_j + p_jh, every
member served whose u_i is not zero, every hour taken whose price is not zero, every place taken that costs less than
v_j, none that costs more. Who meets whom is chosen among those as in `matching.canonical`: most pairs kept, then most
lots, drawn again where two plans draw equally many. The hours of the plan are then found by `seating`; that a plan is
best does not depend on them.

Two plans that differ only in hours are one here. So whether a plan is the only one is asked of its moves at no loss: is
there a round of them, back to where it began, in which somebody changes mentor, begins to wait or stops?
"""

from itertools import count

import numpy as np

from matching.arrays import Ints
from matching.assignment import NOBODY, Market
from matching.canonical import LARGEST_WORTH_BITS, _face, lots
from matching.hours.assignment import HourPlan, best_hours
from matching.hours.circuits import on_a_circuit
from matching.hours.market import HourMarket, Timetable, shared_slots
from matching.hours.pricing import HourPrices
from matching.instance import Instance
from matching.market import places, rows
from matching.pairs import Pairs


def canonical_mentors(instance: Instance, pairs: Pairs, times: Timetable, prices: HourPrices, u: Ints, v: Ints) -> Ints:
    """Choose among the plans that the prices allow on `pairs`, all that are worth exactly the cheapest of their hours.

    Gives each member's mentor or -1, shape (n,).
    """
    for attempt in count():
        market = _market(instance, pairs, times, prices, u, v, attempt)
        plan, _ = best_hours(market)
        if _is_only_one(market, plan):
            return mentors_of(plan, times)
    raise AssertionError


def mentors_of(plan: HourPlan, times: Timetable) -> Ints:
    """Say whose hour each member has, -1 for none, shape (n,)."""
    return np.where(plan.slot_of == NOBODY, NOBODY, np.append(times.mentor, NOBODY)[plan.slot_of])


def _market(
    instance: Instance, pairs: Pairs, times: Timetable, prices: HourPrices, u: Ints, v: Ints, attempt: int
) -> HourMarket:
    """Weigh what must be before what is kept, and that before the lots; a change gives each member another mentor once.

    An hour without a price, like a place that need not be taken, costs what taking one that must be brings.
    """
    assert instance.hourly is not None
    face = _face(instance, pairs, u, v)
    spare = (min(instance.n, int(instance.free_places().sum())) + 2).bit_length()
    lot_bits = LARGEST_WORTH_BITS - 2 * spare
    kept_worth, must_worth = 1 << (lot_bits + spare), 1 << (lot_bits + 2 * spare + 1)
    kept = np.isin(pairs.keys(instance.m), instance.kept)
    drawn = (lots(instance, pairs, attempt) >> np.uint64(64 - lot_bits)).astype(np.int64)
    place, j, k = places(face.most)
    market = Market(
        order=np.lexsort((-instance.r, -face.must)),
        row=rows(pairs, instance.n),
        mentor=pairs.j,
        worth=drawn + 1 + kept_worth * kept + must_worth * (face.must[pairs.i] + 2),
        place=place,
        cost=np.where(k < face.least[j], 0, must_worth),
    )
    pair, slot = shared_slots(times, instance.hourly.hours(pairs.i, pairs.j), pairs.j)
    price = prices.price[times.mentor, times.hour]
    worth = prices.base[pairs.i] + prices.unit * pairs.f.astype(np.int64)
    level = price[slot] == worth[pair]
    first = np.searchsorted(pair[level], np.arange(len(pairs) + 1))
    fee = np.where(price > v[times.mentor], 0, must_worth)
    return HourMarket(*market, first, slot[level], times.begin, times.mentor, fee)


def _is_only_one(market: HourMarket, plan: HourPlan) -> bool:
    """Tell whether no other plan is as good: whether no moves at no loss, by which a pair changes, form a circuit.

    Nodes are the hours taken, whose members look for another; the mentors, when they have one member too many; and
    one for all who wait and all places to spare.
    """
    slots, m = len(market.home), len(plan.v)
    member = np.repeat(np.arange(len(plan.u)), np.diff(market.row))
    pair = np.repeat(np.arange(len(market.mentor)), np.diff(market.first))
    i, j, s = member[pair], market.mentor[pair], market.slot
    free = plan.taken_by[s] == NOBODY
    price = np.where(free, plan.v[j] + market.fee[s], plan.q[s])
    at_no_loss = (plan.u[i] + price == market.worth[pair]) & (plan.taken_by[s] != i)
    here, elsewhere = plan.slot_of[i], slots + m
    served = np.flatnonzero((plan.slot_of != NOBODY) & (plan.u == 0))
    taken = np.flatnonzero(plan.taken_by != NOBODY)
    given_up = taken[plan.q[taken] == (plan.v[market.home] + market.fee)[taken]]
    next_place = market.place[:-1] + plan.load
    spare = np.flatnonzero(next_place < market.place[1:])
    spare = spare[market.cost[next_place[spare]] == plan.v[spare]]
    last = np.flatnonzero(plan.load > 0)
    last = last[market.cost[next_place[last] - 1] == plan.v[last]]
    arcs = [
        (np.where(here == NOBODY, elsewhere, here)[at_no_loss], np.where(free, slots + j, s)[at_no_loss]),
        (plan.slot_of[served], np.full(len(served), elsewhere)),
        (slots + market.home[given_up], given_up),
        (slots + spare, np.full(len(spare), elsewhere)),
        (np.full(len(last), elsewhere), slots + last),
    ]
    home = np.append(market.home, NOBODY)
    changes = [(home[here] != j)[at_no_loss], np.ones(len(served), dtype=np.bool_)]
    changes += [np.zeros(len(tails), dtype=np.bool_) for tails, _ in arcs[2:]]
    tails, heads = (np.concatenate(ends) for ends in zip(*arcs, strict=True))
    return not on_a_circuit(tails, heads, np.concatenate(changes), elsewhere + 1)
