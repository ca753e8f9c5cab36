"""Which problem has just the same plans, and says nothing of anybody's boundaries?

One whose boundaries are gone, and whose barred pairs are those that only now look feasible. Why a pair may not meet is
no longer told: a boundary, a pair barred before, and two people who would support each other all look alike. Nor is it
told who is a member and a mentor, or what somebody lived through and does not let count.
"""

from dataclasses import replace

import numpy as np

from matching.arrays import Ints
from matching.instance import Instance, instance_of
from matching.pairs import Pairs
from matching.problem import Problem
from matching.survey import Survey


def sealed(problem: Problem, threads: int = 1) -> Problem:
    """Give a problem of the same ids, feasible pairs, fits, ranks and places, and so of the same solution."""
    told = replace(
        problem,
        members=tuple(
            replace(
                each, person=f"member {each.id}", avoid_topics=frozenset(), lived_experience=frozenset(each.matchable)
            )
            for each in problem.members
        ),
        mentors=tuple(
            replace(
                each,
                person=f"mentor {each.id}",
                declined_topics=frozenset(),
                lived_experience=frozenset(each.matchable),
            )
            for each in problem.mentors
        ),
        barred=frozenset(),
    )
    seeming = instance_of(told, threads)
    barred = np.setdiff1d(_keys(seeming), _keys(instance_of(problem, threads)), assume_unique=True)
    i, j = (part.tolist() for part in np.divmod(barred, max(1, seeming.m)))
    return replace(
        told,
        barred=frozenset((seeming.member_ids[a], seeming.mentor_ids[b]) for a, b in zip(i, j, strict=True)),
    )


def _keys(instance: Instance) -> Ints:
    candidates = instance.candidates
    pairs: Pairs = candidates.everything() if isinstance(candidates, Survey) else candidates.first()
    return pairs.keys(instance.m)
