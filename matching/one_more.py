"""What would one more place of each mentor bring? The prices tell, without solving anything again.

One more place that costs nothing at mentor j lets the plan gain just v_j, the least price (its marginal value: the dual
sum grows by v_j, and some plan reaches it, since a change of one unit moves along one path). Levels come apart again:

    v_j = W_R * (order of serving gained) + W_F * (fit gained) + (evenness gained, from 0 to levels - 1)

because a path through the sink frees one place elsewhere or none, and what it gains in evenness is less than W_F. The
fit gained can be negative, where serving somebody more pressing takes a better pair apart, and so can make it hard to
tell a rank from very much fit; where half a rank is not clear of it, the problem is solved with the place instead.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from matching.problem import Problem
from matching.solution import Solution
from matching.what_if import one_more_place

CLEAR_PART: Final = 4
"""The fit gained is told apart from a rank where it weighs less than one in so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPlace:
    """What one more place of a mentor brings: whether one more is served, and the growth of the first two levels.

    The third level is left out: a greater capacity also makes the mentor's other places cheaper. A mentor with more
    open matches than places gains nothing by one more.
    """

    mentor: str
    served: int
    order_of_serving: int
    fit: int


def next_places(problem: Problem, solution: Solution) -> tuple[NextPlace, ...]:
    """Say what one more place of each mentor would bring, those who bring most first, then by id.

    Expects the solution to be proven best: only then do its prices say this.
    """
    return tuple(sorted(_next_places(problem, solution), key=_most_first))


def _most_first(each: NextPlace) -> tuple[int, int, str]:
    return -each.order_of_serving, -each.fit, each.mentor


def _next_places(problem: Problem, solution: Solution) -> Iterator[NextPlace]:
    beyond = {mentor.id for mentor in problem.mentors if mentor.open > mentor.capacity}
    for mentor, price in solution.duals.mentors.items():
        order, fit = (0, 0) if mentor in beyond else _levels(price, solution)
        if abs(fit) * solution.duals.weights.fit * CLEAR_PART < solution.duals.weights.rank:
            yield NextPlace(mentor=mentor, served=int(order > 0), order_of_serving=order, fit=fit)
        else:
            growth = one_more_place(problem, solution, mentor).growth
            yield NextPlace(
                mentor=mentor, served=growth.served, order_of_serving=growth.order_of_serving, fit=growth.fit
            )


def _levels(price: int, solution: Solution) -> tuple[int, int]:
    """Take a price apart into ranks and fit, to the nearest rank."""
    weights = solution.duals.weights
    order = (price + weights.rank // 2) // weights.rank
    return order, (price - order * weights.rank) // weights.fit
