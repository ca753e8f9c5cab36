"""Does a result of teams keep the rules, reach what it says, and prove it? Looked at without solving anything."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from matching.arrays import Ints
from matching.pairs import Pairs
from matching.teams.files import LevelForm, TeamResult
from matching.teams.market import TeamMarket, market_of
from matching.teams.prices import LARGEST_PRICE, SCALE, Prices, largest_weights, levels_of, proof
from matching.teams.problem import TeamProblem
from matching.teams.solve import BY_PRICES


def refusals(problem: TeamProblem, result: TeamResult) -> tuple[str, ...]:
    """Say what is wrong with a result; () means that nothing is.

    A level that is said to be proven by prices is proven again here. Of the others nothing is said but what they reach:
    that no better plan was found is the word of whoever searched.
    """
    market = market_of(problem)
    chosen = [
        (team.member, half.id) for team in result.teams for half in (team.mentor, team.navigator) if half is not None
    ]
    pairs = _pairs(market, chosen)
    if pairs is None:
        return ("a team has somebody whom the member may not meet",)
    complaints = tuple(_of_plan(market, pairs))
    return complaints or tuple(_of_levels(market, pairs, result.levels))


def _pairs(market: TeamMarket, chosen: Sequence[tuple[str, str]]) -> Pairs | None:
    ids = zip(market.pairs.i.tolist(), market.pairs.j.tolist(), strict=True)
    at = {(market.instance.member_ids[i], market.instance.mentor_ids[j]): number for number, (i, j) in enumerate(ids)}
    if not set(chosen) <= at.keys():
        return None
    return market.pairs.where(np.array(sorted(at[pair] for pair in chosen), dtype=np.int64))


def _of_plan(market: TeamMarket, pairs: Pairs) -> Iterator[str]:
    if len(np.unique(pairs.keys(market.instance.m))) < len(pairs):
        yield "a pair stands more than once"
    halves: dict[int, list[int]] = {}
    for i, j in zip(pairs.i.tolist(), pairs.j.tolist(), strict=True):
        halves.setdefault(i, []).append(j)
    if any(not _is_team(market, i, theirs) for i, theirs in halves.items()):
        yield "a member does not have the team that they want"
    places: Ints = market.instance.free_places().sum(axis=1)
    if any(load > places[j] for j, load in Counter(pairs.j.tolist()).items()):
        yield "a helper has more members than places"


def _is_team(market: TeamMarket, i: int, theirs: Sequence[int]) -> bool:
    if not market.of_two[i]:
        return len(theirs) == 1
    rosters = sorted(bool(market.is_navigator[j]) for j in theirs)
    return rosters == [False, True] and bool(market.works[theirs[0], theirs[1]])


def _of_levels(market: TeamMarket, pairs: Pairs, levels: Sequence[LevelForm]) -> Iterator[str]:
    reached = levels_of(market, pairs).signed()
    if [level.reached for level in levels] != [abs(value) for value in reached]:
        yield "what is reached is not what the teams reach"
        return
    for number, level in enumerate(levels):
        prices = [level.prices.get(helper, 0) for helper in market.instance.mentor_ids]
        most = [*(LARGEST_PRICE for _ in prices), *largest_weights(market)]
        if not all(0 <= part <= limit for part, limit in zip((*prices, *level.weights), most, strict=True)):
            yield f"{level.level}: a price or weight is negative or out of range"
        elif level.weights[number:] != (SCALE, 0, 0)[: len(levels) - number]:
            yield f"{level.level}: the weights are not those of the level"
        else:
            proven = proof(market, Prices(level.weights, np.array(prices, dtype=np.int64)), reached[:number])
            if level.by == BY_PRICES and proven.bound != reached[number]:
                yield f"{level.level}: the prices do not prove it"
