"""Which plan is best? A flow of least cost through a network finds it.

    Data:       letters as in `problem`; w_ij = W_R r_i + W_F f_ij, folded as in `weights`.
    Network:    a node for each member i, with one unit to send; a node for each mentor j; a sink that takes n units.
    Arcs:       i -> j     for each feasible pair, capacity 1, cost -w_ij
                j -> sink  for each free place k of j, capacity 1, cost floor(8 k / c_j)
                i -> sink  for each member, capacity 1, cost 0: nobody has to be served
    Answer:     x_ij, the flow from i to j. Capacities are whole, so some flow of least cost is whole too, and
                SimpleMinCostFlow (cost scaling, Goldberg 1997) finds one. What a mentor's places cost never falls
                with k, so the first ones are taken first.

Places of one mentor that cost the same share an arc, so a mentor has at most eight, whatever the capacity.
"""

from typing import Final

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # type: ignore[import-untyped]

from matching.arrays import Indices, Ints
from matching.instance import Instance
from matching.weights import Weights

NOBODY: Final = -1
ARCS_AT_ONCE: Final = 1 << 20


def assign(instance: Instance, weights: Weights) -> Ints:
    """Give each member's mentor in a best plan, or -1, shape (n,).

    Raises RuntimeError if the solver breaks its promise: the network always carries its supply.
    """
    mentor_of = np.full(instance.n, NOBODY, dtype=np.int64)
    if not len(instance.i):
        return mentor_of
    network = _network(instance, weights)
    status = network.solve()
    if status != network.OPTIMAL:
        message = f"the flow ended as {status.name}"
        raise RuntimeError(message)
    arcs = np.arange(len(instance.i), dtype=np.int32)
    chosen = np.flatnonzero(network.flows(arcs))  # pyright: ignore[reportArgumentType]
    mentor_of[instance.i[chosen]] = instance.j[chosen]
    return mentor_of


def _network(instance: Instance, weights: Weights) -> SimpleMinCostFlow:
    network = SimpleMinCostFlow()
    members, sink = np.arange(instance.n, dtype=np.int32), instance.n + instance.m
    for first in range(0, len(instance.i), ARCS_AT_ONCE):
        pairs = slice(first, first + ARCS_AT_ONCE)
        _add(network, instance.i[pairs], instance.n + instance.j[pairs], 1, -weights.of_pairs(instance, pairs))
    _add(network, members, sink, 1, 0)
    places = np.minimum(instance.free_places(), instance.n)
    j, level = np.nonzero(places)
    _add(network, instance.n + j, sink, places[j, level], level)
    network.set_nodes_supplies(members, np.ones(instance.n, dtype=np.int64))  # pyright: ignore[reportArgumentType]
    network.set_node_supply(sink, -instance.n)
    return network


def _add(network: SimpleMinCostFlow, tails: Indices, heads: Indices | int, room: Ints | int, costs: Ints | int) -> None:
    nodes = np.broadcast_arrays(np.asarray(tails, dtype=np.int32), np.asarray(heads, dtype=np.int32))
    sizes = [np.broadcast_to(np.asarray(size, dtype=np.int64), nodes[0].shape) for size in (room, costs)]
    arcs = map(np.ascontiguousarray, (*nodes, *sizes))
    # The stub of the solver gives the element type where NumPy has the shape.
    network.add_arcs_with_capacity_and_unit_cost(*arcs)  # pyright: ignore[reportArgumentType]
