"""Which mentor is nearest, where distances have two words? A heap as in `matching.heap`; written to be compiled."""

from typing import Any, Final, NamedTuple

import numpy as np

from matching.arrays import Ints
from matching.session.live import less

CHILDREN: Final = 4
NOWHERE: Final = -1


class Search(NamedTuple):
    """What one search has found: mentors with their distance, (m, 2), and whom they were `reached` `by`, (m,).

    `worth` is that of the pair by which, (m, 2), `towards` where whoever leaves a mentor goes, `settled` holds the
    mentors whose distance is final, `state` what is known of a price. `end` is the length of the way in two words, its
    last mentor, the member at its end, and what these two are worth in two words. `turn` numbers the searches. `heap`
    holds the mentors in its first `size[0]` entries, and `at` where each stands in it, -1 for nowhere.
    """

    distance: Ints
    reached: Ints
    by: Ints
    worth: Ints
    towards: Ints
    settled: Ints
    state: Ints
    end: Ints
    turn: Ints
    heap: Ints
    at: Ints
    size: Ints


def room_for(m: int) -> Search:
    """Make room for searches among m mentors."""
    columns: dict[str, Ints] = {name: np.zeros(m, dtype=np.int64) for name in Search._fields}
    wide: dict[str, Ints] = {name: np.zeros((m, 2), dtype=np.int64) for name in ("distance", "worth")}
    wide["at"] = np.full(m, NOWHERE, dtype=np.int64)
    single: dict[str, Ints] = {
        "end": np.zeros(6, dtype=np.int64),
        "turn": np.zeros(1, np.int64),
        "size": np.zeros(1, np.int64),
    }
    return Search(**(columns | wide | single))


def is_nearer(j: int, than: int, distance: Ints) -> bool:
    """Compare two mentors by their distance."""
    return less(distance[j, 0], distance[j, 1], distance[than, 0], distance[than, 1])


def push(j: int, distance: Ints, heap: Ints, at: Ints, size: Ints) -> None:
    """Put a mentor in, or hear that the distance is less than it was."""
    here: int = at[j]
    if here == NOWHERE:
        here = size[0]
        size[0] += 1
    while here > 0:
        parent = (here - 1) // CHILDREN
        if not is_nearer(j, heap[parent], distance):
            break
        heap[here] = heap[parent]
        at[heap[here]] = here
        here = parent
    heap[here] = j
    at[j] = here


def pop(search: Search) -> int:
    """Take the nearest out."""
    distance, heap, at = search.distance, search.heap, search.at
    first: int = heap[0]
    at[first] = NOWHERE
    size = int(search.size[0]) - 1
    search.size[0] = size
    if size > 0:
        last: int = heap[size]
        sink(last, size, distance, heap, at)
    return first


def sink(j: int, size: int, distance: Ints, heap: Ints, at: Ints) -> None:
    """Put who stood last where they belong, now that the root is free."""
    here = 0
    while CHILDREN * here + 1 < size:
        least = CHILDREN * here + 1
        for child in range(least + 1, min(least + CHILDREN, size)):
            if is_nearer(heap[child], heap[least], distance):
                least = child
        if not is_nearer(heap[least], j, distance):
            break
        heap[here] = heap[least]
        at[heap[here]] = here
        here = least
    heap[here] = j
    at[j] = here


def clear(search: Search) -> None:
    """Take everybody out."""
    for here in range(search.size[0]):
        search.at[search.heap[here]] = NOWHERE
    search.size[0] = 0


CALLEES: Final[tuple[Any, ...]] = (is_nearer, push, sink, pop, clear)
