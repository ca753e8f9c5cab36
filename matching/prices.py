"""What must a place of each mentor be worth, if the plan is best?

Prices v_j prove a plan (`certificate` says how) if and only if they satisfy, for the plan's x and w_ij as in `weights`,

    v_j >= 0
    v_j >= floor(8 k / c_j)                  for the last place k that the plan takes at j
    v_j >= w_ij                              for each feasible pair of a member i whom the plan leaves waiting
    v_j >= v_h + w_ij - w_ih                 for each feasible pair of a member i whom the plan gives to mentor h
    v_j <= floor(8 k / c_j)                  for the first place k that the plan leaves free at j
    v_j <= w_ij                              for each member i whom the plan gives to j

They are the lengths of longest paths in the residual network of `flow`, read at the mentors. The first four have a
least solution, found by label correcting: start from the first three, raise along the fourth until nothing moves. In
a best plan no cycle gains, so each round settles paths one pair longer and at most m rounds are needed; and if the
least solution breaks one of the last two, nothing satisfies all six. So these prices exist exactly for best plans. No
claim rests on that here: `certificate` checks the result for itself.
"""

import numpy as np

from matching.arrays import Flags, Ints
from matching.flow import NOBODY
from matching.instance import Instance
from matching.weights import Weights


def least_prices(instance: Instance, weights: Weights, mentor_of: Ints) -> tuple[Ints, Ints]:
    """Find the values u (n,) and the least prices v (m,) for a plan that gives member i to mentor_of[i], or to -1."""
    w = weights.of_pairs(instance)
    v = _starting_prices(instance, w, mentor_of)
    _raise_along_pairs(instance, w, mentor_of, v)
    u = np.zeros(instance.n, dtype=np.int64)
    np.maximum.at(u, instance.i, w - v[instance.j])
    return u, v


def _starting_prices(instance: Instance, w: Ints, mentor_of: Ints) -> Ints:
    taken = np.bincount(mentor_of[mentor_of != NOBODY], minlength=instance.m)
    used = np.flatnonzero(taken)
    v = np.zeros(instance.m, dtype=np.int64)
    v[used] = instance.evenness(used, instance.o[used] + taken[used] - 1)
    waiting = mentor_of[instance.i] == NOBODY
    np.maximum.at(v, instance.j[waiting], w[waiting])
    return v


def _raise_along_pairs(instance: Instance, w: Ints, mentor_of: Ints, v: Ints) -> None:
    served = np.flatnonzero(mentor_of[instance.i] != NOBODY)
    i, j, w = instance.i[served], instance.j[served], w[served]
    h = mentor_of[i]
    w_served = np.zeros(instance.n, dtype=np.int64)
    w_served[i[j == h]] = w[j == h]
    gain = w - w_served[i]
    moved: Flags = np.ones(instance.m, dtype=np.bool_)
    for _ in range(instance.m):
        active = np.flatnonzero(moved[h])
        before = v.copy()
        np.maximum.at(v, j[active], v[h[active]] + gain[active])
        moved = v > before
        if not moved.any():
            return
