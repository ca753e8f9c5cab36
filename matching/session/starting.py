"""How does a session begin? With the plan of a cold solve, laid out so that it can be changed in place."""

from dataclasses import dataclass
from typing import Final, TypeVar, cast

import numpy as np

from matching.arrays import Ints, Words
from matching.assignment import NOBODY
from matching.canonical import digests, first_drawn, lot_bits_of, mix
from matching.comparing import related
from matching.instance import Instance, instance_in
from matching.market import prices_of
from matching.optimum import Optimum, optimum
from matching.pairs import Pairs
from matching.pins import unsettled
from matching.pool import pool_of
from matching.problem import Problem
from matching.scanning import BEYOND_ANY, Prices
from matching.session import lists
from matching.session.classes import Classes, Crowded
from matching.session.comparing import Row
from matching.session.live import SETTLED, LiveMarket, LivePlan
from matching.session.repairing import count_all, least_prices, run, sit_all, values
from matching.session.words import Exceptions, Packed, Side, packed
from matching.timing import Timing
from matching.validity import InvalidProblem
from matching.weights import WORTH_LIMIT, ProblemTooLarge, Weights, weights_for

Column = TypeVar("Column", Ints, Words)

AT_ONCE: Final = 8

MORE_PEOPLE: Final = 8
"""There is room for one newcomer to so many who are there, and for as many at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A market and its plan, in which people stand in the order of their ids, and what they came from."""

    instance: Instance
    packed: Packed
    classes: Classes
    rank: int
    market: LiveMarket
    plan: LivePlan


