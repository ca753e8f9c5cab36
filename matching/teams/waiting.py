"""Why does somebody still wait for a team, and which rules would have to be otherwise?"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from matching.arrays import Flags, Ints
from matching.people import Member
from matching.rules import RULES
from matching.teams.market import TeamMarket
from matching.teams.problem import MENTOR, NAVIGATOR, TEAM, TeamProblem

NOBODY_FEASIBLE: Final = {MENTOR: "no-feasible-mentor", NAVIGATOR: "no-feasible-navigator"}
NO_FEASIBLE_TEAM: Final = "no-feasible-team"
PLACES_SHORT: Final = "places-short"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Why a member waits.

    `nearest` is for those whom no mentor, or no navigator, may meet: the fewest rules that would have to give way
    together, each such set with the number of helpers of that roster that it would open.
    """

    reason: str
    nearest: Mapping[tuple[str, ...], int]


def why_waiting(problem: TeamProblem, market: TeamMarket, member: Member) -> Waiting:
    """Say why a member of the problem is not served."""
    i = market.instance.member_ids.index(member.id)
    if market.row[i] < market.row[i + 1]:
        return Waiting(reason=PLACES_SHORT, nearest={})
    wants = next(each.wants for each in problem.members if each.id == member.id)
    for roster in (MENTOR, NAVIGATOR):
        fails = _fails(market, i, market.is_navigator == (roster == NAVIGATOR))
        if wants in {roster, TEAM} and fails.any(axis=1).all():
            return Waiting(reason=NOBODY_FEASIBLE[roster], nearest=_nearest(fails))
    return Waiting(reason=NO_FEASIBLE_TEAM, nearest={})


def _fails(market: TeamMarket, i: int, roster: Flags) -> Flags:
    """Mark the rules that fail between a member and each helper of a roster, shape (helpers, rules)."""
    j: Ints = np.flatnonzero(roster)
    row = np.full(len(j), i)
    fails: Flags = np.stack([~rule(market.pool, row, j) for rule in RULES.values()], axis=1)
    return fails


def _nearest(fails: Flags) -> dict[tuple[str, ...], int]:
    names = np.array(list(RULES))
    fewest = fails[fails.sum(axis=1) == fails.sum(axis=1).min(initial=len(names))]
    return dict(sorted(Counter(tuple(names[each].tolist()) for each in fewest).items()))
