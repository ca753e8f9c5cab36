"""Which teams are there, and which is the best of each member, or the best that a pair is part of?"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from matching.arrays import Flags, Ints
from matching.instance import Instance, instance_in
from matching.packing import facing
from matching.pairs import Listed, Pairs
from matching.pool import Pool, pool_of
from matching.teams.problem import TEAM, TeamProblem, in_pairs
from matching.weights import ProblemTooLarge

NO_TEAM: Final = -(1 << 62)
MOST_ALL_PAIRS: Final = 1 << 28
"""Everybody is compared with everybody: this many pairs, feasible or not, take about half a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMarket:
    """Members i and helpers j of both rosters, in the order of their ids, and the pairs that are part of any team.

    `of_two` (n,) marks the members who want both, `is_navigator` (m,) a roster, and `works` (m, m) who may work
    together. The pairs of member i stand from `row[i]` up to `row[i + 1]`.
    """

    pool: Pool
    instance: Instance
    pairs: Pairs
    row: Ints
    of_two: Flags
    is_navigator: Flags
    works: Flags

    def best_with(self, worth: Ints) -> Ints:
        """Give the worth of the best team that each pair is part of, shape (pairs,), from what the pairs are worth."""
        best = np.where(self.of_two[self.pairs.i], NO_TEAM, worth)
        for i in np.flatnonzero(self.of_two).tolist():
            theirs = np.arange(self.row[i], self.row[i + 1])
            second = self.is_navigator[self.pairs.j[theirs]]
            one, other = theirs[~second], theirs[second]
            if len(one) and len(other):
                works = self.works[np.ix_(self.pairs.j[one], self.pairs.j[other])]
                teams = np.where(works, worth[one, np.newaxis] + worth[other], NO_TEAM)
                best[one], best[other] = teams.max(axis=1), teams.max(axis=0)
        return best

    def best_of(self, best: Ints) -> Ints:
        """Give the worth of the best team of each member, shape (n,), from those that each pair is part of."""
        most = np.full(self.instance.n, NO_TEAM, dtype=np.int64)
        np.maximum.at(most, self.pairs.i, best)
        return most


def market_of(problem: TeamProblem) -> TeamMarket:
    """Find all teams. Raises `ProblemTooLarge` if there are more pairs than can be compared."""
    pool = pool_of(in_pairs(problem))
    n, m = len(pool.members), len(pool.mentors)
    if n * m > MOST_ALL_PAIRS:
        raise ProblemTooLarge(f"teams: {n} members and {m} helpers are more than can be compared one by one")
    instance = instance_in(pool, listed_up_to_pairs=MOST_ALL_PAIRS)
    assert isinstance(instance.candidates, Listed)
    wants = {member.id: member.wants for member in problem.members}
    navigators = {navigator.id for navigator in problem.navigators}
    of_two = np.array([wants[name] == TEAM for name in instance.member_ids], dtype=np.bool_)
    is_navigator = np.array([name in navigators for name in instance.mentor_ids], dtype=np.bool_)
    works = _works(problem, pool)
    everything = _market(pool, instance, instance.candidates.pairs, of_two, is_navigator, works)
    part_of_some = everything.best_with(np.zeros(len(everything.pairs), dtype=np.int64)) > NO_TEAM
    return _market(pool, instance, everything.pairs.where(part_of_some), of_two, is_navigator, works)


def _market(
    pool: Pool, instance: Instance, pairs: Pairs, of_two: Flags, is_navigator: Flags, works: Flags
) -> TeamMarket:
    return TeamMarket(
        pool=pool,
        instance=instance,
        pairs=pairs,
        row=np.searchsorted(pairs.i, np.arange(instance.n + 1)),
        of_two=of_two,
        is_navigator=is_navigator,
        works=works,
    )


def _works(problem: TeamProblem, pool: Pool) -> Flags:
    """Tell of each two helpers, shape (m, m), whether they may work together."""
    works: Flags = pool.mentor_person[:, np.newaxis] != pool.mentor_person
    if problem.same_language and len(pool.mentors):
        spoken = [helper.languages for helper in pool.mentors]
        everybody = np.arange(len(pool.mentors))
        works &= facing(spoken, spoken).meet(everybody[:, np.newaxis], everybody)
    j = {helper.id: index for index, helper in enumerate(pool.mentors)}
    for one, other in problem.apart:
        if one in j and other in j:
            works[j[one], j[other]] = works[j[other], j[one]] = False
    return works
