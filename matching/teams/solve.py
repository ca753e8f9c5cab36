"""Who should be supported by whom, where a mentor and a navigator work as a team?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from matching.arrays import Flags
from matching.assignment import NOBODY
from matching.explain import proposals
from matching.searching import EFFORT
from matching.solution import Proposal
from matching.teams.kernel import LEVELS, bettered, drawn
from matching.teams.market import TeamMarket, market_of
from matching.teams.prices import Levels, Prices, Proof, levels_of, proof
from matching.teams.problem import TeamProblem
from matching.teams.relaxation import prices_for
from matching.teams.waiting import Waiting, why_waiting
from matching.timing import Onward, Timing, at_leisure

BY_PRICES: Final = "prices"
BY_SEARCH: Final = "search"
NOT_PROVEN: Final = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Who supports a member: both, or the one that the member wants. `fit` is the sum, bonuses included."""

    member: str
    fit: int
    mentor: Proposal | None
    navigator: Proposal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelProof:
    """What the plan reaches on a level, what no plan betters that is as good on those before, and what shows it.

    `by` is `prices` where the certificate alone proves the bound, `search` where the bound rests on the solver's search
    among the pairs that the prices leave, and `none` where a gap is left. `weights` and `prices`, by helper, are in
    parts of which `prices.SCALE` make a unit. Evenness counts against a plan, so its bound
    is the least that is not ruled out.
    """

    level: str
    reached: int
    bound: int
    by: str
    weights: tuple[int, int, int]
    prices: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamSolution:
    """The teams in the order of member ids, why the others wait, and the proof level by level.

    `optimal` says that every level is proven, `canonical` that the choice among equals is proven too.
    """

    teams: tuple[Team, ...]
    waiting: Mapping[str, Waiting]
    levels: tuple[LevelProof, ...]
    optimal: bool
    canonical: bool
    seconds: Mapping[str, float] = field(compare=False)

    @property
    def objective(self) -> Levels:
        """Give what the plan reaches."""
        return Levels(*(level.reached for level in self.levels))


def solve_teams(problem: TeamProblem, *, effort: float = EFFORT, onward: Onward = at_leisure) -> TeamSolution:
    """Find the best plan of teams, and prove it or say what gap is left.

    The same problem gives the same solution, whatever the order in which people are listed. `effort` limits the search
    of each level in the solver's own count of work. If `onward` says that time is over, the best plan so far.

    Raises ProblemTooLarge where there are too many people to compare everybody with everybody.
    """
    timing = Timing(onward)
    with timing.of("pairs"):
        market = market_of(problem)
    plan, levels, canonical = _best(market, effort, timing)
    with timing.of("explanations"):
        teams = _teams(market, plan)
        served = {team.member for team in teams}
        waiting = {
            member.id: why_waiting(problem, market, member) for member in market.pool.members if member.id not in served
        }
    return TeamSolution(
        teams=teams,
        waiting=waiting,
        levels=levels,
        optimal=all(level.by != NOT_PROVEN for level in levels),
        canonical=canonical,
        seconds=timing.seconds,
    )


@dataclass(frozen=True, slots=True)
class _Searched:
    """What came of one level: its prices and what they prove, the bound, and whether it needs no search."""

    prices: Prices
    proven: Proof
    bound: int
    by_prices: bool


def _best(market: TeamMarket, effort: float, timing: Timing) -> tuple[Flags, tuple[LevelProof, ...], bool]:
    plan = np.zeros(len(market.pairs), dtype=np.bool_)
    before: tuple[int, ...] = ()
    found: list[_Searched] = []
    for _ in LEVELS:
        with timing.of("prices"):
            prices = prices_for(market, before)
            proven = proof(market, prices, before)
        with timing.of("search"):
            plan, reached, by_prices = bettered(market, proven, plan, before, effort, timing)
        before = _recounted(market, plan, (*before, reached.value))
        found.append(_Searched(prices, proven, reached.bound, by_prices))
    canonical = all(each.bound == reached for each, reached in zip(found, before, strict=True))
    if canonical:
        with timing.of("choice"):
            plan, canonical = drawn(market, found[-1].proven, plan, before, effort, timing)
        before = _recounted(market, plan, before)
    levels = (_level(market, *each) for each in zip(LEVELS, before, found, strict=True))
    return plan, tuple(levels), canonical


def _recounted(market: TeamMarket, plan: Flags, said: Sequence[int]) -> tuple[int, ...]:
    """Count again in whole numbers what the solver says. A level that was not proven may have grown since."""
    counted = levels_of(market, market.pairs.where(plan)).signed()[: len(said)]
    if any(reached < held for reached, held in zip(counted, said, strict=True)):
        raise AssertionError(f"the solver says {said} and the plan reaches {counted}")
    return counted


def _level(market: TeamMarket, name: str, reached: int, found: _Searched) -> LevelProof:
    by = NOT_PROVEN if reached < found.bound else BY_PRICES if found.by_prices else BY_SEARCH
    return LevelProof(
        level=name,
        reached=abs(reached),
        bound=abs(found.bound),
        by=by,
        weights=found.prices.weights,
        prices=dict(zip(market.instance.mentor_ids, found.prices.v.tolist(), strict=True)),
    )


def _teams(market: TeamMarket, plan: Flags) -> tuple[Team, ...]:
    chosen = market.pairs.where(plan)
    fit = np.bincount(chosen.i, weights=chosen.f, minlength=market.instance.n)
    theirs: list[dict[str, Proposal]] = []
    for is_navigator in (False, True):
        side = chosen.where(market.is_navigator[chosen.j] == is_navigator)
        helper_of = np.full(market.instance.n, NOBODY, dtype=np.int64)
        helper_of[side.i] = side.j
        theirs.append({each.member: each for each in proposals(market.pool, market.instance, helper_of)})
    return tuple(
        Team(
            member=name,
            fit=int(fit[i]),
            mentor=theirs[0].get(name),
            navigator=theirs[1].get(name),
        )
        for i, name in enumerate(market.instance.member_ids)
        if name in theirs[0] or name in theirs[1]
    )
