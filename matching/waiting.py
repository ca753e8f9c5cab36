"""Why does somebody still wait, and what would have to be otherwise?"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matching.instance import instance_of
from matching.market import pairs_of
from matching.pool import pool_of
from matching.problem import Problem
from matching.rules import RELATION, RULES
from matching.solution import Solution


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Why a member waits.

    Where no mentor is feasible, `nearest` holds the fewest rules that would have to give way together, each such set
    with the number of mentors that it would open. Else `mentors` are the feasible ones, all without a place to spare,
    and `ahead` the members who have those places and come before or with this one.
    """

    nearest: Mapping[tuple[str, ...], int]
    mentors: tuple[str, ...]
    ahead: tuple[str, ...]


def why_waiting(problem: Problem, solution: Solution, member: str) -> Waiting:
    """Say why a member of the problem is not served. Raises KeyError if they are, or are not in the problem."""
    _ = solution.unserved[member]
    instance = instance_of(problem)
    i = instance.member_ids.index(member)
    mentors = tuple(instance.mentor_ids[j] for j in pairs_of(instance, i).j.tolist())
    rank = dict(zip(instance.member_ids, instance.r.tolist(), strict=True))
    ahead = (
        each for each, mentor in solution.answer.assignment if mentor in set(mentors) and rank[each] >= rank[member]
    )
    return Waiting(nearest={} if mentors else _nearest(problem, i), mentors=mentors, ahead=tuple(ahead))


def _nearest(problem: Problem, i: int) -> dict[tuple[str, ...], int]:
    pool = pool_of(problem)
    row, everybody = np.full(len(pool.mentors), i), np.arange(len(pool.mentors))
    fails = np.stack([~rule(pool, row, everybody) for rule in RULES.values()], axis=1)
    fails[:, list(RULES).index(RELATION)] |= ~fails.any(axis=1)  # they would support each other
    names = np.array(list(RULES))
    fewest = fails[fails.sum(axis=1) == fails.sum(axis=1).min(initial=len(names))]
    return dict(sorted(Counter(tuple(names[each].tolist()) for each in fewest).items()))
