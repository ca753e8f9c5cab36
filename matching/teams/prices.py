"""Is this plan of teams really the best? Prices say so for all teams, without a search.

A level is a sum over a plan x: the order of serving R, the fit F, and the evenness E, which counts against it. Let

    weights a_R, a_F, a_E >= 0     whole numbers
    prices v_j >= 0                of a place of each helper, whole numbers
    u_i = max(0, a_R r_i + max over the teams t of i of (a_F f_it - sum over j in t of v_j))

Then for every plan

    a_R R + a_F F - a_E E  <=  sum over members of u_i  +  sum over free places k of max(0, v_j - a_E floor(8 k / c_j))

for each team brings at most u_i and the prices of its places, each u_i occurs at most once, and each place taken leaves
of its price no more than the last sum counts for it. The teams are all there are, so this holds whoever found the
prices, and however. Each level has a certificate of its own: those before it are held at what they reached, and a
multiplier that folds them in can only raise the bound of plans that reach as much. So with `SCALE` as the weight of the
level itself, nothing betters

    floor((right side - sum over the levels before of weight x reached) / SCALE)

A pair whose best team is worth less than its member's u_i by d can only be part of a plan that stays d below the right
side. `kernel` looks for better plans without the pairs for which that is too far.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from matching.arrays import Ints
from matching.pairs import Pairs
from matching.teams.market import TeamMarket

SCALE: Final = 1 << 20
"""A unit of a level, so that prices that are fractions lose next to nothing as whole numbers."""

LARGEST_PRICE: Final = 1 << 58


@dataclass(frozen=True, slots=True)
class Levels:
    """What a plan reaches; `evenness` counts against it."""

    order_of_serving: int
    fit: int
    evenness: int

    def signed(self) -> tuple[int, int, int]:
        """Give the levels so that more is better on each."""
        return self.order_of_serving, self.fit, -self.evenness


@dataclass(frozen=True, slots=True)
class Prices:
    """Weights (a_R, a_F, a_E) and prices v_j, shape (m,), in parts of which `SCALE` make a unit of their level."""

    weights: tuple[int, int, int]
    v: Ints


@dataclass(frozen=True, slots=True)
class Proof:
    """What prices prove: `most`, in parts, that a plan as good on the levels before can reach on this one.

    `loss` (pairs,) is how far a plan with a pair stays below it.
    """

    most: int
    loss: Ints

    @property
    def bound(self) -> int:
        """Give what no plan betters, in whole units of the level."""
        return self.most // SCALE


def largest_weights(market: TeamMarket) -> tuple[int, int, int]:
    """Give the largest weight of each level with which 64 bits hold the worth of any team."""
    instance = market.instance
    most = int(instance.r.max(initial=1)), max(1, instance.full_fit), instance.levels
    return LARGEST_PRICE // most[0], LARGEST_PRICE // most[1], LARGEST_PRICE // most[2]


def levels_of(market: TeamMarket, pairs: Pairs) -> Levels:
    """Count what a plan of these pairs reaches, in whole numbers."""
    instance = market.instance
    load = np.bincount(pairs.j, minlength=instance.m)
    costs = (instance.evenness(np.array(j), instance.o[j] + np.arange(load[j])).sum() for j in np.flatnonzero(load))
    return Levels(int(instance.r[np.unique(pairs.i)].sum()), int(pairs.f.sum()), int(sum(costs)))


def proof(market: TeamMarket, prices: Prices, before: Sequence[int]) -> Proof:
    """Work out what prices prove, the levels before having reached so much."""
    a_r, a_f, a_e = prices.weights
    best = market.best_with(a_f * market.pairs.f.astype(np.int64) - prices.v[market.pairs.j])
    of_member = a_r * market.instance.r + market.best_of(best)
    u = np.maximum(0, of_member)
    rents = (
        places * max(0, price - a_e * level)
        for price, row in zip(prices.v.tolist(), market.instance.free_places().tolist(), strict=True)
        for level, places in enumerate(row)
    )
    held = sum(weight * reached for weight, reached in zip(prices.weights, before, strict=False))
    of_pair = a_r * market.instance.r[market.pairs.i] + best
    return Proof(sum(u.tolist()) + sum(rents) - held, u[market.pairs.i] - of_pair)
