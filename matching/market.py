"""How do ranks, fits and places become worth and cost, and plans and prices come back?"""

import numpy as np

from matching.arrays import Ints
from matching.assignment import Market
from matching.instance import Instance
from matching.pairs import Pairs
from matching.scanning import BEYOND_ANY, FAR_BELOW, Prices
from matching.weights import Weights


def market_of(instance: Instance, weights: Weights, pairs: Pairs) -> Market:
    """Put some of an instance's pairs on the market, worth W_R r_i + W_F f_ij; places cost their evenness."""
    free = np.maximum(0, instance.c - instance.o)
    place, j, k = places(np.minimum(free, np.bincount(pairs.j, minlength=instance.m)))
    worth = weights.rank * instance.r[pairs.i] + weights.fit * pairs.f.astype(np.int64)
    order = np.argsort(-instance.r, kind="stable")
    return Market(order, rows(pairs, instance.n), pairs.j, worth, place, instance.evenness(j, instance.o[j] + k))


def rows(pairs: Pairs, n: int) -> Ints:
    """Say where the pairs of each member begin, shape (n + 1,)."""
    return np.searchsorted(pairs.i, np.arange(n + 1))


def places(free: Ints) -> tuple[Ints, Ints, Ints]:
    """List places by mentor: where each mentor's begin, shape (m + 1,), and of each place the mentor and its number."""
    begin = np.concatenate([[0], np.cumsum(free)])
    j = np.repeat(np.arange(len(free)), free)
    return begin, j, np.arange(len(j)) - begin[j]


def pairs_of(instance: Instance, i: int) -> Pairs:
    """Find all feasible pairs of one member."""
    base = np.full(instance.n, FAR_BELOW, dtype=np.int64)
    base[i] = BEYOND_ANY
    free = Prices(base, 1, np.zeros(instance.m, dtype=np.int64))
    return instance.candidates.exceeding(free, max(1, instance.m))


def prices_of(instance: Instance, weights: Weights, u: Ints, v: Ints) -> Prices:
    """Give what each pair must outweigh to be worth more than its duals."""
    return Prices(weights.rank * instance.r - u, weights.fit, v)
