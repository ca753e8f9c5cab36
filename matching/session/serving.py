"""How is one member served, or one empty place filled, at the least loss to all? Written to be compiled.

The searches are those of `assignment`, with worth in two words and over all pairs of everybody on the
way. Who holds up a price that rose is whoever the mentor was reached by; along the way itself, whoever moved on from
there.
"""

from typing import Any, Final

from matching.arrays import Ints
from matching.assignment import NOBODY
from matching.session.lists import UNLISTED, column_of, row_of
from matching.session.live import LEVELS, SETTLED, LiveMarket, LivePlan, cost, floor, less, sit, stand
from matching.session.nearest import NOWHERE, Search, clear, pop, push

FIRST, SECOND, MENTOR, MEMBER, WORTH, WORTH_DRAWN = range(6)


def serve(i: int, market: LiveMarket, plan: LivePlan, search: Search) -> None:
    """Serve a member, as far as it brings anything; whoever must may wait in the end."""
    value(i, market, plan)
    plan.mentor_of[i] = NOBODY
    if plan.u[i, 0] == 0 and plan.u[i, 1] == 0:
        return
    search.turn[0] += 1
    settled = search_on(i, market, plan, search)
    for number in range(settled):
        j: int = search.settled[number]
        hold_by(j, search.by[j], search.worth[j, 0], search.worth[j, 1], plan)
    shift(settled, 1, plan, search)
    plan.u[i, 0] -= search.end[FIRST]
    plan.u[i, 1] -= search.end[SECOND]
    move_on(i, plan, search)


def hold_by(j: int, i: int, first: int, second: int, plan: LivePlan) -> None:
    """Say who holds a price up, and what the pair is worth."""
    plan.holder[j], plan.held[j, 0], plan.held[j, 1] = i, first, second


def value(i: int, market: LiveMarket, plan: LivePlan) -> None:
    """Find what the best mentor is worth to a member at present prices; nothing, if none is worth anything."""
    first, second, begin = 0, 0, row_of(i, market)
    other, worth, v = market.rows.other, market.rows.worth, plan.v
    for at in range(begin, begin + market.rows.length[i]):
        j: int = other[at]
        gain, drawn = worth[at, 0] - v[j, 0], worth[at, 1] - v[j, 1]
        if less(first, second, gain, drawn):
            first, second = gain, drawn
    plan.u[i, 0], plan.u[i, 1] = first, second


def end_at(end: Ints, first: int, second: int, mentor: int, member: int) -> None:
    """Say where the way ends, as far as is known."""
    end[FIRST], end[SECOND], end[MENTOR], end[MEMBER] = first, second, mentor, member


def search_on(i: int, market: LiveMarket, plan: LivePlan, search: Search) -> int:  # noqa: C901 - see `live`
    """Find the shortest way from a member to an end; returns how many mentors lie nearer than that."""
    begin, length, other, worth = market.rows.begin, market.rows.length, market.rows.other, market.rows.worth
    u, v, after, load, c, o = plan.u, plan.v, plan.after, plan.load, market.c, market.o
    end, distance, reached, heap, at_heap, size = (
        search.end,
        search.distance,
        search.reached,
        search.heap,
        search.at,
        search.size,
    )
    levels, turn = market.numbers[LEVELS], search.turn[0]
    end_at(end, u[i, 0], u[i, 1], NOBODY, NOBODY)
    settled, first, second, member, h = 0, 0, 0, i, NOBODY
    while True:
        while member >= 0:
            if begin[member] == UNLISTED:
                row_of(member, market)
            so_far, drawn_so_far = first + u[member, 0], second + u[member, 1]
            if h != NOBODY and less(so_far, drawn_so_far, end[FIRST], end[SECOND]):
                end_at(end, so_far, drawn_so_far, h, member)
            for at in range(begin[member], begin[member] + length[member]):
                j: int = other[at]
                way = so_far + v[j, 0] - worth[at, 0]
                if way > end[FIRST]:
                    continue
                drawn = drawn_so_far + v[j, 1] - worth[at, 1]
                if not less(way, drawn, end[FIRST], end[SECOND]):
                    continue
                if reached[j] != turn or (at_heap[j] != NOWHERE and less(way, drawn, distance[j, 0], distance[j, 1])):
                    reached[j], distance[j, 0], distance[j, 1] = turn, way, drawn
                    search.by[j], search.worth[j, 0], search.worth[j, 1] = member, worth[at, 0], worth[at, 1]
                    push(j, distance, heap, at_heap, size)
                    if o[j] + load[j] < c[j]:
                        end_at_place(j, cost(o[j] + load[j], c[j], levels), v, distance, end)
            member = after[member] if h != NOBODY else NOBODY
        if size[0] == 0 or not less(distance[heap[0], 0], distance[heap[0], 1], end[FIRST], end[SECOND]):
            break
        h = pop(search)
        search.settled[settled] = h
        settled += 1
        first, second, member = distance[h, 0], distance[h, 1], plan.first[h]
    clear(search)
    return settled


def end_at_place(j: int, place_cost: int, v: Ints, distance: Ints, end: Ints) -> None:
    """See whether the way may end at a free place of the mentor it has come to."""
    first, second = distance[j, 0], distance[j, 1]
    dear = place_cost - v[j, 0]
    if less(0, 0, dear, -v[j, 1]):
        first, second = first + dear, second - v[j, 1]
    if less(first, second, end[FIRST], end[SECOND]):
        end_at(end, first, second, j, NOBODY)


