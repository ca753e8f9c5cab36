"""Which plan is best over all pairs, when each member knows of only a few at a time?

Members are served in order as in `assignment`, with its letters. A member i knows the pairs that were worth most beyond
their prices when i last looked at all mentors, and a bound on what the others are worth:

    w_ij - v_j <= u_i and <= beyond_i                                   for each pair that i does not know

Prices rise while members are served and never fall, so beyond_i holds from then on. A search that has come to i at
distance d can reach a mentor by such a pair only at d + max(0, u_i - beyond_i) or farther. That stands in the heap as
if it were one more mentor. If it comes up before the search has ended, i looks again, at present prices; if it comes up
once more, i reaches to all mentors. So every search finds the end that it would find if everybody knew all pairs, at
the same distances, and leaves u_i + v_j >= w_ij for all pairs of those who had their turn. In the end the plan is best
over all pairs, at the least prices, though hardly anybody ever knew more than a few.

Whoever is worth nothing to any mentor at present prices has u_i = 0 and waits, for good, and costs one look.
"""

from typing import Any, Final, NamedTuple

from matching import assignment, scanning
from matching.arrays import Ints
from matching.assignment import LENGTH, NOBODY, Market, Plan, Search, _end, _move, _raise
from matching.heap import NOWHERE, Heap, clear, pop, push
from matching.packed import Packed
from matching.scanning import Row, scan


class Known(NamedTuple):
    """What each member knows. All that is told of a member has shape (n,), all that is told of a pair (room,).

    The pairs of i stand from `begin[i]` on, `found[i]` of them; `worth` is w_ij, and `most` is what w_ij - v_j was when
    i looked, in falling order. `beyond` is as above, and `looked` the turn in which i looked.
    """

    begin: Ints
    found: Ints
    beyond: Ints
    looked: Ints
    mentor: Ints
    worth: Ints
    most: Ints


class Asked(NamedTuple):
    """Where members look for mentors, and what a pair of each is worth: `worth[i]` + `unit` f_ij."""

    packed: Packed
    worth: Ints
    unit: int
    most: int
    row: Row


def serve_asking(
    first: int, last: int, market: Market, known: Known, asked: Asked, plan: Plan, search: Search, heap: Heap
) -> None:
    """Serve members in turn."""
    for turn in range(first, last):
        i = market.order[turn]
        plan.u[i] = _most(i, known, plan)
        if plan.u[i] < known.beyond[i]:
            _ask(i, turn, known, asked, plan)
            plan.u[i] = _most(i, known, plan)
        if plan.u[i] > 0:
            settled = _search_asking(i, turn, market, known, asked, plan, search, heap)
            _raise(i, settled, market, plan, search)
            _move(i, market, plan, search)


def _most(i: int, known: Known, plan: Plan) -> int:
    """Find what the best mentor that a member knows is worth at present prices; nothing, if none is."""
    most: int = 0
    for pair in range(known.begin[i], known.begin[i] + known.found[i]):
        most = max(most, known.worth[pair] - plan.v[known.mentor[pair]])
    return most


def _least(i: int, known: Known, plan: Plan) -> int:
    """Find what the worst mentor that a member knows is worth at present prices, if that is anything."""
    least: int = plan.u[i]
    for pair in range(known.begin[i], known.begin[i] + known.found[i]):
        least = min(least, known.worth[pair] - plan.v[known.mentor[pair]])
    return max(1, least)


def _ask(i: int, turn: int, known: Known, asked: Asked, plan: Plan) -> None:
    """Let a member look at all mentors at present prices."""
    known.looked[i] = turn
    floor = _least(i, known, plan) - 1 if known.found[i] == asked.most else 0
    found = scan(i, asked.worth[i] - 1, asked.unit, plan.v, floor, asked.most, asked.packed, asked.row)
    for at in range(found):
        pair = known.begin[i] + at
        known.mentor[pair] = asked.row.mentors[at]
        known.worth[pair] = asked.worth[i] + asked.unit * asked.row.fits[at]
        known.most[pair] = asked.row.gains[at] + 1
    known.found[i] = found
    known.beyond[i] = asked.row.gains[found - 1] + 1 if found == asked.most else 0