def start(problem: Problem, threads: int) -> Start:
    """Solve a problem and lay out what comes of it.

    Raises:
        InvalidProblem: a pinned pair is not feasible.
        ProblemTooLarge: the objective would not fit into 64 bits.

    """
    pool = pool_of(problem)
    instance = instance_in(pool, threads)
    if instance.candidates.among(*np.divmod(instance.pins, max(1, instance.m))) is None:
        raise InvalidProblem("pin: is not feasible")
    weights = weights_for(instance)
    found = optimum(instance, weights, Timing())
    rank = _rank(instance, weights)
    try:
        classes = Classes(pool.members, WORTH_LIMIT // rank)
    except Crowded:
        raise ProblemTooLarge("a session needs more than 60 bits to weigh so many classes and people") from None
    worth = rank * np.array([classes.label(member) for member in pool.members], dtype=np.int64)
    words = packed(pool, related(pool))
    market = _market(instance, words, worth)
    plan = _proven(instance, weights, found, market)
    return Start(instance=instance, packed=words, classes=classes, rank=rank, market=market, plan=plan)


def room(people: int) -> int:
    """Say for how many people there is room."""
    with_newcomers = people + max(MORE_PEOPLE, people // MORE_PEOPLE)
    return -(-with_newcomers // AT_ONCE) * AT_ONCE


def most_below_a_rank(n: int, m: int, instance: Instance) -> int:
    """Bound what the two lower levels can gain or lose where a rank is lost or gained, as `weights` does."""
    return (min(n, m) + 2) * max(1, instance.full_fit) * 2 * instance.levels


def _rank(instance: Instance, weights: Weights) -> int:
    """Weigh a rank so that prices can be told apart into levels, with everybody there for whom there is room."""
    below = most_below_a_rank(room(instance.n), room(instance.m), instance)
    return max(weights.rank, 1 << (below.bit_length() + 2))


def _market(instance: Instance, words: Packed, worth: Ints) -> LiveMarket:
    n, m = room(instance.n), room(instance.m)
    lot_bits, spare = lot_bits_of(instance.n, instance.m)
    pinned = np.bincount(instance.pins % max(1, instance.m), minlength=instance.m)
    free = Prices(np.full(n, BEYOND_ANY, dtype=np.int64), 1, np.zeros(m, dtype=np.int64))
    return LiveMarket(
        packed=words._replace(
            members=_with_room(words.members, n),
            mentors=_with_room(words.mentors, m),
            exceptions=_exceptions_with_room(words.exceptions, n),
        ),
        rows=lists.room_for(n, m),
        columns=lists.room_for(m, n),
        rank=_padded(worth, n),
        a=_padded(digests(instance.seed, "member", instance.member_ids), n),
        b=mix(_padded(digests(instance.seed, "mentor", instance.mentor_ids), m)),
        c=_padded(instance.c, m),
        o=_padded(instance.o + pinned, m),
        numbers=np.array(
            [2 * instance.levels, instance.levels, 64 - lot_bits, 1 << (lot_bits + spare)], dtype=np.int64
        ),
        free=free,
        row=Row(np.zeros(m, dtype=np.uint8), np.empty(m, dtype=np.int64), np.empty(m, dtype=np.int64)),
        seen=np.zeros(n, dtype=np.uint8),
    )


def _with_room(side: Side, people: int) -> Side:
    more = people - len(side.numbers)
    return Side(
        np.pad(side.glance, ((0, 0), (0, more))),
        np.pad(side.sets, ((0, more), (0, 0))),
        np.pad(side.numbers, ((0, more), (0, 0))),
    )


def _exceptions_with_room(exceptions: Exceptions, n: int) -> Exceptions:
    more = n + 1 - len(exceptions.barred_from)
    return exceptions._replace(
        barred_from=np.pad(exceptions.barred_from, (0, more), mode="edge"),
        kept_from=np.pad(exceptions.kept_from, (0, more), mode="edge"),
    )


def _padded(column: Column, people: int) -> Column:
    padded = np.zeros(people, dtype=column.dtype)
    padded[: len(column)] = column
    return cast("Column", padded)


def _proven(instance: Instance, weights: Weights, found: Optimum, market: LiveMarket) -> LivePlan:
    """Lay out the plan, with the least prices in two words.

    If its lots were drawn more than once, no such prices may prove it; then any plan of the first draw will do.
    """
    left = unsettled(instance)
    pairs = left.candidates.level(prices_of(left, weights, found.u, found.v))
    mentor_of = found.mentor_of.copy()
    mentor_of[instance.pins // max(1, instance.m)] = SETTLED
    plan = _seated(instance, mentor_of, market)
    columns = _long(pairs)
    if not run(least_prices, *columns, instance.m + 1, market, plan):
        mentor_of = first_drawn(left, pairs, found.u, found.v)
        mentor_of[instance.pins // max(1, instance.m)] = SETTLED
        plan = _seated(instance, mentor_of, market)
        run(least_prices, *columns, instance.m + 1, market, plan)
    run(values, plan)
    run(count_all, *columns, market, plan)
    return plan


def _seated(instance: Instance, mentor_of: Ints, market: LiveMarket) -> LivePlan:
    n, m = len(market.rank), len(market.c)
    plan = LivePlan(
        mentor_of=_full(n, SETTLED),
        worth=np.zeros((n, 2), dtype=np.int64),
        u=np.zeros((n, 2), dtype=np.int64),
        v=np.zeros((m, 2), dtype=np.int64),
        load=_full(m),
        first=_full(m, NOBODY),
        after=_full(n, NOBODY),
        before=_full(n, NOBODY),
        holder=_full(m, NOBODY),
        held=np.zeros((m, 2), dtype=np.int64),
        level=_full(m),
    )
    plan.mentor_of[: instance.n] = np.minimum(mentor_of, NOBODY)
    i = np.flatnonzero(mentor_of >= 0)
    pairs = instance.candidates.among(i, mentor_of[i])
    assert pairs is not None
    run(sit_all, *_long(pairs), market, plan)
    return plan


def _full(length: int, value: int = 0) -> Ints:
    return np.full(length, value, dtype=np.int64)


def _long(pairs: Pairs) -> tuple[Ints, ...]:
    return tuple(column.astype(np.int64) for column in pairs.columns)
