"""Which pairs are feasible over the whole pool, and how well does each fit?

Everybody is compared with everybody in blocks, so memory follows the feasible pairs and not all pairs.

Two people may each be a member and a mentor, and so might be proposed to support each other. If both directions are
feasible otherwise, only the one that serves the member who comes first (rank, then id) stays. To forbid just the
combination would be milder, but would tie two proposals together, which no network flow can express; dropping one
direction keeps the answer exact and provable.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from matching.arrays import Flags, Indices, Ints
from matching.fit import keep_bonus, points
from matching.pool import Pool
from matching.ranks import turns
from matching.rules import RELATION, RULES

BLOCK_PAIRS: Final = 1 << 17
THREADS: Final = 2


@dataclass(frozen=True, slots=True)
class Pairs:
    """The feasible pairs (i, j) and their f_ij with the bonus, shape (pairs,) each, in the order of (i, j)."""

    i: Indices
    j: Indices
    f: Indices

    def where(self, chosen: Flags) -> "Pairs":
        """Leave out all but the chosen pairs."""
        return Pairs(self.i[chosen], self.j[chosen], self.f[chosen])


def feasible_pairs(pool: Pool) -> Pairs:
    """Compare everybody with everybody. Threads share the blocks but not the order, so the answer never varies."""
    with ThreadPoolExecutor(THREADS) as threads:
        blocks = list(threads.map(partial(_in_block, pool), _blocks_of_members(pool)))
    nothing = np.empty(0, dtype=np.int32)
    pairs = Pairs(*(np.concatenate([nothing, *(getattr(block, name) for block in blocks)]) for name in ("i", "j", "f")))
    mutual = _mutual(pool, pairs)
    return pairs.where(~mutual) if mutual.any() else pairs


def _blocks_of_members(pool: Pool) -> Iterator[Ints]:
    rows = max(1, BLOCK_PAIRS // max(1, len(pool.mentors)))
    for first in range(0, len(pool.members), rows):
        yield np.arange(first, min(first + rows, len(pool.members)))


def _in_block(pool: Pool, members: Ints) -> Pairs:
    everybody, mentors = members[:, np.newaxis], np.arange(len(pool.mentors))
    feasible = np.ones((len(members), len(mentors)), dtype=np.bool_)
    for name, rule in RULES.items():
        if name != RELATION:  # cheaper on the pairs that are left
            feasible &= rule(pool, everybody, mentors)
    row, j = np.nonzero(feasible)
    i = members[row]
    related = RULES[RELATION](pool, i, j)
    i, j = i[related], j[related]
    f = keep_bonus(pool, i, j) + sum(points(pool, i, j).values())
    return Pairs(i.astype(np.int32), j.astype(np.int32), f.astype(np.int32))


def _mutual(pool: Pool, pairs: Pairs) -> Flags:
    """Mark the pairs whose other direction is feasible too and serves a member who comes before."""
    people = len(pool.members) + len(pool.mentors)
    sides = [np.bincount(side, minlength=people) > 0 for side in (pool.member_person, pool.mentor_person)]
    both_sides = sides[0] & sides[1]
    mutual = np.zeros(len(pairs.i), dtype=np.bool_)
    between = np.flatnonzero(both_sides[pool.member_person[pairs.i]] & both_sides[pool.mentor_person[pairs.j]])
    if not len(between):
        return mutual
    member, mentor = pool.member_person[pairs.i[between]], pool.mentor_person[pairs.j[between]]
    ways, way = np.unique(member * people + mentor, return_inverse=True)
    first_turn = np.full(len(ways), len(pool.members))
    np.minimum.at(first_turn, way, turns(pool.r)[pairs.i[between]])
    back = mentor * people + member
    found = np.minimum(np.searchsorted(ways, back), len(ways) - 1)
    mutual[between] = (ways[found] == back) & (first_turn[found] < first_turn[way])
    return mutual
