"""What would another wish cost, and who would have to move? Every answer is a plan of its own, proven best."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from matching.certificate import bound, worth
from matching.hours.pins import with_pins_first
from matching.instance import instance_of
from matching.market import pairs_of, prices_of
from matching.problem import InvalidProblem, Mentor, Problem
from matching.rules import STANDING_HOUR
from matching.solution import Objective, Solution
from matching.solve import solve
from matching.validity import HoursShort
from matching.why_not import failing_rules

PLACES: Final = "places"
"""Why a pair cannot be forced though it breaks no rule: the mentor has no place left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Somebody whose mentor changes; None stands for waiting."""

    member: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a changed problem does to the plan: how much each level grows, who moves, and the plan that comes of it.

    `gain` folds the levels into one number, less than nothing for a loss: the first level before all.
    """

    growth: Objective
    gain: int
    moves: tuple[Move, ...]
    solution: Solution


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNot:
    """Why two people are not proposed: all rules that fail, `places` if the mentor has none, or else the price."""

    failing: tuple[str, ...]
    forcing: Effect | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """A mentor whom a member could have, with the fit (and bonus) of the pair, and the loss to all, folded."""

    mentor: str
    fit: int
    regret: int
    effect: Effect


def effect(before: Solution, changed: Problem) -> Effect:
    """Solve a changed problem and compare."""
    after = solve(changed)
    old, new = dict(before.answer.assignment), dict(after.answer.assignment)
    growth = Objective(
        order_of_serving=after.objective.order_of_serving - before.objective.order_of_serving,
        served=after.objective.served - before.objective.served,
        fit=after.objective.fit - before.objective.fit,
        evenness=after.objective.evenness - before.objective.evenness,
    )
    return Effect(
        growth=growth,
        gain=worth(growth, before.duals.weights),
        moves=tuple(
            Move(member=member, before=old.get(member), after=new.get(member))
            for member in sorted(old.keys() | new.keys())
            if old.get(member) != new.get(member)
        ),
        solution=after,
    )


def why_not(problem: Problem, solution: Solution, member: str, mentor: str) -> WhyNot:
    """Say why a pair is not proposed. Raises KeyError if one of the two is not in the problem."""
    failing = failing_rules(problem, member, mentor)
    if not failing and not _has_place(problem, member, mentor):
        failing = (PLACES,)
    if failing:
        return WhyNot(failing=failing, forcing=None)
    try:
        return WhyNot(failing=(), forcing=effect(solution, forced(problem, member, mentor)))
    except HoursShort:  # pins of others have all the hours that these two share
        return WhyNot(failing=(STANDING_HOUR,), forcing=None)


def forced(problem: Problem, member: str, mentor: str) -> Problem:
    """Pin a pair, instead of another pin of the member if there is one."""
    return replace(problem, pins=(*(pin for pin in problem.pins if pin[0] != member), (member, mentor)))


def alternatives(problem: Problem, solution: Solution, member: str, most: int) -> tuple[Alternative, ...]:
    """Find the `most` mentors for a member that cost all the least, exactly, the cheapest first.

    A pair costs at least what its duals say beyond its worth, less what side constraints cost already. So once enough
    are found that cost no more than the next would at least, no other needs to be tried. Mentors with whom the side
    constraints could not be kept are left out.
    """
    found: list[Alternative] = []
    lost = _lost_beside(problem, solution)
    for at_least, mentor, fit in _by_least_regret(problem, solution, member):
        if len(found) >= most and found[most - 1].regret <= at_least - lost:
            break
        try:
            tried = effect(solution, forced(problem, member, mentor))
        except HoursShort:
            continue
        except InvalidProblem:
            if not problem.side:
                raise
            continue
        found.append(Alternative(mentor=mentor, fit=fit, regret=-tried.gain, effect=tried))
        found.sort(key=lambda each: (each.regret, each.mentor))
    return tuple(found[:most])


def one_more_place(problem: Problem, solution: Solution, mentor: str) -> Effect:
    """Say what one more place of a present mentor would bring."""
    mentors = (replace(each, capacity=each.capacity + (each.id == mentor)) for each in problem.mentors)
    return effect(solution, replace(problem, mentors=tuple(mentors)))


def one_more_mentor(problem: Problem, solution: Solution, mentor: Mentor) -> Effect:
    """Say what a further mentor, with these traits and hours, would bring."""
    return effect(solution, replace(problem, mentors=(*problem.mentors, mentor)))


def _by_least_regret(problem: Problem, solution: Solution, member: str) -> Iterator[tuple[int, str, int]]:
    """Give what each feasible mentor with a place costs at least, the mentor, and the fit; the cheapest first."""
    instance = with_pins_first(instance_of(problem))
    pairs, duals = pairs_of(instance, instance.member_ids.index(member)), solution.duals
    u = np.array([duals.members[each] for each in instance.member_ids], dtype=np.int64)
    v = np.array([duals.mentors[each] for each in instance.mentor_ids], dtype=np.int64)
    at_least = -pairs.excess(prices_of(instance, duals.weights, u, v))
    for number in np.argsort(at_least, kind="stable").tolist():
        mentor = instance.mentor_ids[pairs.j[number]]
        if _has_place(problem, member, mentor):
            yield int(at_least[number]), mentor, int(pairs.f[number])


def _lost_beside(problem: Problem, solution: Solution) -> int:
    """Say by how much, folded, the plan may stay behind the best one without side constraints."""
    if not problem.side:
        return 0
    instance, duals, no_hours = instance_of(problem), solution.duals, np.empty(0, dtype=np.int64)
    u, v = (np.array(list(side.values()), dtype=np.int64) for side in (duals.members, duals.mentors))
    return bound(instance, duals.weights, u, v, no_hours) - worth(solution.objective, duals.weights)


def _has_place(problem: Problem, member: str, mentor: str) -> bool:
    """Tell whether a mentor has a place that is neither taken nor pinned for somebody else."""
    pinned = sum(pin[1] == mentor and pin[0] != member for pin in problem.pins)
    return any(each.capacity - each.open > pinned for each in problem.mentors if each.id == mentor)
