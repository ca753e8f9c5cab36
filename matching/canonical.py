"""Which of all best plans is the plan? One that no solver chose, and that everybody can find again.

All best plans are those that any best prices allow: pairs worth exactly u_i + v_j, every member served whose u_i is not
zero, every place taken that costs less than v_j, none that costs more. Among them the one is chosen that keeps most
pairs of the preceding round, and then draws most lots:

    lot of (i, j) = the first bits of mix(a_i + mix(b_j + t)), whole numbers below 2^64, sums modulo 2^64
    a_i, b_j      = the first 8 bytes, big-endian, of SHA-256 of "SEED member ID" or "SEED mentor ID"
    mix           = the finaliser of SplitMix64 (Steele, Lea and Flood 2014)

with t = 0; if two plans draw equally many lots, all draw again with t = 1, and so on. Whoever does not know the seed
beforehand cannot know the choice; whoever learns it can check it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from hashlib import sha256
from itertools import count
from typing import Final

import numpy as np

from matching.arrays import Ints, Words
from matching.assignment import NOBODY, Market, Plan, best_plan
from matching.instance import Instance
from matching.market import places, rows
from matching.pairs import Pairs

LARGEST_WORTH_BITS: Final = 57
MIX: Final = tuple(map(np.uint64, (30, 0xBF58476D1CE4E5B9, 27, 0x94D049BB133111EB, 31)))


@dataclass(frozen=True, slots=True)
class Face:
    """What all best plans have in common.

    They choose from `pairs`, serve the members marked in `must` (n,), and take of each mentor `least` to `most` places.
    """

    pairs: Pairs
    must: Ints
    least: Ints
    most: Ints


def canonical(instance: Instance, pairs: Pairs, u: Ints, v: Ints) -> Ints:
    """Choose among the plans that duals u, v allow on `pairs`, all that are worth exactly their prices.

    Gives each member's mentor or -1, shape (n,).
    """
    face = _face(instance, pairs, u, v)
    for attempt in count():
        mentor_of, is_only_one = _drawn(instance, face, attempt)
        if is_only_one:
            return mentor_of
    raise AssertionError


def first_drawn(instance: Instance, pairs: Pairs, u: Ints, v: Ints) -> Ints:
    """Choose as `canonical` does, but any of the plans that draw most lots at the first attempt."""
    return _drawn(instance, _face(instance, pairs, u, v), 0)[0]


def _drawn(instance: Instance, face: Face, attempt: int) -> tuple[Ints, bool]:
    market = _market(instance, face, attempt)
    plan, _ = best_plan(market)
    return plan.mentor_of, _is_only_one(market, plan)


def _face(instance: Instance, pairs: Pairs, u: Ints, v: Ints) -> Face:
    free = instance.free_places()
    costs = np.arange(instance.levels)
    least, most = ((free * holds).sum(axis=1) for holds in (costs < v[:, np.newaxis], costs <= v[:, np.newaxis]))
    wanted = np.bincount(pairs.j, minlength=instance.m)
    return Face(pairs, np.asarray(u > 0, dtype=np.int64), np.minimum(least, wanted), np.minimum(most, wanted))


def _market(instance: Instance, face: Face, attempt: int) -> Market:
    """Weigh what must be before what is kept, and that before the lots: a change passes a mentor once at most."""
    lot_bits, spare = lot_bits_of(instance.n, instance.m)
    kept_worth, must_worth = 1 << (lot_bits + spare), 1 << (lot_bits + 2 * spare + 1)
    kept = np.isin(face.pairs.keys(instance.m), instance.kept)
    must = face.must[face.pairs.i]
    drawn = (lots(instance, face.pairs, attempt) >> np.uint64(64 - lot_bits)).astype(np.int64)
    place, j, k = places(face.most)
    cost = np.where(k < face.least[j], 0, must_worth)
    worth = drawn + 1 + kept_worth * kept + must_worth * (must + 1)
    order = np.lexsort((-instance.r, -face.must))
    return Market(order, rows(face.pairs, instance.n), face.pairs.j, worth, place, cost)


def lot_bits_of(n: int, m: int) -> tuple[int, int]:
    """Give how many bits of a lot count, and how many a sum of them may take beyond that."""
    spare = (min(n, m) + 2).bit_length()
    return LARGEST_WORTH_BITS - 2 * spare, spare


def lots(instance: Instance, pairs: Pairs, attempt: int) -> Words:
    """Draw the lot of each pair, with t = `attempt`."""
    a = digests(instance.seed, "member", instance.member_ids)
    b = digests(instance.seed, "mentor", instance.mentor_ids)
    return mix(a[pairs.i] + mix(b + np.uint64(attempt))[pairs.j])


def digests(seed: str, side: str, ids: Iterable[str]) -> Words:
    """Give what the lots of members or mentors are drawn from, in the order of the ids."""
    digests = b"".join(sha256(f"{seed} {side} {each}".encode()).digest()[:8] for each in ids)
    return np.frombuffer(digests, dtype=">u8").astype(np.uint64)


def mix(words: Words) -> Words:
    """Scramble words so that each bit depends on all."""
    words = (words ^ (words >> MIX[0])) * MIX[1]
    words = (words ^ (words >> MIX[2])) * MIX[3]
    return words ^ (words >> MIX[4])


def _is_only_one(market: Market, plan: Plan) -> bool:
    """Tell whether no other plan is as good: whether no moves at no loss lead back to where they began.

    Whoever arrives at a mentor lets somebody go or takes a free place; where a place is given up, somebody goes.
    """
    member = np.repeat(np.arange(len(plan.u)), np.diff(market.row))
    j, h = market.mentor, plan.mentor_of[member]
    free_of_loss = (plan.u[member] + plan.v[j] == market.worth) & (j != h)
    moves = set(zip(h[free_of_loss].tolist(), j[free_of_loss].tolist(), strict=True))
    idle = (plan.u == 0) & (plan.mentor_of != NOBODY)
    moves |= {(before, NOBODY) for before in plan.mentor_of[idle].tolist()}
    graph: dict[object, set[object]] = {}
    for before, after in moves:
        for start in (before,) if before == NOBODY else (before, ("given up", before)):
            graph.setdefault(start, set()).add(after)
    for mentor, is_given_up in _places_at_the_price(market, plan):
        if is_given_up:
            graph.setdefault(NOBODY, set()).add(("given up", mentor))
        else:
            graph.setdefault(mentor, set()).add(NOBODY)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError:
        return False
    return True


def _places_at_the_price(market: Market, plan: Plan) -> Iterable[tuple[int, bool]]:
    """Give the mentors whose last place taken (True) or first place free (False) costs just the price."""
    next_place = market.place[:-1] + plan.load
    free = np.flatnonzero(next_place < market.place[1:])
    taken = np.flatnonzero(plan.load > 0)
    yield from ((j, False) for j in free[market.cost[next_place[free]] == plan.v[free]].tolist())
    yield from ((j, True) for j in taken[market.cost[next_place[taken] - 1] == plan.v[taken]].tolist())
