"""Who should meet whom?"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from time import perf_counter

import numpy as np

from matching.arrays import Ints
from matching.certificate import objective_of, refusals
from matching.explain import proposals
from matching.flow import NOBODY, assign
from matching.instance import Instance, instance_in
from matching.pool import pool_of
from matching.prices import least_prices
from matching.problem import Problem
from matching.solution import NO_FEASIBLE_MENTOR, PLACES_SHORT, Duals, Solution
from matching.weights import Weights, weights_for

logger = logging.getLogger(__name__)


def solve(problem: Problem) -> Solution:
    """Find a best plan for everybody at once, with its reasons and its proof.

    The same problem gives the same solution, whatever the order in which people are listed. Raises `ProblemTooLarge`
    where the objective would not fit into 64 bits.
    """
    seconds: dict[str, float] = {}
    with _timed(seconds, "pairs"):
        pool = pool_of(problem)
        instance = instance_in(pool)
        weights = weights_for(instance)
    with _timed(seconds, "flow"):
        mentor_of = assign(instance, weights)
    with _timed(seconds, "prices"):
        duals = _duals(instance, weights, *least_prices(instance, weights, mentor_of))
    with _timed(seconds, "explanations"):
        solution = Solution(
            proposals=proposals(pool, instance, mentor_of),
            unserved=_unserved(instance, mentor_of),
            objective=objective_of(instance, _positions(instance, mentor_of)),
            optimal=False,
            feasible_pairs=len(instance.i),
            duals=duals,
            seconds=seconds,
        )
    with _timed(seconds, "certificate"):
        return _certified(instance, solution)


def _certified(instance: Instance, solution: Solution) -> Solution:
    complaints = refusals(instance, solution)
    for complaint in complaints:
        logger.warning("the plan is not proven best: %s", complaint)
    return replace(solution, optimal=not complaints)


def _duals(instance: Instance, weights: Weights, u: Ints, v: Ints) -> Duals:
    return Duals(
        weights=weights,
        members=dict(zip(instance.member_ids, u.tolist(), strict=True)),
        mentors=dict(zip(instance.mentor_ids, v.tolist(), strict=True)),
    )


def _positions(instance: Instance, mentor_of: Ints) -> Ints:
    return np.flatnonzero(mentor_of[instance.i] == instance.j)


def _unserved(instance: Instance, mentor_of: Ints) -> dict[str, str]:
    has_mentor = np.bincount(instance.i, minlength=instance.n) > 0
    return {
        instance.member_ids[i]: PLACES_SHORT if has_mentor[i] else NO_FEASIBLE_MENTOR
        for i in np.flatnonzero(mentor_of == NOBODY).tolist()
    }


@contextmanager
def _timed(seconds: dict[str, float], phase: str) -> Iterator[None]:
    start = perf_counter()
    yield
    seconds[phase] = perf_counter() - start
