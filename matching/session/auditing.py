"""Is the plan proven best over all pairs, and is it the only one? Written to be compiled.

Before an edit no pair was worth more than its prices. So afterwards only pairs of a member whose value, or of a mentor
whose price, is another can be; all of those are compared again. With that, the plan is best by both words if members
who wait have no value, served pairs are worth just their prices, and every price lies between the costs of the last
place taken and of the first place free: then the two sums of `certificate` are equal, place by place.

It is the only one that is best by both words if each price has just one hold (`lowering`): another plan as good would
differ by moves at no loss that lead back to where they began, or from free place to free place. Each move into a mentor
comes from a pair that is worth just its prices, and those, one to a mentor, lead only away from what holds them all.
"""

from typing import Any, Final

from matching.arrays import Ints
from matching.assignment import NOBODY
from matching.session.lists import UNLISTED, column_of, row_of
from matching.session.live import LEVELS, SETTLED, LiveMarket, LivePlan, cost, floor, less

FAULTS, TIES, EVENNESS, SERVED = range(4)


def audit(market: LiveMarket, plan: LivePlan, u: Ints, v: Ints, found: Ints) -> None:
    """Compare pairs whose prices are not those of before, u and v, and then all people; `found` has shape (4,).

    It counts faults, ties, levels of evenness, and members served.
    """
    for each in range(len(found)):
        found[each] = 0
    for j in range(len(plan.v)):
        if plan.v[j, 0] != v[j, 0] or plan.v[j, 1] != v[j, 1]:
            audit_column(j, market, plan, found)
    audit_rows(market, plan, u, v, found)
    audit_members(plan, found)
    audit_mentors(market.c, market.o, market.numbers[LEVELS], plan, found)


def sign(first: int, second: int) -> int:
    """Tell whether a pair is worth more than its prices (1), just that (0), or less (-1)."""
    if first != 0:
        return 1 if first > 0 else -1
    if second != 0:
        return 1 if second > 0 else -1
    return 0


def audit_column(j: int, market: LiveMarket, plan: LivePlan, found: Ints) -> None:
    """Compare all pairs of a mentor with their prices, and count those that are worth just that."""
    begin, level = column_of(j, market), 0
    other, worth, u, mentor_of = market.columns.other, market.columns.worth, plan.u, plan.mentor_of
    first, second = plan.v[j, 0], plan.v[j, 1]
    for at in range(begin, begin + market.columns.length[j]):
        i: int = other[at]
        if mentor_of[i] != SETTLED:
            beyond = sign(worth[at, 0] - u[i, 0] - first, worth[at, 1] - u[i, 1] - second)
            found[FAULTS] += beyond > 0
            level += beyond == 0
    plan.level[j] = level


def audit_rows(market: LiveMarket, plan: LivePlan, u: Ints, v: Ints, found: Ints) -> None:
    """Compare pairs of members whose value is another, with mentors whose price is the same as before."""
    begin, length, other, worth = market.rows.begin, market.rows.length, market.rows.other, market.rows.worth
    prices, level, mentor_of = plan.v, plan.level, plan.mentor_of
    for i in range(len(mentor_of)):
        first, second, before, before_drawn = plan.u[i, 0], plan.u[i, 1], u[i, 0], u[i, 1]
        if mentor_of[i] == SETTLED or (first == before and second == before_drawn):
            continue
        if begin[i] == UNLISTED:
            row_of(i, market)
        for at in range(begin[i], begin[i] + length[i]):
            j: int = other[at]
            if prices[j, 0] == v[j, 0] and prices[j, 1] == v[j, 1]:
                gain, drawn = worth[at, 0] - prices[j, 0], worth[at, 1] - prices[j, 1]
                beyond = sign(gain - first, drawn - second)
                found[FAULTS] += beyond > 0
                level[j] += beyond == 0
                level[j] -= gain == before and drawn == before_drawn


def count_level(i: int, step: int, market: LiveMarket, plan: LivePlan) -> None:
    """Count those pairs of a member that are worth just their prices in (1), or out (-1)."""
    begin = row_of(i, market)
    for at in range(begin, begin + market.rows.length[i]):
        j: int = market.rows.other[at]
        first = market.rows.worth[at, 0] - plan.u[i, 0] - plan.v[j, 0]
        second = market.rows.worth[at, 1] - plan.u[i, 1] - plan.v[j, 1]
        if first == 0 and second == 0:
            plan.level[j] += step


def audit_members(plan: LivePlan, found: Ints) -> None:
    """See that who waits has no value, and that who is served has the value of the pair."""
    mentor_of, worth, u, v = plan.mentor_of, plan.worth, plan.u, plan.v
    for i in range(len(mentor_of)):
        j, first, second = mentor_of[i], u[i, 0], u[i, 1]
        if j == NOBODY:
            found[FAULTS] += first != 0 or second != 0
        elif j >= 0:
            is_just = first + v[j, 0] == worth[i, 0] and second + v[j, 1] == worth[i, 1]
            found[FAULTS] += less(first, second, 0, 0) or not is_just
            found[TIES] += first == 0 and second == 0
            found[SERVED] += 1


def audit_mentors(c: Ints, o: Ints, levels: int, plan: LivePlan, found: Ints) -> None:
    """See that each price lies between the costs around it, and has one hold."""
    v, load = plan.v, plan.load
    for j in range(len(v)):
        first, second, taken = v[j, 0], v[j, 1], load[j]
        for k in range(o[j], o[j] + taken):
            found[EVENNESS] += cost(k, c[j], levels)
        lowest = floor(taken, o[j], c[j], levels)
        found[FAULTS] += less(first, second, lowest, 0) or (taken > 0 and o[j] + taken > c[j])
        is_free_at_price = False
        if o[j] + taken < c[j]:
            next_cost = cost(o[j] + taken, c[j], levels)
            found[FAULTS] += less(next_cost, 0, first, second)
            is_free_at_price = first == next_cost and second == 0
        is_at_cost = first == lowest and second == 0
        holds = plan.level[j] - taken + is_at_cost
        found[TIES] += holds != 1 or (is_free_at_price and not is_at_cost)


CALLEES: Final[tuple[Any, ...]] = (sign, audit_column, audit_rows, audit_members, audit_mentors, audit)
