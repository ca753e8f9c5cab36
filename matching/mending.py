"""What changes in a best plan when some members come to know more mentors?

Those members leave and are served anew, as `assignment` does it; a place that somebody left counts as free at its
price. Places that are still empty then, though their price is not down to their cost, are filled at the least loss: by
somebody who waits, or by somebody of another mentor, whose place is then filled in turn, or not at all, and prices fall
by that. So the plan is best again and proven; in the end all prices are lowered to the least that prove it.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np

from matching import assignment
from matching.arrays import Ints
from matching.assignment import LENGTH, MEMBER, MENTOR, NOBODY, Market, Plan, Search, _end, _place_of, serve
from matching.compiling import compiled
from matching.heap import NOWHERE, Heap, clear, pop, push


class Columns(NamedTuple):
    """Pairs by mentor, shape (pairs,), those of j from `column[j]` on."""

    column: Ints
    member: Ints
    worth: Ints


def mended(market: Market, before: Plan, widened: Ints) -> Plan:
    """Find a best plan with its least prices on a market where the `widened` members have got more pairs."""
    plan, is_widened = _seated(market, before), np.zeros(len(before.u), dtype=np.bool_)
    is_widened[widened] = True
    for i, j in zip(widened.tolist(), plan.mentor_of[widened].tolist(), strict=True):
        plan.u[i] = 0
        if j != NOBODY:
            leave(i, j, market, plan)
    again = market._replace(order=market.order[is_widened[market.order]])
    _run(serve, 0, len(again.order), again, plan, *assignment.room_for(len(plan.v)))
    _run(fill_all, market, _columns(market), plan, *assignment.room_for(len(plan.v)))
    _run(lower, market, plan, *assignment.room_for(len(plan.v)))
    return plan


def _run(loop: Callable[..., None], *arguments: Any) -> None:
    compiled(loop, *CALLEES)(*arguments)


def _seated(market: Market, before: Plan) -> Plan:
    """Seat everybody with whom they were, in the places of this market."""
    load = np.bincount(before.mentor_of[before.mentor_of != NOBODY], minlength=len(before.v))
    seated = np.full(len(market.cost), NOBODY, dtype=np.int64)
    served = np.argsort(before.mentor_of, kind="stable")[np.count_nonzero(before.mentor_of == NOBODY) :]
    j = before.mentor_of[served]
    seated[market.place[j] + np.arange(len(j)) - np.searchsorted(j, j)] = served
    return Plan(before.mentor_of.copy(), before.u.copy(), before.v.copy(), load, seated)


def _columns(market: Market) -> Columns:
    order = np.argsort(market.mentor, kind="stable")
    member = np.repeat(np.arange(len(market.row) - 1), np.diff(market.row))[order]
    return Columns(np.searchsorted(market.mentor[order], np.arange(len(market.place))), member, market.worth[order])


def leave(i: int, j: int, market: Market, plan: Plan) -> None:
    """Let a member leave their mentor; who sat last takes their seat."""
    plan.load[j] -= 1
    plan.seated[_place_of(i, j, market, plan)] = plan.seated[market.place[j] + plan.load[j]]
    plan.mentor_of[i] = NOBODY


def join(i: int, j: int, market: Market, plan: Plan) -> None:
    """Let a member have a free place of a mentor."""
    plan.seated[market.place[j] + plan.load[j]] = i
    plan.load[j] += 1
    plan.mentor_of[i] = j


def fill_all(market: Market, columns: Columns, plan: Plan, search: Search, heap: Heap) -> None:
    """Fill the empty places whose price is above their cost, one after the other."""
    turn = 0
    for hole in range(len(plan.v)):
        while _is_too_dear(hole, market, plan):
            settled = _search_back(hole, turn, market, columns, plan, search, heap)
            _sink_prices(settled, market, plan, search)
            _fill(hole, market, plan, search)
            turn += 1


def _is_too_dear(j: int, market: Market, plan: Plan) -> bool:
    free = market.place[j] + plan.load[j]
    return bool(free < market.place[j + 1] and plan.v[j] > market.cost[free])


def _search_back(hole: int, turn: int, market: Market, columns: Columns, plan: Plan, search: Search, heap: Heap) -> int:
    """Find at the least loss where the hole may end; returns how many mentors lie nearer than that."""
    free = market.place[hole] + plan.load[hole]
    _end(search, plan.v[hole] - market.cost[free], hole, NOBODY)
    search.reached[hole] = turn
    search.distance[hole] = 0
    push(heap, hole, 0)
    settled = 0
    while heap.size[0] > 0 and heap.keys[0] < search.end[LENGTH]:
        j = pop(heap)
        search.settled[settled] = j
        settled += 1
        if j != hole:
            last = market.place[j] + plan.load[j] - 1
            if search.distance[j] + plan.v[j] - market.cost[last] < search.end[LENGTH]:
                _end(search, search.distance[j] + plan.v[j] - market.cost[last], j, NOBODY)
        _look_back(j, turn, columns, plan, search, heap)
    clear(heap)
    return settled


def _look_back(j: int, turn: int, columns: Columns, plan: Plan, search: Search, heap: Heap) -> None:
    """See who might take a place of a mentor, and where that would leave one."""
    for pair in range(columns.column[j], columns.column[j + 1]):
        i: int = columns.member[pair]
        h: int = plan.mentor_of[i]
        if h == j:
            continue
        distance = search.distance[j] + plan.u[i] + plan.v[j] - columns.worth[pair]
        if distance >= search.end[LENGTH]:
            continue
        if h == NOBODY:
            _end(search, distance, j, i)
        elif search.reached[h] != turn or (heap.at[h] != NOWHERE and distance < search.distance[h]):
            search.reached[h] = turn
            search.distance[h] = distance
            search.by[h] = i
            search.towards[h] = j
            push(heap, h, distance)


def _sink_prices(settled: int, market: Market, plan: Plan, search: Search) -> None:
    """Lower the prices of all mentors nearer than the end, and raise what their members gain."""
    for number in range(settled):
        j = search.settled[number]
        nearer = search.end[LENGTH] - search.distance[j]
        plan.v[j] -= nearer
        for place in range(market.place[j], market.place[j] + plan.load[j]):
            plan.u[plan.seated[place]] += nearer


def _fill(hole: int, market: Market, plan: Plan, search: Search) -> None:
    """Let everybody on the way move, and whoever waits at its end join."""
    j: int = search.end[MENTOR]
    while j != hole:  # all leave before anybody joins, or there would be no seats
        leave(search.by[j], j, market, plan)
        j = search.towards[j]
    j = search.end[MENTOR]
    while j != hole:
        join(search.by[j], search.towards[j], market, plan)
        j = search.towards[j]
    if search.end[MEMBER] != NOBODY:
        join(search.end[MEMBER], search.end[MENTOR], market, plan)


def lower(market: Market, plan: Plan, search: Search, heap: Heap) -> None:
    """Lower all prices to the least that prove the plan: by how far each mentor is from whatever holds a price up."""
    turn = 0
    for j in range(len(plan.v)):
        held_by = market.cost[market.place[j] + plan.load[j] - 1] if plan.load[j] > 0 else 0
        search.reached[j] = turn
        search.distance[j] = plan.v[j] - held_by
        push(heap, j, search.distance[j])
    _end(search, 1 << 61, NOBODY, NOBODY)
    for i in range(len(plan.u)):
        if plan.mentor_of[i] == NOBODY:
            _loosen(i, 0, market, plan, search, heap)
    while heap.size[0] > 0:
        j = pop(heap)
        for place in range(market.place[j], market.place[j] + plan.load[j]):
            _loosen(plan.seated[place], search.distance[j], market, plan, search, heap)
    for j in range(len(plan.v)):
        plan.v[j] -= search.distance[j]
        for place in range(market.place[j], market.place[j] + plan.load[j]):
            plan.u[plan.seated[place]] += search.distance[j]


def _loosen(i: int, so_far: int, market: Market, plan: Plan, search: Search, heap: Heap) -> None:
    """Hold the prices of a member's mentors up: beyond this they would be worth more to the member."""
    for pair in range(market.row[i], market.row[i + 1]):
        j = market.mentor[pair]
        distance = so_far + plan.u[i] + plan.v[j] - market.worth[pair]
        if heap.at[j] != NOWHERE and distance < search.distance[j]:
            search.distance[j] = distance
            push(heap, j, distance)


CALLEES: Final[tuple[Any, ...]] = (
    *assignment.CALLEES,
    leave,
    join,
    _is_too_dear,
    _search_back,
    _look_back,
    _sink_prices,
    _fill,
    _loosen,
)
