"""What is one place more worth, and one place fewer?

    Data:       members i with pairs of worth w_ij > 0, mentors j with c_j places.
    Value:      V(c), the greatest sum of w_ij over a plan.
    Gain:       V(c + 1_j) - V(c) is the least price v_j that proves a best plan.
    Loss:       V(c) - V(c - 1_j) is the greatest.

Both follow from one best plan (Shapley and Shubik 1971; Demange and Gale 1985). `assignment` and `flow` give the least
prices. The greatest satisfy, for the plan that they gave,

    v_j = 0                          if a place of j is free
    v_j <= w_ij                      for each member i given to j
    v_h <= v_j + w_ih - w_ij         for each pair (i, j) of a member whom the plan gives to mentor h

and are the greatest solution of these, found by label correcting: no cycle gains in a best plan, so it ends after at
most m rounds.
"""

from typing import Final

import numpy as np

from matching import flow
from matching.arrays import Ints
from matching.assignment import NOBODY, Market, Plan, best_plan
from matching.market import places, rows
from matching.pairs import Pairs

UNBOUNDED: Final = 1 << 61


def margins(pairs: Pairs, worth: Ints, n: int, free: Ints) -> tuple[Ints, Ints]:
    """Give the gain of one more place of each mentor and the loss of one fewer, shapes (m,).

    `worth` are the w_ij, positive, shape (pairs,), and `free` the c_j, shape (m,). Who has no place loses none: 0.
    """
    market = _market(pairs, worth, n, free)
    plan = flow.best_flow(market) if flow.holds(market) else best_plan(market)[0]
    return plan.v, _greatest(market, plan, free)


def _market(pairs: Pairs, worth: Ints, n: int, free: Ints) -> Market:
    place, j, _ = places(np.minimum(free, np.bincount(pairs.j, minlength=len(free))))
    best = np.zeros(n, dtype=np.int64)
    np.maximum.at(best, pairs.i, worth)
    order = np.argsort(-best, kind="stable")  # whoever brings most hardly ever gives way later
    return Market(order, rows(pairs, n), pairs.j, worth, place, np.zeros_like(j))


def _greatest(market: Market, plan: Plan, free: Ints) -> Ints:
    member = np.repeat(np.arange(len(plan.u)), np.diff(market.row))
    j, h, w = market.mentor, plan.mentor_of[member], market.worth
    v = np.where((plan.load < free) | (free == 0), 0, UNBOUNDED)
    theirs = np.flatnonzero(j == h)
    np.minimum.at(v, j[theirs], w[theirs])
    with_theirs = np.zeros(len(plan.u), dtype=np.int64)
    with_theirs[member[theirs]] = w[theirs]
    others = np.flatnonzero((h != NOBODY) & (j != h))
    j, h, less = j[others], h[others], with_theirs[member[others]] - w[others]
    for _ in range(len(v)):
        before = v.copy()
        np.minimum.at(v, h, v[j] + less)
        if np.array_equal(v, before):
            break
    return v
