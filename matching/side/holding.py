"""Which plan is best among those that keep the side constraints?"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from matching.arrays import Ints
from matching.assignment import NOBODY
from matching.instance import Instance
from matching.market import prices_of
from matching.optimum import Optimum
from matching.pairs import Pairs
from matching.scanning import BEYOND_ANY
from matching.side.climbing import MULTIPLIERS, Climb, Height
from matching.side.constraints import SideConstraints
from matching.side.goals import CHOICES, goals_of
from matching.side.multipliers import Stage
from matching.side.question import Question, question_of
from matching.timing import Timing
from matching.validity import InvalidProblem
from matching.weights import Weights

ALL_UP_TO_PAIRS: Final = 10_000
NEAR_FIT: Final = 40
NEAREST: Final = 24


@dataclass(frozen=True, slots=True)
class Held:
    """Each member's mentor or -1, shape (n,), and how high the plan stands; () if no side constraint stood in the way.

    `is_proven` tells whether every level that counts was reached and proven.
    """

    mentor_of: Ints
    heights: tuple[Height, ...]
    is_proven: bool


def held(instance: Instance, weights: Weights, side: SideConstraints, found: Optimum, timing: Timing) -> Held:
    """Find the best plan that keeps the side constraints, given the one that is best without them.

    Raises `InvalidProblem` if no plan keeps them, naming some that cannot be kept together, none of them for nothing;
    or if there was not even time to find one that does.
    """
    question = question_of(instance, side)
    i, j = np.divmod(instance.pins, max(1, instance.m))
    plan = found.mentor_of.copy()
    plan[i] = NOBODY
    if not any(question.shortfalls(question.pairs_of(plan))):
        return Held(found.mentor_of, (), is_proven=False)
    goals = goals_of(question.left, demands=bool(question.rows.demands))
    climb = Climb(question, np.full(instance.n, NOBODY), _pool(question, weights, found), timing)
    climb.climb(goals)
    if not climb.heights:
        climb.choose_among(Stage(question, goals[0], ()), question.pairs_of(plan))
    if any(question.shortfalls(question.pairs_of(climb.plan))):
        raise InvalidProblem(_why_none(instance, side, climb.heights, climb.pool))
    mentor_of = climb.plan.copy()
    mentor_of[i] = j
    counting = [goal.name for goal in goals if goal.name not in CHOICES]
    proven = [height.goal for height in climb.heights if height.is_proven]
    return Held(mentor_of, tuple(climb.heights), is_proven=proven[: len(counting)] == counting)


def _why_none(instance: Instance, side: SideConstraints, heights: list[Height], pool: Pairs) -> str:
    if not heights or not heights[0].is_proven:
        return "side: time was over before a plan was found that keeps all of it"
    places = _at_odds(instance, side, heights[0], pool)
    if len(places) == 1:
        return f"{places[0]}: no plan keeps it"
    return f"side: no plan keeps {', '.join(places[:-1])} and {places[-1]} together"


def _at_odds(instance: Instance, side: SideConstraints, height: Height, pool: Pairs) -> tuple[str, ...]:
    """Leave out one constraint after the other as long as the rest cannot be kept, and those that prove nothing."""
    rows = question_of(instance, side).rows.rows
    proving = {row.place for row, weight in zip(rows, height.multipliers.side.tolist(), strict=True) if weight}
    needed = []
    for place in reversed(side.places()):  # from the last, so that the others keep their numbers
        fewer = side.without(place)
        if (height.by == MULTIPLIERS and place not in proving) or not _can_be_kept(instance, fewer, pool):
            side = fewer
        else:
            needed.append(place)
    return tuple(reversed(needed))


def _pool(question: Question, weights: Weights, found: Optimum) -> Pairs:
    """Give the pairs to begin with: all of a small list, else those near the prices of the plan without constraints."""
    left = question.left
    first = left.candidates.first()
    if left.n * left.m <= 1 << 20 and len(first) <= ALL_UP_TO_PAIRS:
        return first
    prices = prices_of(left, weights, found.u, found.v)
    base = prices.base + weights.fit * NEAR_FIT
    base[question.rows.members_of_demands()] = BEYOND_ANY
    return question.listed.united(left.candidates.exceeding(prices._replace(base=base), NEAREST), left.m)


def _can_be_kept(instance: Instance, side: SideConstraints, pool: Pairs) -> bool:
    question = question_of(instance, side)
    if not question.rows.demands:
        return True
    shortfall = goals_of(question.left, demands=True)[0]
    climb = Climb(question, np.full(instance.n, NOBODY), pool, Timing())
    climb.climb([shortfall])
    return not any(question.shortfalls(question.pairs_of(climb.plan)))
