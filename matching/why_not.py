"""Why can these two not meet?"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from matching.arrays import Ints
from matching.comparing import feasible_pairs
from matching.people import Member, Mentor
from matching.pool import pool_of
from matching.problem import Problem
from matching.rules import RELATION, RULES


def failing_rules(problem: Problem, member_id: str, mentor_id: str) -> tuple[str, ...]:
    """Name every rule that a pair breaks, in the order of `rules.RULES`; () means that it is feasible.

    Raises KeyError if one of the two is not in the problem.
    """
    pool = pool_of(_narrowed(problem, member_id, mentor_id))
    i = _position(pool.members, member_id)
    j = _position(pool.mentors, mentor_id)
    failing = tuple(name for name, rule in RULES.items() if not rule(pool, i, j)[0])
    if failing:
        return failing
    pairs = feasible_pairs(pool)
    return () if ((pairs.i == i) & (pairs.j == j)).any() else (RELATION,)


def _position(people: Sequence[Member | Mentor], wanted: str) -> Ints:
    found = np.array([index for index, person in enumerate(people) if person.id == wanted], dtype=np.int64)
    if not len(found):
        message = "the problem has nobody with this id on this side"
        raise KeyError(message)
    return found


def _narrowed(problem: Problem, member_id: str, mentor_id: str) -> Problem:
    """Keep these two and whoever else they are on the other side: nobody else bears on whether they may meet."""
    two = {member.person for member in problem.members if member.id == member_id}
    two |= {mentor.person for mentor in problem.mentors if mentor.id == mentor_id}
    return replace(
        problem,
        members=tuple(member for member in problem.members if member.person in two),
        mentors=tuple(mentor for mentor in problem.mentors if mentor.person in two),
        pins=(),
    )
