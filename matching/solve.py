"""Who should meet whom?"""

import logging
import os
from dataclasses import replace
from typing import Final

import numpy as np

from matching.arrays import Ints
from matching.assignment import NOBODY
from matching.certificate import ceiling, objective_of, pairs_named, refusals
from matching.explain import proposals
from matching.hours.optimum import hour_optimum
from matching.instance import LISTED_UP_TO_PAIRS, Instance, instance_in
from matching.optimum import Optimum, optimum
from matching.pool import Pool, pool_of
from matching.problem import Problem
from matching.scanning import BEYOND_ANY, FAR_BELOW, Prices
from matching.side.constraints import SideConstraints
from matching.side.holding import Held, held
from matching.side.proofs import bound_of, proofs_of
from matching.solution import NO_FEASIBLE_MENTOR, PLACES_SHORT, SIDE_CONSTRAINT, Answer, Duals, Solution, Verdict
from matching.timing import Onward, Timing, at_leisure
from matching.told import ToldProblem, instance_told
from matching.validity import InvalidProblem
from matching.weights import Weights, weights_for

logger = logging.getLogger(__name__)

THREADS: Final = os.cpu_count() or 1


def solve(
    problem: Problem,
    *,
    threads: int = THREADS,
    listed_up_to_pairs: int = LISTED_UP_TO_PAIRS,
    onward: Onward = at_leisure,
) -> Solution:
    """Find the canonical best plan for everybody at once, with its reasons and its proof.

    The same problem gives the same solution, whatever the order in which people are listed, on any number of threads,
    and however many pairs are listed at most before large pools are scanned instead. If `onward` says that time is
    over, the best plan so far, not proven best.

    Raises:
        InvalidProblem: a pinned pair is not feasible, the pins cannot all have a standing hour (`HoursShort`), or no
            plan keeps the side constraints.
        ProblemTooLarge: the objective would not fit into 64 bits.

    """
    timing = Timing(onward)
    with timing.of("pool"):
        pool = pool_of(problem)
    with timing.of("pairs"):
        instance = instance_in(pool, threads, listed_up_to_pairs)
    for number, pin in enumerate(problem.pins):
        if pairs_named(instance, [pin]) is None:
            raise InvalidProblem(f"pins[{number}]: is not feasible")
    weights = weights_for(instance)
    found, beside = _found(instance, weights, problem.side, timing)
    return _told(pool, instance, judged(instance, weights, found, timing, beside), problem.side, timing)


def solution_of(
    problem: Problem, answer: Answer, *, threads: int = THREADS, listed_up_to_pairs: int = LISTED_UP_TO_PAIRS
) -> Solution:
    """Check an answer without side constraints over all pairs and give it with its reasons.

    Raises `ProblemTooLarge` as `solve` does.
    """
    timing = Timing()
    with timing.of("pool"):
        pool = pool_of(problem)
    with timing.of("pairs"):
        instance = instance_in(pool, threads, listed_up_to_pairs)
    return _told(pool, instance, _checked(instance, weights_for(instance), answer, timing), problem.side, timing)


def _told(pool: Pool, instance: Instance, verdict: Verdict, side: SideConstraints, timing: Timing) -> Solution:
    with timing.of("explanations"):
        open_to = instance.candidates.mentors_open_to()
        mentor_of = _mentor_of(instance, verdict.answer)
        unserved = _unserved(instance, mentor_of, open_to)
        if side:
            unserved |= _held_back(instance, mentor_of)
        return Solution(
            proposals=proposals(pool, instance, mentor_of, _hour_of(instance, verdict.answer)),
            unserved=unserved,
            objective=verdict.answer.objective,
            bound=verdict.bound,
            optimal=verdict.optimal,
            feasible_pairs=int(open_to.sum()),
            duals=verdict.answer.duals,
            side=verdict.answer.side,
            seconds=timing.seconds,
        )


def _mentor_of(instance: Instance, answer: Answer) -> Ints:
    served = dict(answer.assignment)
    j = {mentor: index for index, mentor in enumerate(instance.mentor_ids)}
    named = (served.get(member) for member in instance.member_ids)
    return np.array([NOBODY if mentor is None else j[mentor] for mentor in named], dtype=np.int64)


def _hour_of(instance: Instance, answer: Answer) -> Ints | None:
    if instance.hourly is None:
        return None
    return np.array([answer.hours.get(member, NOBODY) for member in instance.member_ids], dtype=np.int64)


