"""Who should meet whom today, if more people will come?

Every place is charged what it is expected to be worth to those who may come (`outlook`), in points of fit:

    f'_ij = f_ij - charge_j + the greatest charge

and the problem is solved as ever, with f' in the place of f. The constant keeps f' from being negative and decides
nothing: all plans that reach the best order of serving serve equally many (they are bases of one matroid). So

- the order of serving comes before all charges: as many are served today, of the same ranks, as without reserving.
  Reserving steers people towards mentors who will be missed less, and leaves nobody waiting for its sake;
- unless the programme says so. Whoever's urgency is in `may_wait` is not offered a place that is charged more than
  their being served there is worth: served_points + f_ij < charge_j.

The plan is proven best for the problem with these charges, by the same certificate as any other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from matching.arrays import Flags, Ints
from matching.arrivals.outlook import Outlook
from matching.arrivals.reserving import Reserving
from matching.certificate import objective_of, pairs_named
from matching.instance import Instance, every_pair, instance_in
from matching.optimum import optimum
from matching.pairs import Listed, Pairs
from matching.pins import unsettled
from matching.pool import Pool, pool_of
from matching.problem import InvalidProblem, Problem
from matching.solution import NO_FEASIBLE_MENTOR, PLACES_SHORT, Duals, Objective
from matching.solve import judged
from matching.timing import Timing
from matching.weights import weights_for

PLACE_HELD_BACK: Final = "place-held-back"
"""Why somebody waits though a mentor has a place for them: it is worth more to those who may come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Who meets whom today, what each mentor's place was charged, and the proof.

    `charges` are in points of fit, by mentor. `objective` counts the true fit; the `duals` prove that no plan is better
    with the charges, and `optimal` says that this was checked. `unserved` says why the others wait.
    """

    assignment: tuple[tuple[str, str], ...]
    charges: Mapping[str, int]
    objective: Objective
    unserved: Mapping[str, str]
    duals: Duals
    optimal: bool


def placed(problem: Problem, outlook: Outlook, reserving: Reserving, ahead: Sequence[date] | None = None) -> Placement:
    """Find the canonical best plan for those who are here, with places charged for those who may come.

    `ahead` are the days for which places are kept: if not told otherwise, those from the problem's day to the horizon.
    Where there are none, the plan is that of `solve.solve`. Who may come on them is drawn by the problem's `seed`.

    Raises:
        InvalidProblem: the outlook is not that of the problem's mentors, or a pinned pair is not feasible.
        ProblemTooLarge: the objective would not fit into 64 bits.

    """
    pool = pool_of(problem)
    instance = instance_in(pool)
    if instance.mentor_ids != outlook.mentor_ids:
        raise InvalidProblem("mentors: are not those of the outlook")
    for number, pin in enumerate(problem.pins):
        if pairs_named(instance, [pin]) is None:
            raise InvalidProblem(f"pins[{number}]: is not feasible")
    charge = _charges(problem, instance, outlook, reserving, ahead)
    pairs = every_pair(instance)
    held_back = _held_back(pool, instance, pairs, charge, reserving)
    charged = _charged(instance, pairs.where(~held_back), charge)
    weights, timing = weights_for(charged), Timing()
    verdict = judged(charged, weights, optimum(charged, weights, timing), timing)
    taken = pairs_named(instance, verdict.answer.assignment)
    assert taken is not None
    return Placement(
        assignment=verdict.answer.assignment,
        charges=dict(zip(instance.mentor_ids, charge.tolist(), strict=True)),
        objective=objective_of(instance, taken),
        unserved=_unserved(instance, pairs, pairs.where(held_back), taken),
        duals=verdict.answer.duals,
        optimal=verdict.optimal,
    )


def _charges(
    problem: Problem, instance: Instance, outlook: Outlook, reserving: Reserving, ahead: Sequence[date] | None
) -> Ints:
    days = reserving.ahead(problem.today) if ahead is None else ahead
    if not days:
        return np.zeros(instance.m, dtype=np.int64)
    free = unsettled(instance).free_places().sum(axis=1)
    return outlook.charges(free, days, reserving, problem.seed)


def _held_back(pool: Pool, instance: Instance, pairs: Pairs, charge: Ints, reserving: Reserving) -> Flags:
    """Mark the pairs of those who may wait that are charged more than they are worth; pins are decided already."""
    may_wait = np.array([member.urgency in reserving.may_wait for member in pool.members], dtype=np.bool_)
    dear = reserving.served_points + pairs.f < charge[pairs.j]
    marked: Flags = may_wait[pairs.i] & dear & ~np.isin(pairs.keys(instance.m), instance.pins)
    return marked


def _charged(instance: Instance, pairs: Pairs, charge: Ints) -> Instance:
    most = int(charge.max(initial=0))
    fits = pairs.f + most - charge[pairs.j]
    listed = Listed(Pairs(pairs.i, pairs.j, fits), instance.n, instance.m)
    return replace(instance, candidates=listed, full_fit=instance.full_fit + most)


def _unserved(instance: Instance, pairs: Pairs, held_back: Pairs, taken: Pairs) -> dict[str, str]:
    left = instance.free_places().sum(axis=1) - np.bincount(taken.j, minlength=instance.m)
    reason = np.full(instance.n, NO_FEASIBLE_MENTOR, dtype=object)
    reason[pairs.i] = PLACES_SHORT
    reason[held_back.i[left[held_back.j] > 0]] = PLACE_HELD_BACK
    waiting = np.setdiff1d(np.arange(instance.n), taken.i)
    return {instance.member_ids[i]: str(reason[i]) for i in waiting.tolist()}
