"""Which plan is best on a given list of pairs and their hours? Members are served one by one, each at the least loss.

    Data:       as in `matching.assignment`; of each pair (i, j) the hours s that both have free, all of them mentor
                j's; a fee f_s for taking an hour, 0 but for the canonical choice.
    Problem:    the greatest sum of w_ij over the pairs of the plan, less the costs of places and the fees of hours,
                each mentor's hour being taken by one member at most.
    Duals:      a value u_i, a price v_j of a place and a price p_s >= 0 of an hour, with u_i + v_j + f_s + p_s >= w_ij
                for each pair and each hour that it shares, equality for those of the plan, and p_s = 0 for hours not
                taken. The rest is as there.
    Step:       the next member looks for the shortest way to a free place, or to somebody who may wait instead. A way
                leads to an hour that is taken, whose member then looks further; or, by an hour that is not, to a mentor
                who has one member too many: the mentor has a place for them, or lets a member of another hour go.

It is the same method with the prices kept as they go, on a network with a node for each hour taken; its price with the
place is q_s = v_j + f_s + p_s. Free hours need no node, as their price is that of the place and the fee. Prices begin
at zero and none rises by more than it must, so they are the least that prove the plan.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np

from matching.arrays import Ints
from matching.assignment import NOBODY, STRETCH, Onward, always
from matching.compiling import compiled
from matching.heap import NOWHERE, Heap, _put, _sink, clear, pop, push
from matching.hours.market import HourMarket

THE_MENTOR: Final = -2
COMPILED_FROM_HOURS: Final = 30_000
LENGTH, NODE = range(2)


class HourPlan(NamedTuple):
    """Each member's hour or -1 and value, (n,), each mentor's price and load, (m,), each hour's price and who has it.

    `q` holds the price of an hour with its place, and means something where the hour is taken, (slots,).
    """

    slot_of: Ints
    u: Ints
    v: Ints
    load: Ints
    q: Ints
    taken_by: Ints


class HourSearch(NamedTuple):
    """What one search has found, by node: hours first, and mentors after them.

    `distance`, `reached` and `settled` as in `assignment`. `by` is who takes the hour, or the free hour `through` which
    they come to a mentor; `THE_MENTOR` where the mentor lets the hour's member go. `end` holds the length and the node
    at which the way ends: none if the searcher waits, a mentor who has a place, or an hour whose member waits.
    """

    distance: Ints
    reached: Ints
    by: Ints
    through: Ints
    settled: Ints
    end: Ints


def best_hours(market: HourMarket, at_once: int = 0, onward: Onward = always) -> tuple[HourPlan, bool]:
    """Find a best plan with its least prices, or as much of it as there was time for; says whether it is all.

    The first `at_once` members are served without asking whether there is time.
    """
    n, m, slots = len(market.row) - 1, len(market.place) - 1, len(market.home)
    plan = HourPlan(_full(n, NOBODY), _full(n), _full(m), _full(m), _full(slots), _full(slots, NOBODY))
    nodes = slots + m
    search = HourSearch(_full(nodes), _full(nodes, NOBODY), _full(nodes), _full(m), _full(nodes), _full(2))
    heap = Heap(_full(nodes), _full(nodes), _full(nodes, NOWHERE), _full(1))
    if len(market.slot) >= COMPILED_FROM_HOURS:
        return plan, _in_stretches(compiled(serve, *CALLEES), at_once, onward, market, plan, search, heap)
    listed: list[Any] = [type(part)(*(column.tolist() for column in part)) for part in (market, plan, search, heap)]
    is_whole = _in_stretches(serve, at_once, onward, *listed)
    return HourPlan(*(np.array(column, dtype=np.int64) for column in listed[1])), is_whole


def _full(length: int, value: int = 0) -> Ints:
    return np.full(length, value, dtype=np.int64)


def _in_stretches(loop: Callable[..., None], at_once: int, onward: Onward, market: HourMarket, *parts: Any) -> bool:
    total = len(market.order)
    loop(0, at_once, market, *parts)
    for first in range(at_once, total, STRETCH):
        if not onward(first, total):
            return False
        loop(first, min(total, first + STRETCH), market, *parts)
    return True


def serve(first: int, last: int, market: HourMarket, plan: HourPlan, search: HourSearch, heap: Heap) -> None:
    """Serve members in turn, as far as it brings anything."""
    for turn in range(first, last):
        i = market.order[turn]
        _value(i, market, plan)
        if plan.u[i] > 0:
            settled = _search(i, turn, market, plan, search, heap)
            _raise(i, settled, plan, search)
            _move(i, market, plan, search)


def _value(i: int, market: HourMarket, plan: HourPlan) -> None:
    """Find what the best hour of the best mentor is worth to a member at present prices."""
    most = 0
    for pair in range(market.row[i], market.row[i + 1]):
        v = plan.v[market.mentor[pair]]
        if market.worth[pair] - v > most:
            for shared in range(market.first[pair], market.first[pair + 1]):
                s = market.slot[shared]
                price = v + market.fee[s] if plan.taken_by[s] == NOBODY else plan.q[s]
                most = max(most, market.worth[pair] - price)
    plan.u[i] = most


def _search(i: int, turn: int, market: HourMarket, plan: HourPlan, search: HourSearch, heap: Heap) -> int:
    """Find the shortest way from a member to an end; returns how many nodes lie nearer than that."""
    slots = len(plan.q)
    search.end[LENGTH] = plan.u[i]
    search.end[NODE] = NOBODY
    _look(i, 0, turn, market, plan, search, heap)
    settled = 0
    while heap.size[0] > 0 and heap.keys[0] < search.end[LENGTH]:
        node = pop(heap)
        search.settled[settled] = node
        settled += 1
        so_far = search.distance[node]
        if node >= slots:
            _let_go(node - slots, so_far, turn, market, plan, search, heap)
            continue
        member = plan.taken_by[node]
        if so_far + plan.u[member] < search.end[LENGTH]:
            search.end[LENGTH] = so_far + plan.u[member]
            search.end[NODE] = node
        _look(member, so_far, turn, market, plan, search, heap)
    clear(heap)
    return settled


def _look(i: int, so_far: int, turn: int, market: HourMarket, plan: HourPlan, search: HourSearch, heap: Heap) -> None:
    """Reach from a member to the hours of mentors, none of them beyond the nearest end."""
    for pair in range(market.row[i], market.row[i + 1]):
        j = market.mentor[pair]
        distance = so_far + plan.u[i] - market.worth[pair]
        if distance + plan.v[j] >= search.end[LENGTH]:
            continue
        free = NOBODY
        for shared in range(market.first[pair], market.first[pair + 1]):
            s = market.slot[shared]
            if plan.taken_by[s] == NOBODY and (free == NOBODY or market.fee[s] < market.fee[free]):
                free = s
        if free != NOBODY:
            _come(i, j, free, distance + plan.v[j] + market.fee[free], turn, market, plan, search, heap)
        for shared in range(market.first[pair], market.first[pair + 1]):
            s = market.slot[shared]
            # Where a free hour costs no more, the mentor is as near as can be and reaches this one no later.
            if plan.taken_by[s] != NOBODY and (free == NOBODY or market.fee[s] < market.fee[free]):
                _reach(s, i, distance + plan.q[s], turn, search, heap)


def _come(
    i: int,
    j: int,
    free: int,
    distance: int,
    turn: int,
    market: HourMarket,
    plan: HourPlan,
    search: HourSearch,
    heap: Heap,
) -> None:
    """Reach a mentor through a free hour, and see whether there is a place."""
    node = len(plan.q) + j
    if not _reach(node, i, distance, turn, search, heap):
        return
    search.through[j] = free
    place = market.place[j] + plan.load[j]
    if place < market.place[j + 1]:
        length = distance + max(0, market.cost[place] - plan.v[j])
        if length < search.end[LENGTH]:
            search.end[LENGTH] = length
            search.end[NODE] = node


def _let_go(j: int, so_far: int, turn: int, market: HourMarket, plan: HourPlan, search: HourSearch, heap: Heap) -> None:
    """Reach from a mentor who has one member too many to those at other hours."""
    for s in range(market.begin[j], market.begin[j + 1]):
        if plan.taken_by[s] != NOBODY:
            _reach(s, THE_MENTOR, so_far + plan.q[s] - plan.v[j] - market.fee[s], turn, search, heap)


def _reach(node: int, by: int, distance: int, turn: int, search: HourSearch, heap: Heap) -> bool:
    """Note a way to a node if it is within reach and nearer than those known; says whether it is."""
    if distance >= search.end[LENGTH]:
        return False
    if search.reached[node] == turn and (heap.at[node] == NOWHERE or distance >= search.distance[node]):
        return False
    search.reached[node] = turn
    search.distance[node] = distance
    search.by[node] = by
    push(heap, node, distance)
    return True


def _raise(i: int, settled: int, plan: HourPlan, search: HourSearch) -> None:
    """Raise the prices of all nodes nearer than the end, and lower what their members gain."""
    plan.u[i] -= search.end[LENGTH]
    for number in range(settled):
        node = search.settled[number]
        nearer = search.end[LENGTH] - search.distance[node]
        if node >= len(plan.q):
            plan.v[node - len(plan.q)] += nearer
        else:
            plan.q[node] += nearer
            plan.u[plan.taken_by[node]] -= nearer


def _move(i: int, market: HourMarket, plan: HourPlan, search: HourSearch) -> None:
    """Let everybody on the way move to the hour that they were looking at."""
    node, slots = search.end[NODE], len(plan.q)
    if node == NOBODY:
        return
    if node >= slots:
        plan.load[node - slots] += 1
    else:
        plan.slot_of[plan.taken_by[node]] = NOBODY
    while True:
        member = search.by[node]
        if member == THE_MENTOR:  # who came to the mentor through another hour stands further back on the way
            plan.taken_by[node] = NOBODY
            node = slots + market.home[node]
            continue
        s = node
        if node >= slots:
            s = search.through[node - slots]
            plan.q[s] = plan.v[node - slots] + market.fee[s]
        node = plan.slot_of[member]
        plan.slot_of[member] = s
        plan.taken_by[s] = member
        if member == i:
            return


CALLEES: Final[tuple[Any, ...]] = (
    push,
    pop,
    clear,
    _put,
    _sink,
    _value,
    _search,
    _look,
    _come,
    _let_go,
    _reach,
    _raise,
    _move,
)
