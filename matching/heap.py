"""Which node is nearest? A heap of four children a node, whose keys may fall; written to be compiled.

`keys` and `nodes` hold the heap in their first `size[0]` entries; `at` says where a node stands in it, -1 for nowhere.
"""

from typing import Final, NamedTuple

from matching.arrays import Ints

CHILDREN: Final = 4
NOWHERE: Final = -1


class Heap(NamedTuple):
    """A heap of nodes; all shapes (nodes,) but that of `size`, (1,)."""

    keys: Ints
    nodes: Ints
    at: Ints
    size: Ints


def push(heap: Heap, node: int, key: int) -> None:
    """Put a node in, or lower its key."""
    here: int = heap.at[node]
    if here == NOWHERE:
        here = heap.size[0]
        heap.size[0] += 1
    while here > 0:
        parent: int = (here - 1) // CHILDREN
        if heap.keys[parent] <= key:
            break
        _put(heap, here, heap.nodes[parent], heap.keys[parent])
        here = parent
    _put(heap, here, node, key)


def pop(heap: Heap) -> int:
    """Take the node with the least key out."""
    first: int = heap.nodes[0]
    heap.at[first] = NOWHERE
    heap.size[0] -= 1
    size = heap.size[0]
    if size > 0:
        _sink(heap, size)
    return first


def _sink(heap: Heap, size: int) -> None:
    """Put what stood last where it belongs, now that the root is free."""
    node, key, here = heap.nodes[size], heap.keys[size], 0
    while CHILDREN * here + 1 < size:
        least = CHILDREN * here + 1
        for child in range(least + 1, min(least + CHILDREN, size)):
            if heap.keys[child] < heap.keys[least]:
                least = child
        if heap.keys[least] >= key:
            break
        _put(heap, here, heap.nodes[least], heap.keys[least])
        here = least
    _put(heap, here, node, key)


def _put(heap: Heap, here: int, node: int, key: int) -> None:
    heap.keys[here] = key
    heap.nodes[here] = node
    heap.at[node] = here


def clear(heap: Heap) -> None:
    """Take everything out."""
    for here in range(heap.size[0]):
        heap.at[heap.nodes[here]] = NOWHERE
    heap.size[0] = 0