def shift(settled: int, sign: int, plan: LivePlan, search: Search) -> None:
    """Raise (1) or lower (-1) the prices of all mentors nearer than the end by how much nearer they are."""
    end, distance = search.end, search.distance
    for number in range(settled):
        j: int = search.settled[number]
        lift(j, sign * (end[FIRST] - distance[j, 0]), sign * (end[SECOND] - distance[j, 1]), plan)


def lift(j: int, first: int, second: int, plan: LivePlan) -> None:
    """Raise a price, and lower what the mentor's members gain."""
    u, after = plan.u, plan.after
    plan.v[j, 0] += first
    plan.v[j, 1] += second
    member: int = plan.first[j]
    while member >= 0:
        u[member, 0] -= first
        u[member, 1] -= second
        member = after[member]


def move_on(i: int, plan: LivePlan, search: Search) -> None:
    """Let everybody on the way move to the mentor that they were looking at."""
    j: int = search.end[MENTOR]
    leaving: int = search.end[MEMBER]
    if j == NOBODY:
        return
    if leaving != NOBODY:
        stand(leaving, plan, NOBODY)
        hold_by(j, leaving, plan.worth[leaving, 0], plan.worth[leaving, 1], plan)
    while True:
        member: int = search.by[j]
        before: int = plan.mentor_of[member]
        first, second = plan.worth[member, 0], plan.worth[member, 1]
        stand(member, plan, NOBODY)
        sit(member, j, search.worth[j, 0], search.worth[j, 1], plan)
        if member == i:
            return
        hold_by(before, member, first, second, plan)
        j = before


def too_dear_from(j: int, c: Ints, o: Ints, levels: int, plan: LivePlan) -> int:
    """Find the first mentor from j on with a free place at less than its price; as many as there are if none."""
    v, load = plan.v, plan.load
    while j < len(v):
        k = o[j] + load[j]
        if k < c[j] and less(cost(k, c[j], levels), 0, v[j, 0], v[j, 1]):
            return j
        j += 1
    return j


def fill(hole: int, market: LiveMarket, plan: LivePlan, search: Search) -> None:
    """Fill an empty place whose price is above its cost, or let prices fall."""
    search.turn[0] += 1
    settled = search_back(hole, market, plan, search)
    shift(settled, -1, plan, search)
    at_end: int = search.end[MENTOR]
    waiting: int = search.end[MEMBER]
    j = at_end
    while j != hole:
        member: int = search.by[j]
        onto: int = search.towards[j]
        stand(member, plan, NOBODY)
        sit(member, onto, search.worth[j, 0], search.worth[j, 1], plan)
        j = onto
    if waiting != NOBODY:
        sit(waiting, at_end, search.end[WORTH], search.end[WORTH_DRAWN], plan)


def search_back(hole: int, market: LiveMarket, plan: LivePlan, search: Search) -> int:  # noqa: C901 - see `live`
    """Find at the least loss where the hole may end; returns how many mentors lie nearer than that."""
    begin, length = market.columns.begin, market.columns.length
    other, worth = market.columns.other, market.columns.worth
    u, v, mentor_of, load, c, o = plan.u, plan.v, plan.mentor_of, plan.load, market.c, market.o
    end, distance, levels = search.end, search.distance, market.numbers[LEVELS]
    search.reached[hole], distance[hole, 0], distance[hole, 1] = search.turn[0], 0, 0
    end_at(end, v[hole, 0] - cost(o[hole] + load[hole], c[hole], levels), v[hole, 1], hole, NOBODY)
    push(hole, distance, search.heap, search.at, search.size)
    settled = 0
    while search.size[0] > 0:
        j: int = search.heap[0]
        if not less(distance[j, 0], distance[j, 1], end[FIRST], end[SECOND]):
            break
        search.settled[settled] = pop(search)
        settled += 1
        so_far, drawn_so_far = distance[j, 0] + v[j, 0], distance[j, 1] + v[j, 1]
        given_up = so_far - floor(load[j], o[j], c[j], levels)
        if j != hole and less(given_up, drawn_so_far, end[FIRST], end[SECOND]):
            end_at(end, given_up, drawn_so_far, j, NOBODY)
        if begin[j] == UNLISTED:
            column_of(j, market)
        for at in range(begin[j], begin[j] + length[j]):
            i: int = other[at]
            way = so_far + u[i, 0] - worth[at, 0]
            if way > end[FIRST]:
                continue
            drawn, h = drawn_so_far + u[i, 1] - worth[at, 1], mentor_of[i]
            if h == j or h == SETTLED or not less(way, drawn, end[FIRST], end[SECOND]):  # noqa: PLR1714, SIM109 - compiled
                continue
            if h == NOBODY:
                end_at(end, way, drawn, j, i)
                end[WORTH], end[WORTH_DRAWN] = worth[at, 0], worth[at, 1]
            elif reach_back(i, h, way, drawn, search):
                search.worth[h, 0], search.worth[h, 1], search.towards[h] = worth[at, 0], worth[at, 1], j
    clear(search)
    return settled


def reach_back(i: int, h: int, first: int, second: int, search: Search) -> bool:
    """Reach the mentor whom a member would leave; tell whether there was no shorter way."""
    if search.reached[h] == search.turn[0] and (
        search.at[h] == NOWHERE or not less(first, second, search.distance[h, 0], search.distance[h, 1])
    ):
        return False
    search.reached[h] = search.turn[0]
    search.distance[h, 0], search.distance[h, 1] = first, second
    search.by[h] = i
    push(h, search.distance, search.heap, search.at, search.size)
    return True


CALLEES: Final[tuple[Any, ...]] = (
    hold_by,
    end_at,
    value,
    end_at_place,
    search_on,
    lift,
    shift,
    move_on,
    serve,
    too_dear_from,
    reach_back,
    search_back,
    fill,
)
