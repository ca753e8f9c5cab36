"""Which plan is best on a short list of pairs? A flow of least cost through a network finds it, and prices prove it.

    Data:       letters as in `assignment`; places of a mentor that cost the same share an arc.
    Network:    a node for each member i, with one unit to send; a node for each mentor j; a sink that takes n units.
    Arcs:       i -> j     for each pair, capacity 1, cost -w_ij
                j -> sink  for each place of j, at what it costs
                i -> sink  for each member, capacity 1, cost 0: nobody has to be served
    Answer:     who is sent where. Capacities are whole, so some flow of least cost is whole too, and OR-Tools'
                SimpleMinCostFlow (cost scaling, Goldberg 1997) finds one.

Prices v_j prove a plan if and only if they satisfy

    v_j >= 0, and v_j >= the cost of the last place that the plan takes at j
    v_j >= w_ij                              for each pair of a member i whom the plan leaves waiting
    v_j >= v_h + w_ij - w_ih                 for each pair of a member i whom the plan gives to mentor h
    v_j <= the cost of the first place that the plan leaves free at j, and v_j <= w_ij for each i given to j

The lower bounds have a least solution, found by label correcting; in a best plan no cycle gains, so it ends after at
most m rounds. The least prices are the same for every best plan: those that `assignment` keeps as it goes.
"""

from typing import Final

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # type: ignore[import-untyped]

from matching.arrays import Indices, Ints
from matching.assignment import COMPILED_FROM_PAIRS, NOBODY, Market, Plan

COST_LIMIT: Final = 2**61
"""SimpleMinCostFlow multiplies costs by the number of nodes and needs room to add them in 64 bits."""


def holds(market: Market) -> bool:
    """Say whether the flow is the way for a market: its pairs are few, and its costs leave room to count with."""
    nodes = len(market.row) + len(market.place)
    dearest = max(int(market.worth.max(initial=0)), int(market.cost.max(initial=0)))
    return len(market.mentor) < COMPILED_FROM_PAIRS and dearest * (nodes + 1) < COST_LIMIT


def best_flow(market: Market) -> Plan:
    """Find a best plan with its least prices.

    Raises RuntimeError if the solver breaks its promise: the network always carries its supply.
    """
    i = np.repeat(np.arange(len(market.row) - 1), np.diff(market.row))
    mentor_of = _sent(market, i)
    v = _least_prices(market, i, mentor_of)
    u = np.zeros(len(mentor_of), dtype=np.int64)
    np.maximum.at(u, i, market.worth - v[market.mentor])
    return _seated(market, mentor_of, u, v)


def _sent(market: Market, i: Indices) -> Ints:
    n, m = len(market.row) - 1, len(market.place) - 1
    mentor_of = np.full(n, NOBODY, dtype=np.int64)
    if not len(i):
        return mentor_of
    network = SimpleMinCostFlow()
    _add(network, i, n + market.mentor, 1, -market.worth)
    _add(network, np.arange(n), n + m, 1, 0)
    j = np.repeat(np.arange(m), np.diff(market.place))
    _add(network, n + j, n + m, 1, market.cost)
    network.set_nodes_supplies(np.arange(n, dtype=np.int32), np.ones(n, dtype=np.int64))  # pyright: ignore[reportArgumentType]
    network.set_node_supply(n + m, -n)
    status = network.solve()
    if status != network.OPTIMAL:
        message = f"the flow ended as {status.name}"
        raise RuntimeError(message)
    chosen = np.flatnonzero(network.flows(np.arange(len(i), dtype=np.int32)))  # pyright: ignore[reportArgumentType]
    mentor_of[i[chosen]] = market.mentor[chosen]
    return mentor_of


def _add(network: SimpleMinCostFlow, tails: Indices, heads: Indices | int, room: int, costs: Ints | int) -> None:
    nodes = np.broadcast_arrays(np.asarray(tails, dtype=np.int32), np.asarray(heads, dtype=np.int32))
    sizes = [np.broadcast_to(np.asarray(size, dtype=np.int64), nodes[0].shape) for size in (room, costs)]
    arcs = map(np.ascontiguousarray, (*nodes, *sizes))
    # The stub of the solver gives the element type where NumPy has the shape.
    network.add_arcs_with_capacity_and_unit_cost(*arcs)  # pyright: ignore[reportArgumentType]


def _least_prices(market: Market, i: Indices, mentor_of: Ints) -> Ints:
    m = len(market.place) - 1
    v = np.zeros(m, dtype=np.int64)
    taken = np.bincount(mentor_of[mentor_of != NOBODY], minlength=m)
    used = np.flatnonzero(taken)
    v[used] = market.cost[market.place[used] + taken[used] - 1]
    waiting = mentor_of[i] == NOBODY
    np.maximum.at(v, market.mentor[waiting], market.worth[waiting])
    served = np.flatnonzero(~waiting)
    j, h, w = market.mentor[served], mentor_of[i[served]], market.worth[served]
    with_theirs = np.zeros(len(mentor_of), dtype=np.int64)
    with_theirs[i[served][j == h]] = w[j == h]
    gain = w - with_theirs[i[served]]
    for _ in range(m):
        before = v.copy()
        np.maximum.at(v, j, v[h] + gain)
        if np.array_equal(v, before):
            break
    return v


def _seated(market: Market, mentor_of: Ints, u: Ints, v: Ints) -> Plan:
    """Seat everybody in the first places of their mentor, in the order of members."""
    load = np.bincount(mentor_of[mentor_of != NOBODY], minlength=len(v))
    seated = np.full(len(market.cost), NOBODY, dtype=np.int64)
    served = np.argsort(mentor_of, kind="stable")[np.count_nonzero(mentor_of == NOBODY) :]
    j = mentor_of[served]
    seated[market.place[j] + np.arange(len(j)) - np.searchsorted(j, j)] = served
    return Plan(mentor_of, u, v, load, seated)
