"""How do others solve the same instance? Each takes all feasible pairs and gives the levels that it reaches.

They are told the same worth of a pair and the same costs of places as ours, folded into one number.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
from ortools.linear_solver import pywraplp
from ortools.sat.python import cp_model
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from matching.assignment import Market
from matching.certificate import objective_of
from matching.instance import Instance
from matching.market import market_of
from matching.pairs import Pairs
from matching.solution import Objective
from matching.weights import weights_for

Chosen = np.ndarray[Any, np.dtype[np.bool_]]


def first_come(instance: Instance, pairs: Pairs, _market: Market) -> Chosen:
    """Let members choose in the order of their ids the best mentor who has a place."""
    left = np.maximum(0, instance.c - instance.o)
    chosen = np.zeros(len(pairs), dtype=np.bool_)
    begin = np.searchsorted(pairs.i, np.arange(instance.n + 1))
    for first, last in pairwise(begin.tolist()):
        open_ones = np.flatnonzero(left[pairs.j[first:last]] > 0)
        if len(open_ones):
            best = first + open_ones[np.argmax(pairs.f[first:last][open_ones])]
            chosen[best] = True
            left[pairs.j[best]] -= 1
    return chosen


def simple_min_cost_flow(instance: Instance, pairs: Pairs, market: Market) -> Chosen:
    """OR-Tools' flow by cost scaling."""
    flow, members, sink = SimpleMinCostFlow(), np.arange(instance.n, dtype=np.int32), instance.n + instance.m
    place_of = np.repeat(np.arange(instance.m), np.diff(market.place))

    def add(tails: Any, heads: Any, costs: Any) -> Any:
        tails, heads, costs = np.broadcast_arrays(tails, heads, costs)
        return flow.add_arcs_with_capacity_and_unit_cost(
            tails.astype(np.int32), heads.astype(np.int32), np.ones(len(tails), np.int64), costs.astype(np.int64)
        )

    arcs = add(pairs.i, instance.n + pairs.j, -market.worth)
    add(members, sink, 0)
    add(instance.n + place_of, sink, market.cost)
    flow.set_nodes_supplies(members, np.ones(instance.n, np.int64))
    flow.set_node_supply(sink, -instance.n)
    assert flow.solve() == flow.OPTIMAL
    return flow.flows(arcs) > 0


def linear_program(solver_name: str) -> Callable[[Instance, Pairs, Market], Chosen]:
    """A linear program over all pairs; its corners are whole."""

    def solve(instance: Instance, pairs: Pairs, market: Market) -> Chosen:
        solver = pywraplp.Solver.CreateSolver(solver_name)
        once = [solver.Constraint(0, 1) for _ in range(instance.n)]
        load = [solver.Constraint(0, 0) for _ in range(instance.m)]
        taken = [solver.NumVar(0, 1, "") for _ in range(len(pairs))]
        objective = solver.Objective()
        columns = zip(taken, pairs.i.tolist(), pairs.j.tolist(), market.worth.tolist(), strict=True)
        for variable, i, j, worth in columns:
            once[i].SetCoefficient(variable, 1)
            load[j].SetCoefficient(variable, 1)
            objective.SetCoefficient(variable, worth)
        places = np.repeat(np.arange(instance.m), np.diff(market.place)).tolist()
        for j, cost in zip(places, market.cost.tolist(), strict=True):
            variable = solver.NumVar(0, 1, "")
            load[j].SetCoefficient(variable, -1)
            objective.SetCoefficient(variable, -cost)
        objective.SetMaximization()
        assert solver.Solve() == pywraplp.Solver.OPTIMAL
        return np.array([variable.solution_value() > 1 / 2 for variable in taken])

    return solve


def copied(pairs: Pairs, market: Market) -> tuple[Pairs, Any]:
    """Let every place be a mentor of its own; gives for each pair and place the position of the pair, and the gain."""
    places = np.diff(market.place)[pairs.j]
    at = np.repeat(np.arange(len(pairs)), places)
    place = market.place[pairs.j][at] + np.arange(len(at)) - np.repeat(np.cumsum(places) - places, places)
    return Pairs(pairs.i[at], place, at), market.worth[at] - market.cost[place]


def scipy_dense(instance: Instance, pairs: Pairs, market: Market) -> Chosen:
    """SciPy's assignment on a dense matrix, mentors copied."""
    copies, gain = copied(pairs, market)
    matrix = np.zeros((instance.n, max(1, len(market.cost))))
    position = np.full(matrix.shape, -1)
    matrix[copies.i, copies.j], position[copies.i, copies.j] = gain, copies.f
    found = position[linear_sum_assignment(matrix, maximize=True)]
    chosen = np.zeros(len(pairs), dtype=np.bool_)
    chosen[found[found >= 0]] = True
    return chosen


def scipy_sparse(instance: Instance, pairs: Pairs, market: Market) -> Chosen:
    """SciPy's sparse matching, mentors copied, and for each member a place of their own to wait in."""
    copies, gain = copied(pairs, market)
    everybody, most = np.arange(instance.n), gain.max(initial=0) + 1
    costs = np.concatenate([most - gain, np.full(instance.n, most)]).astype(float)
    places = (np.concatenate([copies.i, everybody]), np.concatenate([copies.j, len(market.cost) + everybody]))
    graph = csr_array((costs, places), shape=(instance.n, len(market.cost) + instance.n))
    rows, columns = min_weight_full_bipartite_matching(graph)
    mentor_of = np.full(instance.n, -1)
    seated = columns < len(market.cost)
    mentor_of[rows[seated]] = np.repeat(np.arange(instance.m), np.diff(market.place))[columns[seated]]
    return np.asarray(mentor_of[pairs.i] == pairs.j)


def cp_sat(instance: Instance, pairs: Pairs, market: Market) -> Chosen:
    """OR-Tools' constraint solver over all pairs."""
    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in range(len(pairs))]
    seats = [model.new_bool_var("") for _ in market.cost]
    of_member: list[list[Any]] = [[] for _ in range(instance.n)]
    of_mentor: list[list[Any]] = [[] for _ in range(instance.m)]
    for variable, i, j in zip(taken, pairs.i.tolist(), pairs.j.tolist(), strict=True):
        of_member[i].append(variable)
        of_mentor[j].append(variable)
    for variables in of_member:
        model.add_at_most_one(variables)
    for j, variables in enumerate(of_mentor):
        model.add(sum(variables) == sum(seats[market.place[j] : market.place[j + 1]]))
    model.maximize(
        cp_model.LinearExpr.weighted_sum(taken, market.worth.tolist())
        - cp_model.LinearExpr.weighted_sum(seats, market.cost.tolist())
    )
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.linearization_level = 1, 2
    assert solver.solve(model) == cp_model.OPTIMAL
    return np.array([bool(solver.value(variable)) for variable in taken])


PEERS: dict[str, Callable[[Instance, Pairs, Market], Chosen]] = {
    "first come, first served": first_come,
    "SimpleMinCostFlow": simple_min_cost_flow,
    "GLOP": linear_program("GLOP"),
    "HiGHS": linear_program("HIGHS"),
    "SciPy, dense": scipy_dense,
    "SciPy, sparse": scipy_sparse,
    "CP-SAT": cp_sat,
}


def reached(name: str, instance: Instance, pairs: Pairs) -> Objective:
    """Let a peer solve an instance and count the levels of its plan."""
    market = market_of(instance, weights_for(instance), pairs)
    return objective_of(instance, pairs.where(PEERS[name](instance, pairs, market)))