def _search_asking(
    i: int, turn: int, market: Market, known: Known, asked: Asked, plan: Plan, search: Search, heap: Heap
) -> int:
    """Find the shortest way from a member to an end; returns how many mentors lie nearer than that."""
    m, settled = len(plan.v), 0
    _end(search, plan.u[i], NOBODY, NOBODY)
    _look_asking(i, 0, turn, market, known, plan, search, heap)
    while heap.size[0] > 0 and heap.keys[0] < search.end[LENGTH]:
        node = pop(heap)
        if node >= m:
            if known.looked[node - m] == turn:
                _ask_beyond(node - m, search.distance[node], turn, market, asked, plan, search, heap)
            else:
                _ask(node - m, turn, known, asked, plan)
                _look_asking(node - m, search.distance[node], turn, market, known, plan, search, heap)
            continue
        search.settled[settled] = node
        settled += 1
        for place in range(market.place[node], market.place[node] + plan.load[node]):
            member = plan.seated[place]
            if search.distance[node] + plan.u[member] < search.end[LENGTH]:
                _end(search, search.distance[node] + plan.u[member], node, member)
            _look_asking(member, search.distance[node], turn, market, known, plan, search, heap)
    clear(heap)
    return settled


def _reach(j: int, i: int, distance: int, turn: int, market: Market, plan: Plan, search: Search, heap: Heap) -> None:
    """Reach a mentor, who is nearer than before; a free place there may be the end."""
    search.reached[j] = turn
    search.distance[j] = distance
    search.by[j] = i
    push(heap, j, distance)
    free = market.place[j] + plan.load[j]
    if free < market.place[j + 1]:
        length = distance + max(0, market.cost[free] - plan.v[j])
        if length < search.end[LENGTH]:
            _end(search, length, j, NOBODY)


def _ask_beyond(
    i: int, so_far: int, turn: int, market: Market, asked: Asked, plan: Plan, search: Search, heap: Heap
) -> None:
    """Reach from a member to all mentors that are not settled yet, known or not."""
    m, u = len(plan.v), so_far + plan.u[i]
    base = asked.worth[i] - 1 - max(0, u - search.end[LENGTH])
    found = scan(i, base, asked.unit, plan.v, 0, m + 1, asked.packed, asked.row)
    for at in range(found):
        j = asked.row.mentors[at]
        distance = u + plan.v[j] - asked.worth[i] - asked.unit * asked.row.fits[at]
        if distance >= search.end[LENGTH]:
            continue
        if search.reached[j] != turn or (heap.at[j] != NOWHERE and distance < search.distance[j]):
            _reach(j, i, distance, turn, market, plan, search, heap)


def _look_asking(
    i: int, so_far: int, turn: int, market: Market, known: Known, plan: Plan, search: Search, heap: Heap
) -> None:
    """Reach from a member to mentors, none of them beyond the nearest end, and to the bound on those not known."""
    u = so_far + plan.u[i]
    for pair in range(known.begin[i], known.begin[i] + known.found[i]):
        if u - known.most[pair] >= search.end[LENGTH]:
            return
        j = known.mentor[pair]
        distance = u + plan.v[j] - known.worth[pair]
        if distance >= search.end[LENGTH]:
            continue
        if search.reached[j] != turn or (heap.at[j] != NOWHERE and distance < search.distance[j]):
            _reach(j, i, distance, turn, market, plan, search, heap)
    beyond = so_far + max(0, plan.u[i] - known.beyond[i])
    if beyond < search.end[LENGTH]:
        search.distance[len(plan.v) + i] = so_far
        push(heap, len(plan.v) + i, beyond)


CALLEES: Final[tuple[Any, ...]] = (
    *scanning.CALLEES,
    *assignment.CALLEES,
    _most,
    _least,
    _ask,
    _ask_beyond,
    _reach,
    _search_asking,
    _look_asking,
)
