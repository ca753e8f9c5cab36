"""Which prices prove most? Those of the linear relaxation, where members may be served in part.

    x_ij  0..1   how much of member i helper j takes, for each pair
    s_i   0..1   how much of member i is served
    z_jl  0..    how many places of helper j are taken that cost l, up to as many as there are

    sum over mentors j of x_ij = s_i, and over navigators too, as far as i wants them
    sum over i of x_ij <= sum over l of z_jl
    each level before at least what it reached
    the most of the level

GLOP solves it in doubles. Its prices, rounded, prove something whether or not it was exact (`prices`). That a mentor
and a navigator of one member must be able to work together is left out here, and looked at there.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from ortools.math_opt.python import mathopt  # type: ignore[import-untyped]

from matching.arrays import Flags
from matching.pairs import Pairs
from matching.teams.market import TeamMarket
from matching.teams.prices import LARGEST_PRICE, SCALE, Prices, largest_weights

LISTED: Final = 24
"""The relaxation begins with so many pairs of each member on each roster; where all fit in, with all."""

ALL_UP_TO_PAIRS: Final = 60_000
ROUNDS: Final = 12
CLEARLY: Final = 1024
UNLISTED: Final = -(1 << 60)
LEVELS: Final = 3


def prices_for(market: TeamMarket, before: Sequence[int]) -> Prices:
    """Find prices for the level after those that reached so much."""
    listed = _first(market)
    prices = _solved(market, market.pairs.where(listed), before)
    for _ in range(ROUNDS):
        missing = _exceeding(market, prices, listed)
        if not missing.any():
            break
        listed |= missing
        prices = _solved(market, market.pairs.where(listed), before)
    return prices


def _first(market: TeamMarket) -> Flags:
    pairs = market.pairs
    if len(pairs) <= ALL_UP_TO_PAIRS:
        return np.ones(len(pairs), dtype=np.bool_)
    roster = 2 * pairs.i.astype(np.int64) + market.is_navigator[pairs.j]
    order = np.lexsort((-pairs.f, roster))
    begins = np.searchsorted(roster[order], roster[order])
    listed = np.zeros(len(pairs), dtype=np.bool_)
    listed[order] = np.arange(len(pairs)) - begins < LISTED
    return listed


def _exceeding(market: TeamMarket, prices: Prices, listed: Flags) -> Flags:
    """Mark the pairs left out that make a team worth clearly more than all teams of pairs that were not."""
    a_r, a_f, _ = prices.weights
    worth = a_f * market.pairs.f.astype(np.int64) - prices.v[market.pairs.j]
    least = -a_r * market.instance.r
    known = np.maximum(least, market.best_of(market.best_with(np.where(listed, worth, UNLISTED))))
    return ~listed & (market.best_with(worth) > known[market.pairs.i] + SCALE // CLEARLY)


def _solved(market: TeamMarket, pairs: Pairs, before: Sequence[int]) -> Prices:
    instance, level = market.instance, len(before)
    model = mathopt.Model()
    x = [model.add_variable(lb=0, ub=1) for _ in range(len(pairs))]
    s = [model.add_variable(lb=0, ub=1) for _ in range(instance.n)]
    served = [[model.add_linear_constraint(lb=0, ub=0) for _ in s] for _ in range(2)]
    places = [model.add_linear_constraint(ub=0) for _ in range(instance.m)]
    of_two, is_navigator = market.of_two.tolist(), market.is_navigator.tolist()
    for i, j, one in zip(pairs.i.tolist(), pairs.j.tolist(), x, strict=True):
        served[is_navigator[j] and of_two[i]][i].set_coefficient(one, 1)
        places[j].set_coefficient(one, 1)
    for i, one in enumerate(s):
        for row in served[: 1 + of_two[i]]:
            row[i].set_coefficient(one, -1)
    evenness: list[tuple[mathopt.Variable, int]] = []
    for j, row in enumerate(instance.free_places().tolist()):
        for cost, free in enumerate(row):
            if free:
                z = model.add_variable(lb=0, ub=free)
                places[j].set_coefficient(z, -1)
                evenness.append((z, -cost))
    counted = (
        list(zip(s, instance.r.tolist(), strict=True)),
        list(zip(x, pairs.f.tolist(), strict=True)),
        evenness,
    )
    held = [
        model.add_linear_constraint(_sum(terms) >= reached) for terms, reached in zip(counted, before, strict=False)
    ]
    model.maximize(_sum(counted[level]))
    duals = mathopt.solve(model, mathopt.SolverType.GLOP).dual_values()
    largest = largest_weights(market)
    multipliers = [min(_whole(-duals[row]), most) for row, most in zip(held, largest, strict=False)]
    return Prices(
        (*multipliers, SCALE, 0, 0)[:LEVELS],  # type: ignore[arg-type]
        np.array([_whole(duals[row]) for row in places], dtype=np.int64),
    )


def _sum(terms: Sequence[tuple[mathopt.Variable, int]]) -> mathopt.LinearBase:
    return mathopt.fast_sum(weight * variable for variable, weight in terms)


def _whole(dual: float) -> int:
    """Put a dual into parts; none is negative but by an error of rounding."""
    return min(max(0, round(dual * SCALE)), LARGEST_PRICE)