def solve_told(problem: ToldProblem, *, onward: Onward = at_leisure) -> Verdict:
    """Find the canonical best plan of a problem told pair by pair. Raises as `solve` does."""
    timing = Timing(onward)
    with timing.of("pairs"):
        instance = instance_told(problem)
    weights = weights_for(instance)
    found, beside = _found(instance, weights, problem.side, timing)
    return judged(instance, weights, found, timing, beside)


def _found(instance: Instance, weights: Weights, side: SideConstraints, timing: Timing) -> tuple[Optimum, Held | None]:
    """Find the best plan; with side constraints, the duals are still those of the best plan without them."""
    found = (optimum if instance.hourly is None else hour_optimum)(instance, weights, timing)
    if not side:
        return found, None
    with timing.of("side"):
        beside = held(instance, weights, side, found, timing)
    return replace(found, mentor_of=beside.mentor_of), beside if beside.heights else None


def judged(instance: Instance, weights: Weights, found: Optimum, timing: Timing, beside: Held | None = None) -> Verdict:
    """Make what was found into an answer, and check its certificate."""
    with timing.of("certificate"):
        answer = _answer(instance, weights, found)
        if beside is not None:
            return _judged_beside(instance, weights, answer, beside, timing)
    return _checked(instance, weights, answer, timing)


def _checked(instance: Instance, weights: Weights, answer: Answer, timing: Timing) -> Verdict:
    with timing.of("certificate"):
        complaints = refusals(instance, answer)
        for complaint in complaints:
            logger.log(
                logging.INFO if timing.is_over else logging.WARNING, "the plan is not proven best: %s", complaint
            )
        bound = ceiling(instance, weights, answer) if complaints else answer.objective
    return Verdict(answer=answer, bound=bound, optimal=not complaints, seconds=timing.seconds)


def _judged_beside(instance: Instance, weights: Weights, answer: Answer, beside: Held, timing: Timing) -> Verdict:
    proofs = proofs_of(instance, beside.heights)
    relaxed = ceiling(instance, weights, answer)
    return Verdict(
        answer=replace(answer, side=proofs),
        bound=answer.objective if beside.is_proven else bound_of(proofs, answer.objective, relaxed),
        optimal=beside.is_proven,
        seconds=timing.seconds,
    )


def _answer(instance: Instance, weights: Weights, found: Optimum) -> Answer:
    i = np.flatnonzero(found.mentor_of != NOBODY)
    pairs = instance.candidates.among(i, found.mentor_of[i])
    assert pairs is not None
    names = [(instance.member_ids[a], instance.mentor_ids[b]) for a, b in zip(pairs.i, pairs.j, strict=True)]
    hours = {} if found.hour_of is None else {instance.member_ids[a]: int(found.hour_of[a]) for a in pairs.i.tolist()}
    return Answer(
        assignment=tuple(names),
        objective=objective_of(instance, pairs),
        duals=Duals(
            weights=weights,
            members=dict(zip(instance.member_ids, found.u.tolist(), strict=True)),
            mentors=dict(zip(instance.mentor_ids, found.v.tolist(), strict=True)),
            hours={} if found.p is None else _hour_prices(instance, found.p),
        ),
        hours=hours,
    )


def _hour_prices(instance: Instance, p: Ints) -> dict[str, dict[int, int]]:
    prices: dict[str, dict[int, int]] = {}
    for j, hour in zip(*(where.tolist() for where in np.nonzero(p)), strict=True):
        prices.setdefault(instance.mentor_ids[j], {})[hour] = int(p[j, hour])
    return prices


def _held_back(instance: Instance, mentor_of: Ints) -> dict[str, str]:
    """Find who waits though a feasible mentor has a place: only side constraints can be in the way."""
    load = np.bincount(mentor_of[mentor_of != NOBODY], minlength=instance.m)
    has_place = instance.free_places().sum(axis=1) > load
    base = np.where(mentor_of == NOBODY, 1, FAR_BELOW)
    pairs = instance.candidates.exceeding(Prices(base, 0, np.where(has_place, 0, BEYOND_ANY)), 1)
    return {instance.member_ids[i]: SIDE_CONSTRAINT for i in np.unique(pairs.i).tolist()}


def _unserved(instance: Instance, mentor_of: Ints, open_to: Ints) -> dict[str, str]:
    return {
        instance.member_ids[i]: PLACES_SHORT if open_to[i] else NO_FEASIBLE_MENTOR
        for i in np.flatnonzero(mentor_of == NOBODY).tolist()
    }
