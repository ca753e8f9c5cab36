"""What is left of a problem once people have become numbers: ranks, places, feasible pairs and their fit?"""

from dataclasses import dataclass

import numpy as np

from matching.arrays import Indices, Ints
from matching.pairs import feasible_pairs
from matching.pool import Pool, pool_of
from matching.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """Letters as in `problem`: r (n,), c and o (m,), and of each feasible pair i, j and f (pairs,), ordered by (i, j).

    `full_fit` is the most that f can be, `levels` the number of levels of evenness (8 in `floor(8 k / c)`).
    """

    member_ids: tuple[str, ...]
    mentor_ids: tuple[str, ...]
    r: Ints
    c: Ints
    o: Ints
    i: Indices
    j: Indices
    f: Indices
    full_fit: int
    levels: int

    @property
    def n(self) -> int:
        """How many members wait."""
        return len(self.member_ids)

    @property
    def m(self) -> int:
        """How many mentors there are."""
        return len(self.mentor_ids)

    def free_places(self) -> Ints:
        """Count each mentor's free places at each cost of evenness, shape (m, levels).

        Place k costs `floor(levels k / c)`, so those of cost l are the k from `ceil(l c / levels)` up to, not
        including, `ceil((l + 1) c / levels)`.
        """
        bounds = -(-np.arange(self.levels + 1) * self.c[:, np.newaxis] // self.levels)
        places: Ints = np.diff(np.maximum(bounds, self.o[:, np.newaxis]), axis=1)
        return places

    def evenness(self, j: Ints, k: Ints) -> Ints:
        """Give what place k of mentor j costs."""
        cost: Ints = self.levels * k // self.c[j]
        return cost


def instance_of(problem: Problem) -> Instance:
    """Put a problem into numbers."""
    return instance_in(pool_of(problem))


def instance_in(pool: Pool) -> Instance:
    """Put a pool into numbers."""
    pairs = feasible_pairs(pool)
    return Instance(
        member_ids=tuple(member.id for member in pool.members),
        mentor_ids=tuple(mentor.id for mentor in pool.mentors),
        r=pool.r,
        c=np.array([mentor.capacity for mentor in pool.mentors], dtype=np.int64),
        o=np.array([mentor.open for mentor in pool.mentors], dtype=np.int64),
        i=pairs.i,
        j=pairs.j,
        f=pairs.f,
        full_fit=pool.policy.full_fit + pool.policy.keep_bonus,
        levels=pool.policy.evenness_levels,
    )
