"""Is this answer really the best? Anybody can check, without the solver.

A plan x takes the first free places of each mentor, and is worth

    sum over its pairs of w_ij   -   sum over the places k it takes of floor(8 k / c_j)            (primal)

with w_ij = W_R r_i + W_F f_ij as in `weights`. Let u_i >= 0 be a value of serving member i and v_j >= 0 a price of a
place at mentor j, such that

    u_i + v_j >= w_ij                                                      for every feasible pair

Then no plan is worth more than

    sum over members of u_i   +   sum over free places k of max(0, v_j - floor(8 k / c_j))         (dual)

for in any plan each pair has w_ij <= u_i + v_j; each u_i occurs at most once; and each place taken brings v_j less
its cost, which is at most max(0, v_j - cost), a sum to which places not taken only add. A place thus has one price a
mentor, and what is left of it after the place's own cost of evenness is that place's rent. If the two sums are equal,
the plan is best, on every level at once. The check is whole numbers throughout: int64 per pair, Python's unbounded
int for the sums.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

import numpy as np

from matching.arrays import Ints
from matching.instance import Instance
from matching.solution import Objective, Solution
from matching.weights import Weights, weights_for

PAIRS_AT_ONCE: Final = 1 << 20
LARGEST_DUAL: Final = 2**62 - 1


def refusals(instance: Instance, solution: Solution) -> tuple[str, ...]:
    """Say why the solution is not proven best for the instance; () means that it is."""
    complaints = tuple(_plan_complaints(instance, solution))
    return complaints or tuple(_dual_complaints(instance, solution))


def _plan_complaints(instance: Instance, solution: Solution) -> Iterator[str]:
    if len({proposal.member for proposal in solution.proposals}) < len(solution.proposals):
        yield "a member is proposed twice"
    pairs = _pairs_of(instance, solution)
    if pairs is None:
        yield "a proposal is not a feasible pair"
        return
    if not all(
        proposal.fit + proposal.explanation.keep_bonus == f
        for proposal, f in zip(solution.proposals, instance.f[pairs], strict=True)
    ):
        yield "the fit of a proposal is not that of its pair"
    load = np.bincount(instance.j[pairs], minlength=instance.m)
    if (load > instance.free_places().sum(axis=1)).any():
        yield "a mentor has more proposals than places"
    elif solution.objective != objective_of(instance, pairs):
        yield "the objective is not that of the proposals"


def _pairs_of(instance: Instance, solution: Solution) -> Ints | None:
    """Find where the proposals stand among the feasible pairs, or None if one does not."""
    i = {member: index for index, member in enumerate(instance.member_ids)}
    j = {mentor: index for index, mentor in enumerate(instance.mentor_ids)}
    wanted = [(i.get(proposal.member), j.get(proposal.mentor)) for proposal in solution.proposals]
    keys = np.array([a * instance.m + b for a, b in wanted if a is not None and b is not None], dtype=np.int64)
    if len(keys) < len(wanted):
        return None
    feasible = instance.i.astype(np.int64) * instance.m + instance.j
    pairs = np.searchsorted(feasible, keys)
    found = len(feasible) > 0 and (feasible[np.minimum(pairs, len(feasible) - 1)] == keys).all()
    return pairs if found or not wanted else None


def objective_of(instance: Instance, pairs: Ints) -> Objective:
    """Count the levels of a plan that consists of these feasible pairs, given by their positions."""
    load = Counter(instance.j[pairs].tolist())
    costs = (instance.evenness(np.array(j), instance.o[j] + np.arange(taken)) for j, taken in load.items())
    return Objective(
        order_of_serving=int(instance.r[instance.i[pairs]].sum()),
        served=len(pairs),
        fit=int(instance.f[pairs].sum()),
        evenness=sum(int(cost.sum()) for cost in costs),
    )


def _dual_complaints(instance: Instance, solution: Solution) -> Iterator[str]:
    duals, weights = solution.duals, weights_for(instance)
    if duals.weights != weights:
        yield "the weights are not those of the problem"
    if set(duals.members) != set(instance.member_ids) or set(duals.mentors) != set(instance.mentor_ids):
        yield "a dual is missing, or belongs to nobody"
        return
    if not all(0 <= dual <= LARGEST_DUAL for dual in (*duals.members.values(), *duals.mentors.values())):
        yield "a dual is negative or out of range"
        return
    u = np.array([duals.members[member] for member in instance.member_ids], dtype=np.int64)
    v = np.array([duals.mentors[mentor] for mentor in instance.mentor_ids], dtype=np.int64)
    if not _cover_pairs(instance, weights, u, v):
        yield "a feasible pair is worth more than its duals"
    if _primal(solution.objective, weights) != _dual(instance, u, v):
        yield "the primal and the dual sum differ"


def _cover_pairs(instance: Instance, weights: Weights, u: Ints, v: Ints) -> bool:
    for first in range(0, len(instance.i), PAIRS_AT_ONCE):
        pairs = slice(first, first + PAIRS_AT_ONCE)
        w = weights.of_pairs(instance, pairs)
        if (u[instance.i[pairs]] + v[instance.j[pairs]] < w).any():
            return False
    return True


def _primal(objective: Objective, weights: Weights) -> int:
    return weights.rank * objective.order_of_serving + weights.fit * objective.fit - objective.evenness


def _dual(instance: Instance, u: Ints, v: Ints) -> int:
    rents = (
        places * max(0, price - level)
        for price, row in zip(v.tolist(), instance.free_places().tolist(), strict=True)
        for level, places in enumerate(row)
    )
    return int(sum(u.tolist()) + sum(rents))
