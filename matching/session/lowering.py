"""Are the prices the least that prove the plan, and if not, how far can they fall? Written to be compiled.

A price is held up by the cost of the last place taken, or by a member whose pair with the mentor is worth just its
prices: one who waits, or one of another mentor whose price is held up too. So all prices are the least when everybody
can be followed from holder to holder to a cost or to somebody who waits. Those who cannot are loose: they fall by how
far they are from whatever would hold them.
"""

from typing import Any, Final

from matching.arrays import Ints
from matching.assignment import NOBODY
from matching.session.lists import UNLISTED, column_of, row_of
from matching.session.live import LEVELS, SETTLED, LiveMarket, LivePlan, floor, less
from matching.session.nearest import NOWHERE, Search, pop, push
from matching.session.serving import hold_by, lift

GROUNDED, LOOSE, HELD, FOLLOWED = range(4)


def lower(market: LiveMarket, plan: LivePlan, search: Search) -> None:
    """Lower the prices that nothing holds up to the least that prove the plan."""
    loose = follow_all(market.c, market.o, market.numbers[LEVELS], plan, search)
    for number in range(loose):
        find_hold(search.settled[number], market, plan, search)
    spread_holds(market, plan, search)
    for number in range(loose):
        j: int = search.settled[number]
        hold_by(j, search.by[j], search.worth[j, 0], search.worth[j, 1], plan)
        lift(j, -search.distance[j, 0], -search.distance[j, 1], plan)


def follow_all(c: Ints, o: Ints, levels: int, plan: LivePlan, search: Search) -> int:
    """Find who is loose and list them in `settled`; returns how many they are."""
    m, state = len(plan.v), search.state
    for j in range(m):
        state[j] = what_holds(j, floor(plan.load[j], o[j], c[j], levels), plan)
    for j in range(m):
        if state[j] == HELD:
            follow(j, state, plan.mentor_of, plan.holder, search.heap)
    loose = 0
    for j in range(m):
        if state[j] == LOOSE:
            search.settled[loose] = j
            loose += 1
    return loose


def what_holds(j: int, lowest: int, plan: LivePlan) -> int:
    """Tell whether a price is held up by its cost, by somebody who waits, by another mentor's member, or by nothing."""
    u, v, held = plan.u, plan.v, plan.held
    if v[j, 0] == lowest and v[j, 1] == 0:
        return GROUNDED
    i: int = plan.holder[j]
    if i < 0:
        return LOOSE
    h: int = plan.mentor_of[i]
    if h == j or h == SETTLED or u[i, 0] + v[j, 0] != held[j, 0] or u[i, 1] + v[j, 1] != held[j, 1]:  # noqa: PLR1714, SIM109
        return LOOSE
    return GROUNDED if h == NOBODY else HELD


def follow(j: int, state: Ints, mentor_of: Ints, holder: Ints, passed: Ints) -> None:
    """Follow holders until it is known whether something holds them all; `passed` has room for all mentors."""
    count = 0
    while state[j] == HELD:
        state[j] = FOLLOWED
        passed[count] = j
        count += 1
        i: int = holder[j]
        j = mentor_of[i]
    found = GROUNDED if state[j] == GROUNDED else LOOSE
    for number in range(count):
        state[passed[number]] = found


def find_hold(j: int, market: LiveMarket, plan: LivePlan, search: Search) -> None:
    """See how far a price is from its cost, from those who wait, and from members of mentors who are held."""
    first, second, by = plan.v[j, 0], plan.v[j, 1], NOBODY
    first -= floor(plan.load[j], market.o[j], market.c[j], market.numbers[LEVELS])
    begin = column_of(j, market)
    other, worth, u, mentor_of, state = (
        market.columns.other,
        market.columns.worth,
        plan.u,
        plan.mentor_of,
        search.state,
    )
    for at in range(begin, begin + market.columns.length[j]):
        i: int = other[at]
        h: int = mentor_of[i]
        if h == NOBODY or (h >= 0 and state[h] == GROUNDED):
            length, drawn = u[i, 0] + plan.v[j, 0] - worth[at, 0], u[i, 1] + plan.v[j, 1] - worth[at, 1]
            if less(length, drawn, first, second):
                first, second, by = length, drawn, i
                search.worth[j, 0], search.worth[j, 1] = worth[at, 0], worth[at, 1]
    search.distance[j, 0], search.distance[j, 1], search.by[j] = first, second, by
    push(j, search.distance, search.heap, search.at, search.size)


def spread_holds(market: LiveMarket, plan: LivePlan, search: Search) -> None:
    """Hold prices up by members whose value rises: below this the mentor would be worth more to them."""
    begin, length, other, worth = market.rows.begin, market.rows.length, market.rows.other, market.rows.worth
    u, v, after = plan.u, plan.v, plan.after
    distance, heap, at_heap, size = search.distance, search.heap, search.at, search.size
    while size[0] > 0:
        h = pop(search)
        member: int = plan.first[h]
        while member >= 0:
            if begin[member] == UNLISTED:
                row_of(member, market)
            first, second = distance[h, 0] + u[member, 0], distance[h, 1] + u[member, 1]
            for at in range(begin[member], begin[member] + length[member]):
                j: int = other[at]
                if at_heap[j] == NOWHERE:
                    continue
                way, drawn = first + v[j, 0] - worth[at, 0], second + v[j, 1] - worth[at, 1]
                if less(way, drawn, distance[j, 0], distance[j, 1]):
                    distance[j, 0], distance[j, 1] = way, drawn
                    search.by[j], search.worth[j, 0], search.worth[j, 1] = member, worth[at, 0], worth[at, 1]
                    push(j, distance, heap, at_heap, size)
            member = after[member]


CALLEES: Final[tuple[Any, ...]] = (what_holds, follow, follow_all, find_hold, spread_holds, lower)
