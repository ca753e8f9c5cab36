"""How does a plan become the best again after people, places and pairs have changed? The loops, ready to be called."""

from collections.abc import Callable
from typing import Any, Final

from matching.arrays import Ints
from matching.assignment import NOBODY
from matching.compiling import compiled
from matching.session import auditing, lists, live, lowering, nearest, serving
from matching.session.auditing import audit
from matching.session.lists import column_of
from matching.session.live import FIT, LEVELS, SETTLED, LiveMarket, LivePlan, draw, floor, less, sit, stand
from matching.session.lowering import lower
from matching.session.nearest import Search
from matching.session.serving import fill, hold_by, serve, too_dear_from


def repair(again: Ints, market: LiveMarket, plan: LivePlan, search: Search, u: Ints, v: Ints, found: Ints) -> None:
    """Serve members anew, fill places, lower prices to the least, and audit against the duals of before."""
    for number in range(len(again)):
        serve(again[number], market, plan, search)
    levels = market.numbers[LEVELS]
    hole = too_dear_from(0, market.c, market.o, levels, plan)
    while hole < len(plan.v):
        fill(hole, market, plan, search)
        hole = too_dear_from(hole, market.c, market.o, levels, plan)
    lower(market, plan, search)
    audit(market, plan, u, v, found)


def seat_within(j: int, again: Ints, market: LiveMarket, plan: LivePlan) -> int:
    """Take members from a mentor until the rest have places at the price; returns how many, listed in `again`."""
    taken, o, c, levels = 0, market.o[j], market.c[j], market.numbers[LEVELS]
    while plan.load[j] > 0 and (
        o + plan.load[j] > c or less(plan.v[j, 0], plan.v[j, 1], floor(plan.load[j], o, c, levels), 0)
    ):
        again[taken] = plan.first[j]
        stand(again[taken], plan, SETTLED)
        taken += 1
    return taken


def price_of_newcomer(j: int, market: LiveMarket, plan: LivePlan) -> None:
    """Price a mentor so that no pair with a member who is placed or waits is worth more."""
    first, second, begin = 0, 0, column_of(j, market)
    for at in range(begin, begin + market.columns.length[j]):
        i: int = market.columns.other[at]
        if plan.mentor_of[i] != SETTLED:
            gain = market.columns.worth[at, 0] - plan.u[i, 0]
            drawn = market.columns.worth[at, 1] - plan.u[i, 1]
            if less(first, second, gain, drawn):
                first, second = gain, drawn
    plan.v[j, 0], plan.v[j, 1] = first, second


def least_prices(i: Ints, j: Ints, f: Ints, rounds: int, market: LiveMarket, plan: LivePlan) -> bool:
    """Find the least prices in two words that prove a plan, from all pairs worth just their prices by the first word.

    Pairs have shape (pairs,). Tells whether there are any: if not, the plan is not the best by both words.
    """
    for mentor in range(len(plan.v)):
        lowest = floor(plan.load[mentor], market.o[mentor], market.c[mentor], market.numbers[LEVELS])
        plan.v[mentor, 0], plan.v[mentor, 1] = lowest, 0
        plan.holder[mentor] = NOBODY
    for _ in range(rounds):
        has_risen = False
        for pair in range(len(i)):
            has_risen |= hold_up(i[pair], j[pair], f[pair], market, plan)
        if not has_risen:
            return True
    return False


def hold_up(i: int, j: int, fit: int, market: LiveMarket, plan: LivePlan) -> bool:
    """Raise the price of a mentor to what a pair is worth beyond the value of its member; tell whether it rose."""
    h: int = plan.mentor_of[i]
    if h in (j, SETTLED):
        return False
    first, second = market.rank[i] + market.numbers[FIT] * fit, draw(i, j, market)
    gain, drawn = first, second
    if h != NOBODY:
        gain += plan.v[h, 0] - plan.worth[i, 0]
        drawn += plan.v[h, 1] - plan.worth[i, 1]
    if not less(plan.v[j, 0], plan.v[j, 1], gain, drawn):
        return False
    plan.v[j, 0], plan.v[j, 1] = gain, drawn
    hold_by(j, i, first, second, plan)
    return True


def values(plan: LivePlan) -> None:
    """Give each member the value that the prices leave them."""
    for i in range(len(plan.u)):
        j: int = plan.mentor_of[i]
        plan.u[i, 0], plan.u[i, 1] = 0, 0
        if j >= 0:
            plan.u[i, 0] = plan.worth[i, 0] - plan.v[j, 0]
            plan.u[i, 1] = plan.worth[i, 1] - plan.v[j, 1]


def sit_all(i: Ints, j: Ints, f: Ints, market: LiveMarket, plan: LivePlan) -> None:
    """Seat members i with mentors j, shape (pairs,)."""
    for pair in range(len(i)):
        first = market.rank[i[pair]] + market.numbers[FIT] * f[pair]
        sit(i[pair], j[pair], first, draw(i[pair], j[pair], market), plan)


def count_all(i: Ints, j: Ints, f: Ints, market: LiveMarket, plan: LivePlan) -> None:
    """Count the pairs of each mentor that are worth just their prices, among those that are so by the first word."""
    for pair in range(len(i)):
        first = market.rank[i[pair]] + market.numbers[FIT] * f[pair] - plan.u[i[pair], 0] - plan.v[j[pair], 0]
        second = draw(i[pair], j[pair], market) - plan.u[i[pair], 1] - plan.v[j[pair], 1]
        plan.level[j[pair]] += first == 0 and second == 0


CALLEES: Final[tuple[Any, ...]] = (
    *live.CALLEES,
    *nearest.CALLEES,
    *lists.CALLEES,
    *serving.CALLEES,
    *lowering.CALLEES,
    *auditing.CALLEES,
    hold_up,
)


def run(loop: Callable[..., Any], *arguments: Any) -> Any:
    """Run one of the loops below, compiled."""
    return compiled(loop, *CALLEES)(*arguments)
