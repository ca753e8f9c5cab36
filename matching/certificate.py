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

from collections.abc import Iterator, Sequence
from operator import mul

import numpy as np

from matching.arrays import Ints
from matching.hours.certificate import hour_complaints, hour_prices, is_exceeded, raised_by_pins
from matching.instance import Instance
from matching.market import places, prices_of
from matching.pairs import Pairs
from matching.pins import unsettled
from matching.solution import Answer, Objective
from matching.weights import LARGEST_DUAL, Weights, weights_for


def refusals(instance: Instance, answer: Answer) -> tuple[str, ...]:
    """Say why the answer is not proven best for the instance; () means that it is."""
    return plan_refusals(instance, answer) or tuple(_dual_complaints(instance, answer))


def plan_refusals(instance: Instance, answer: Answer) -> tuple[str, ...]:
    """Say why the answer is no plan for the instance, or not worth what it says."""
    return tuple(_plan_complaints(instance, answer))


def _plan_complaints(instance: Instance, answer: Answer) -> Iterator[str]:
    if len({member for member, _ in answer.assignment}) < len(answer.assignment):
        yield "a member is proposed twice"
    pairs = pairs_named(instance, answer.assignment)
    if pairs is None:
        yield "a proposal is not a feasible pair"
        return
    if not np.isin(instance.pins, pairs.keys(instance.m)).all():
        yield "a pinned pair is not proposed"
    load = np.bincount(pairs.j, minlength=instance.m)
    if (load > instance.free_places().sum(axis=1)).any():
        yield "a mentor has more proposals than places"
    elif answer.objective != objective_of(instance, pairs):
        yield "the objective is not that of the proposals"
    elif instance.hourly is not None:
        yield from hour_complaints(instance, pairs, answer.hours)


def pairs_named(instance: Instance, names: Sequence[tuple[str, str]]) -> Pairs | None:
    """Find pairs among the feasible ones by the ids of member and mentor, or None if one is not there."""
    i = {member: index for index, member in enumerate(instance.member_ids)}
    j = {mentor: index for index, mentor in enumerate(instance.mentor_ids)}
    known = [(i[member], j[mentor]) for member, mentor in names if member in i and mentor in j]
    if len(known) < len(names):
        return None
    rows, columns = np.array(known, dtype=np.int64).reshape(-1, 2).T
    return instance.candidates.among(rows, columns)


def objective_of(instance: Instance, pairs: Pairs) -> Objective:
    """Count the levels of a plan that consists of these pairs."""
    _, j, k = places(np.bincount(pairs.j, minlength=instance.m))
    return Objective(
        order_of_serving=int(instance.r[pairs.i].sum()),
        served=len(pairs),
        fit=int(pairs.f.sum()),
        evenness=int(instance.evenness(j, instance.o[j] + k).sum()),
    )


def _dual_complaints(instance: Instance, answer: Answer) -> Iterator[str]:
    duals, weights = answer.duals, weights_for(instance)
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
    p = hour_prices(instance, duals.hours)
    if p is None:
        yield "the price of an hour is negative, out of range, or belongs to nobody"
        return
    if _is_exceeded(instance, weights, u, v, p):
        yield "a feasible pair is worth more than its duals"
    if worth(answer.objective, weights) != bound(instance, weights, u, v, p):
        yield "the primal and the dual sum differ"


def _is_exceeded(instance: Instance, weights: Weights, u: Ints, v: Ints, p: Ints) -> bool:
    if instance.hourly is not None:
        return is_exceeded(instance, weights, u, v, p)
    left = unsettled(instance)
    return len(left.candidates.exceeding(prices_of(left, weights, u, v), 1)) > 0


def worth(objective: Objective, weights: Weights) -> int:
    """Fold the levels into one number."""
    return weights.rank * objective.order_of_serving + weights.fit * objective.fit - objective.evenness


def bound(instance: Instance, weights: Weights, u: Ints, v: Ints, p: Ints) -> int:
    """Give what no plan is worth more than, provided that no pair is worth more than its duals.

    Pins are settled, or raised above all others where each pair has an hour of its own; p (m, hours) are its prices.
    """
    left = instance if instance.hourly is not None else unsettled(instance)
    rents = (
        sum(map(mul, free.tolist(), np.maximum(0, v - level).tolist()))
        for level, free in enumerate(left.free_places().T)
    )
    return int(_of_pins(instance, weights) + sum(u.tolist()) + sum(rents) + sum(p[p > 0].tolist()))


def _of_pins(instance: Instance, weights: Weights) -> int:
    if instance.hourly is not None:
        return -raised_by_pins(instance, weights)
    settled = instance.candidates.among(*np.divmod(instance.pins, max(1, instance.m)))
    assert settled is not None
    return worth(objective_of(instance, settled), weights)


def ceiling(instance: Instance, weights: Weights, answer: Answer) -> Objective:
    """Give what no plan betters: level by level, each for plans that are as good as the answer on those before."""
    u = np.array(list(answer.duals.members.values()), dtype=np.int64)
    v = np.array(list(answer.duals.mentors.values()), dtype=np.int64)
    most = min(instance.n, int(instance.free_places().sum()))
    p = hour_prices(instance, answer.duals.hours)
    assert p is not None
    left = bound(instance, weights, u, v, p) + (instance.levels - 1) * most
    order = left // weights.rank
    fit = most * instance.full_fit
    if order == answer.objective.order_of_serving:
        fit = min(fit, (left - weights.rank * order) // weights.fit)
    return Objective(order_of_serving=order, served=most, fit=fit, evenness=0)
