"""What does each side constraint cost, and whom does it keep waiting? Every answer is a plan of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from matching.instance import instance_of
from matching.problem import Problem
from matching.side.climbing import MULTIPLIERS
from matching.side.question import question_of
from matching.solution import Solution
from matching.what_if import Effect, effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """A side constraint by its place in the problem, and what dropping it does to the plan."""

    place: str
    dropped: Effect


def costs(problem: Problem, solution: Solution) -> tuple[Cost, ...]:
    """Say what each side constraint costs: how much every level grows without it, who moves, and who is served.

    Constraints that are not listed cost nothing on any level (`binding`).
    """
    return tuple(Cost(place=place, dropped=_without(problem, solution, place)) for place in binding(problem, solution))


def places_that_hold_back(problem: Problem, solution: Solution, member: str) -> Mapping[str, str]:
    """Find the side constraints without any one of which a waiting member would be served, and by whom."""
    found = {cost.place: dict(cost.dropped.solution.answer.assignment).get(member) for cost in costs(problem, solution)}
    return {place: mentor for place, mentor in found.items() if mentor is not None}


def binding(problem: Problem, solution: Solution) -> tuple[str, ...]:
    """Name the side constraints that may cost something, by their places.

    If every level is proven by multipliers, and those of a constraint are all zero, the same proof holds without it. If
    a level rests on a search, nothing can be said of any; if none stood in the way, there is no level, and none costs.
    """
    if any(proof.by != MULTIPLIERS for proof in solution.side):
        return problem.side.places()
    rows = question_of(instance_of(problem), problem.side).rows.rows
    weighed = {row.place for proof in solution.side for row, y in zip(rows, proof.side, strict=True) if y}
    return tuple(place for place in problem.side.places() if place in weighed)


def _without(problem: Problem, solution: Solution, place: str) -> Effect:
    return effect(solution, replace(problem, side=problem.side.without(place)))
