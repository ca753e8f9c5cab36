"""Which plan is best on a given list of pairs? Members are served one by one, each at the least loss to all.

    Data:       members i with pairs of worth w_ij, mentors j with places of cost e_j0 <= e_j1 <= ...
    Problem:    the greatest sum of w_ij over the pairs of the plan, less the costs of the places that it takes.
    Duals:      a value u_i >= 0 of serving each member and a price v_j of a place, with u_i + v_j >= w_ij for each
                pair, equality for those of the plan, u_i = 0 for who waits, and v_j between the cost of the last place
                taken (0, if none is) and that of the first place free.
    Step:       the next member looks for the shortest way to a free place, or to somebody who may wait instead, along
                which others change mentors (Dijkstra's search over mentors; a pair is as long as u_i + v_j - w_ij).
                Prices rise by what each mentor is nearer than the end of the way, then everybody on it moves.

This is the successive shortest path method with the prices kept as they go (Edmonds and Karp 1972, Tomizawa 1971). It
starts at prices of zero and raises none by more than it must, so the prices are the least that prove the plan. It is
quick where those served first need not give way later: serve members in the order of rank.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np

from matching.arrays import Indices, Ints
from matching.compiling import compiled
from matching.heap import NOWHERE, Heap, _put, _sink, clear, pop, push

NOBODY: Final = -1
COMPILED_FROM_PAIRS: Final = 30_000
STRETCH: Final = 1000
LENGTH, MENTOR, MEMBER = range(3)

Onward = Callable[[int, int], bool]


def always(_done: int, _total: int) -> bool:
    """Never run out of time."""
    return True


class Market(NamedTuple):
    """Pairs by member, shape (pairs,), those of i from `row[i]` on; places by mentor, shape (places,), from `place[j]`.

    `order` is that in which members are served.
    """

    order: Indices
    row: Indices
    mentor: Indices
    worth: Ints
    place: Indices
    cost: Ints


class Plan(NamedTuple):
    """Each member's mentor or -1 and value, (n,), each mentor's price and load, (m,), and who sits where, (places,)."""

    mentor_of: Ints
    u: Ints
    v: Ints
    load: Ints
    seated: Ints


class Search(NamedTuple):
    """What one search has found: mentors with their distance and whom they were reached by, and the end of the way.

    `end` holds the length, the mentor and the member who gives way: no mentor if the searcher waits, no member if a
    place is free. `settled` are the mentors whose distance is final, `reached` the searches in which they were, and
    `towards` is where whoever leaves a mentor goes, where it is not told otherwise.
    """

    distance: Ints
    reached: Ints
    by: Ints
    towards: Ints
    settled: Ints
    end: Ints


def best_plan(market: Market, onward: Onward = always) -> tuple[Plan, bool]:
    """Find a best plan with its least prices, or as much of it as there was time for; says whether it is all.

    `onward` is asked now and then, with how many members had their turn and of how many, whether there is still time.
    """
    n, m = len(market.row) - 1, len(market.place) - 1

    plan = Plan(_full(n, NOBODY), _full(n), _full(m), _full(m), _full(len(market.cost), NOBODY))
    search, heap = room_for(m)
    if len(market.mentor) >= COMPILED_FROM_PAIRS:
        return plan, _in_stretches(compiled(serve, *CALLEES), onward, market, plan, search, heap)
    listed: list[Any] = [type(part)(*(column.tolist() for column in part)) for part in (market, plan, search, heap)]
    is_whole = _in_stretches(serve, onward, *listed)
    return Plan(*(np.array(column, dtype=np.int64) for column in listed[1])), is_whole


def room_for(m: int) -> tuple[Search, Heap]:
    """Make room for searches among m mentors."""
    search = Search(_full(m), _full(m, NOBODY), _full(m), _full(m), _full(m), _full(3))
    return search, Heap(_full(m), _full(m), _full(m, NOWHERE), _full(1))


def _full(length: int, value: int = 0) -> Ints:
    return np.full(length, value, dtype=np.int64)


def _in_stretches(loop: Callable[..., None], onward: Onward, market: Market, *parts: Any) -> bool:
    total = len(market.order)
    for first in range(0, total, STRETCH):
        if not onward(first, total):
            return False
        loop(first, min(total, first + STRETCH), market, *parts)
    return True


def serve(first: int, last: int, market: Market, plan: Plan, search: Search, heap: Heap) -> None:
    """Serve members in turn, as far as it brings anything."""
    for turn in range(first, last):
        i = market.order[turn]
        _value(i, market, plan)
        if plan.u[i] > 0:
            settled = _search(i, turn, market, plan, search, heap)
            _raise(i, settled, market, plan, search)
            _move(i, market, plan, search)


def _value(i: int, market: Market, plan: Plan) -> None:
    """Find what the best mentor is worth to a member at present prices; nothing, if none is worth anything."""
    most = 0
    for pair in range(market.row[i], market.row[i + 1]):
        most = max(most, market.worth[pair] - plan.v[market.mentor[pair]])
    plan.u[i] = most


def _search(i: int, turn: int, market: Market, plan: Plan, search: Search, heap: Heap) -> int:
    """Find the shortest way from a member to an end; returns how many mentors lie nearer than that."""
    _end(search, plan.u[i], NOBODY, NOBODY)
    _look(i, 0, turn, market, plan, search, heap)
    settled = 0
    while heap.size[0] > 0 and heap.keys[0] < search.end[LENGTH]:
        j = pop(heap)
        search.settled[settled] = j
        settled += 1
        for place in range(market.place[j], market.place[j] + plan.load[j]):
            member = plan.seated[place]
            if search.distance[j] + plan.u[member] < search.end[LENGTH]:
                _end(search, search.distance[j] + plan.u[member], j, member)
            _look(member, search.distance[j], turn, market, plan, search, heap)
    clear(heap)
    return settled


def _look(i: int, so_far: int, turn: int, market: Market, plan: Plan, search: Search, heap: Heap) -> None:
    """Reach from a member to mentors, none of them beyond the nearest end."""
    for pair in range(market.row[i], market.row[i + 1]):
        j = market.mentor[pair]
        distance = so_far + plan.u[i] + plan.v[j] - market.worth[pair]
        if distance >= search.end[LENGTH]:
            continue
        if search.reached[j] != turn or (heap.at[j] != NOWHERE and distance < search.distance[j]):
            search.reached[j] = turn
            search.distance[j] = distance
            search.by[j] = i
            push(heap, j, distance)
            free = market.place[j] + plan.load[j]
            if free < market.place[j + 1]:
                length = distance + max(0, market.cost[free] - plan.v[j])
                if length < search.end[LENGTH]:
                    _end(search, length, j, NOBODY)


def _end(search: Search, length: int, mentor: int, member: int) -> None:
    search.end[LENGTH] = length
    search.end[MENTOR] = mentor
    search.end[MEMBER] = member


def _raise(i: int, settled: int, market: Market, plan: Plan, search: Search) -> None:
    """Raise the prices of all mentors nearer than the end, and lower what their members gain."""
    plan.u[i] -= search.end[LENGTH]
    for number in range(settled):
        j = search.settled[number]
        nearer = search.end[LENGTH] - search.distance[j]
        plan.v[j] += nearer
        for place in range(market.place[j], market.place[j] + plan.load[j]):
            plan.u[plan.seated[place]] -= nearer


def _move(i: int, market: Market, plan: Plan, search: Search) -> None:
    """Let everybody on the way move to the mentor that they were looking at."""
    j: int = search.end[MENTOR]
    if j == NOBODY:
        return
    if search.end[MEMBER] == NOBODY:
        place = market.place[j] + plan.load[j]
        plan.load[j] += 1
    else:
        place = _place_of(search.end[MEMBER], j, market, plan)
        plan.mentor_of[search.end[MEMBER]] = NOBODY
    while True:
        member: int = search.by[j]
        before: int = plan.mentor_of[member]
        plan.mentor_of[member] = j
        plan.seated[place] = member
        if member == i:
            return
        place, j = _place_of(member, before, market, plan), before


def _place_of(member: int, j: int, market: Market, plan: Plan) -> int:
    place: int = market.place[j]
    while plan.seated[place] != member:
        place += 1
    return place


CALLEES: Final[tuple[Any, ...]] = (
    push,
    pop,
    clear,
    _put,
    _sink,
    _value,
    _search,
    _look,
    _end,
    _raise,
    _move,
    _place_of,
)
