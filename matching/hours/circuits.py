"""Does a way lead back to where it began over one of the marked arcs? It does if both its ends are in one component."""

import numpy as np

from matching.arrays import Flags, Ints


def on_a_circuit(tails: Ints, heads: Ints, marked: Flags, nodes: int) -> bool:
    """Tell whether a circuit of the graph has a marked arc; arcs go from `tails` to `heads`, shape (arcs,)."""
    component = _components(tails, heads, nodes)
    return bool((marked & (component[tails] == component[heads])).any())


def _components(tails: Ints, heads: Ints, nodes: int) -> Ints:
    """Number the strongly connected components (Kosaraju and Sharir 1981), shape (nodes,)."""
    component = np.full(nodes, -1, dtype=np.int64)
    onward, back = _following(tails, heads, nodes), _following(heads, tails, nodes)
    for root in reversed(_by_end(onward)):
        reached = [root] if component[root] < 0 else []
        while reached:
            node = reached.pop()
            component[node] = root
            reached += [head for head in back[node] if component[head] < 0]
    return component


def _following(tails: Ints, heads: Ints, nodes: int) -> list[list[int]]:
    order = np.argsort(tails, kind="stable")
    ends = np.searchsorted(tails[order], np.arange(1, nodes))
    return [each.tolist() for each in np.split(heads[order], ends)]


def _by_end(following: list[list[int]]) -> list[int]:
    """List the nodes in the order in which a search from each that is not yet found leaves them for good."""
    ended, found = [], [False] * len(following)
    for root in range(len(following)):
        way = [] if found[root] else [(root, iter(following[root]))]
        found[root] = True
        while way:
            node, heads = way[-1]
            head = next((each for each in heads if not found[each]), None)
            if head is None:
                ended.append(node)
                way.pop()
            else:
                found[head] = True
                way.append((head, iter(following[head])))
    return ended
