"""What is left of a problem once people have become numbers: ranks, places, feasible pairs and their fit?"""

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from matching.arrays import Ints
from matching.comparing import feasible_pairs, related
from matching.hours.pricing import Hourly, ListedHours
from matching.hours.survey import HourSurvey
from matching.packed import packed
from matching.pairs import Listed, Pairs
from matching.pool import Pool, pool_of
from matching.problem import Problem
from matching.scanning import Prices
from matching.survey import Survey

LISTED_UP_TO_PAIRS: Final = 1 << 20
"""How many pairs, feasible or not, are compared rule by rule; with more it pays to load compiled loops."""


class Candidates(Protocol):
    """All feasible pairs, listed or not."""

    def first(self) -> Pairs:
        """Give some pairs to begin with."""
        ...

    def exceeding(self, prices: Prices, most: int) -> Pairs:
        """Give pairs that are worth more than their prices, for each member at least the `most` that exceed by most."""
        ...

    def level(self, prices: Prices) -> Pairs:
        """Give all pairs that are worth exactly their prices, provided that none is worth more."""
        ...

    def among(self, i: Ints, j: Ints) -> Pairs | None:
        """Give these pairs with their fit, in the same order, or None if one of them is not feasible."""
        ...

    def mentors_open_to(self) -> Ints:
        """Count the feasible mentors of each member, shape (n,)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """Letters as in `problem`: r (n,), c and o (m,); `kept` and `pins` hold keys i m + j of pairs, ascending.

    `full_fit` is the most that f can be, `levels` the number of levels of evenness (8 in `floor(8 k / c)`).
    `hourly` knows the hours that pairs share, where each pair needs one of its own (`matching.hours`).
    """

    member_ids: tuple[str, ...]
    mentor_ids: tuple[str, ...]
    r: Ints
    c: Ints
    o: Ints
    candidates: Candidates
    kept: Ints
    pins: Ints
    seed: str
    full_fit: int
    levels: int
    hourly: Hourly | None = None

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


def instance_of(problem: Problem, threads: int = 1) -> Instance:
    """Put a problem into numbers."""
    return instance_in(pool_of(problem), threads)


def instance_in(pool: Pool, threads: int = 1, listed_up_to_pairs: int = LISTED_UP_TO_PAIRS) -> Instance:
    """Put a pool into numbers. What comes of it does not depend on the number of threads, or on what is listed."""
    n, m = len(pool.members), len(pool.mentors)
    candidates: Candidates
    hourly: Hourly | None = None
    if n * m <= listed_up_to_pairs:
        candidates = listed = Listed(feasible_pairs(pool), n, m)
        hourly = ListedHours(listed, pool.hours) if pool.hours else None
    elif pool.hours:
        candidates = hourly = HourSurvey(packed=packed(pool, related(pool)), threads=threads, free=pool.hours)
    else:
        candidates = Survey(packed(pool, related(pool)), threads)
    return Instance(
        member_ids=tuple(member.id for member in pool.members),
        mentor_ids=tuple(mentor.id for mentor in pool.mentors),
        r=pool.r,
        c=np.array([mentor.capacity for mentor in pool.mentors], dtype=np.int64),
        o=np.array([mentor.open for mentor in pool.mentors], dtype=np.int64),
        candidates=candidates,
        kept=pool.kept,
        pins=pool.pins,
        seed=pool.seed,
        full_fit=pool.policy.full_fit + pool.policy.keep_bonus,
        levels=pool.policy.evenness_levels,
        hourly=hourly,
    )


def every_pair(instance: Instance) -> Pairs:
    """List all feasible pairs, also of a large pool."""
    candidates = instance.candidates
    return candidates.everything() if isinstance(candidates, Survey) else candidates.first()
