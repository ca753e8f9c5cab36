"""Which pairs are feasible, rule by rule?

Everybody is compared with everybody in blocks, so memory follows the feasible pairs and not all pairs. It reads as the
rules do and is the measure of `scanning`, which does the same for large pools.

Two people may each be a member and a mentor, and so might be proposed to support each other. If both directions are
feasible otherwise, only the one that serves the member who comes first (rank, then id) stays. To forbid just the
combination would be milder, but would tie two proposals together, which no network flow can express; dropping one
direction keeps the answer exact and provable.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from matching.arrays import Flags, Ints
from matching.fit import keep_bonus, points
from matching.pairs import Pairs, gathered
from matching.pool import Pool
from matching.ranks import turns
from matching.rules import RELATION, RULES

BLOCK_PAIRS: Final = 1 << 17


def feasible_pairs(pool: Pool) -> Pairs:
    """Compare everybody with everybody."""
    pairs = _compared(pool, np.arange(len(pool.members)), np.arange(len(pool.mentors)))
    mutual = _mutual(pool, pairs)
    return pairs.where(~mutual) if mutual.any() else pairs


def related(pool: Pool) -> Ints:
    """Give the keys of all pairs that the rule `relation` forbids, ascending."""
    i, j = (np.flatnonzero(flags) for flags in _on_both_sides(pool))
    pairs = _compared(pool, i, j)
    mutual = pairs.where(_mutual(pool, pairs)).keys(len(pool.mentors))
    alone = (pool.keys(i[rows], j[columns]) for rows, columns in _blocks_of_same(pool, i, j))
    return np.unique(np.concatenate([pool.barred, mutual, *alone]))


def _blocks_of_same(pool: Pool, i: Ints, j: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Find who is one person with whom among members i and mentors j."""
    order = np.argsort(pool.mentor_person[j], kind="stable")
    persons = pool.mentor_person[j][order]
    first, last = (np.searchsorted(persons, pool.member_person[i], side=side) for side in ("left", "right"))
    for number in range(int((last - first).max(initial=0))):
        rows = np.flatnonzero(first + number < last)
        yield rows, order[first[rows] + number]


def _on_both_sides(pool: Pool) -> tuple[Flags, Flags]:
    """Mark the members who are mentors too, and the mentors who are members too."""
    return np.isin(pool.member_person, pool.mentor_person), np.isin(pool.mentor_person, pool.member_person)


def _compared(pool: Pool, members: Ints, mentors: Ints) -> Pairs:
    rows = max(1, BLOCK_PAIRS // max(1, len(mentors)))
    return gathered([_in_block(pool, members[first : first + rows], mentors) for first in range(0, len(members), rows)])


def _in_block(pool: Pool, members: Ints, mentors: Ints) -> Pairs:
    everybody = members[:, np.newaxis]
    feasible = np.ones((len(members), len(mentors)), dtype=np.bool_)
    for name, rule in RULES.items():
        if name != RELATION:  # cheaper on the pairs that are left
            feasible &= rule(pool, everybody, mentors)
    row, column = np.nonzero(feasible)
    i, j = members[row], mentors[column]
    allowed = RULES[RELATION](pool, i, j)
    i, j = i[allowed], j[allowed]
    f = keep_bonus(pool, i, j) + sum(points(pool, i, j).values())
    return Pairs(i.astype(np.int32), j.astype(np.int32), f.astype(np.int32))


def _mutual(pool: Pool, pairs: Pairs) -> Flags:
    """Mark the pairs whose other direction is feasible too and serves a member who comes before."""
    people = len(pool.members) + len(pool.mentors)
    members, mentors = _on_both_sides(pool)
    mutual = np.zeros(len(pairs), dtype=np.bool_)
    between = np.flatnonzero(members[pairs.i] & mentors[pairs.j])
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
