"""If a mentor leaves, who can take over, and whom would nobody take?

One mentor may leave at a time, so backups of one mentor's members compete for the free places of the others, and those
of different mentors do not. For each mentor that is a small problem of its own: as few people stranded as possible, and
among those ways the best fit.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matching.arrays import Ints
from matching.assignment import NOBODY, Market, best_plan
from matching.hours.taking_over import best_in_free_hours
from matching.instance import Instance, instance_of
from matching.market import places, rows
from matching.pairs import Pairs
from matching.problem import Problem
from matching.scanning import BEYOND_ANY, FAR_BELOW, Prices
from matching.solution import Solution


@dataclass(frozen=True, slots=True, kw_only=True)
class Backups:
    """A second mentor for each member of the plan who can have one, and by mentor how many nobody else could take."""

    mentors: Mapping[str, str]
    stranded: Mapping[str, int]

    @property
    def most_stranded(self) -> int:
        """How many are stranded when the mentor leaves who would be missed most."""
        return max(self.stranded.values(), default=0)


def backups(problem: Problem, solution: Solution) -> Backups:
    """Find a backup for every match, so that as few as possible are stranded whoever leaves."""
    instance = instance_of(problem)
    mentor_of = _mentor_of(instance, solution)
    load = np.bincount(mentor_of[mentor_of != NOBODY], minlength=instance.m)
    left = np.maximum(0, instance.c - instance.o - load)
    pairs = _with_places_left(instance, mentor_of, load, left)
    found: dict[str, str] = {}
    for j in np.flatnonzero(load).tolist():
        theirs = pairs.where(mentor_of[pairs.i] == j)
        taken_over = _taken_over(instance, theirs, left, solution)
        for i in np.flatnonzero(taken_over != NOBODY).tolist():
            found[instance.member_ids[i]] = instance.mentor_ids[taken_over[i]]
    served = dict(solution.answer.assignment)
    stranded = {instance.mentor_ids[j]: int(load[j]) for j in np.flatnonzero(load).tolist()}
    for member in found:
        stranded[served[member]] -= 1
    return Backups(mentors=dict(sorted(found.items())), stranded=stranded)


def _taken_over(instance: Instance, pairs: Pairs, left: Ints, solution: Solution) -> Ints:
    """Find who else takes each member; who meets at a standing hour needs one that is free with the other mentor."""
    market = _market(instance, pairs, left)
    if instance.hourly is None:
        return best_plan(market)[0].mentor_of
    return best_in_free_hours(instance.hourly, market, pairs, _hours_taken(instance, solution))


def _hours_taken(instance: Instance, solution: Solution) -> list[tuple[int, int]]:
    j = {mentor: index for index, mentor in enumerate(instance.mentor_ids)}
    hours = solution.answer.hours
    return [(j[mentor], hours[member]) for member, mentor in solution.answer.assignment]


def _mentor_of(instance: Instance, solution: Solution) -> Ints:
    served = dict(solution.answer.assignment)
    j = {mentor: index for index, mentor in enumerate(instance.mentor_ids)}
    named = (served.get(member) for member in instance.member_ids)
    return np.array([NOBODY if mentor is None else j[mentor] for mentor in named], dtype=np.int64)


def _with_places_left(instance: Instance, mentor_of: Ints, load: Ints, left: Ints) -> Pairs:
    """Find who else could take each member of the plan: as many as the most who compete, and one's own mentor."""
    base = np.where(mentor_of == NOBODY, FAR_BELOW, BEYOND_ANY)
    closed = np.where(left > 0, 0, BEYOND_ANY + BEYOND_ANY)
    pairs = instance.candidates.exceeding(Prices(base, 1, closed), int(load.max(initial=0)) + 1)
    return pairs.where(mentor_of[pairs.i] != pairs.j)


def _market(instance: Instance, pairs: Pairs, left: Ints) -> Market:
    """Weigh that somebody is taken over before how well it fits."""
    place, j, _ = places(np.minimum(left, np.bincount(pairs.j, minlength=instance.m)))
    worth = (min(instance.n, instance.m) + 2) * (instance.full_fit + 1) + pairs.f.astype(np.int64)
    return Market(np.unique(pairs.i), rows(pairs, instance.n), pairs.j, worth, place, np.zeros(len(j), dtype=np.int64))
