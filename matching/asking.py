"""How is everybody of a large pool served, a thousand members at a time?

The next members in order look at all mentors, at prices of that moment, on several processors; then they are served one
after the other (`serving`). Neither what they find nor the plan depends on the number of processors.
"""

from typing import Final

import numpy as np

from matching import serving
from matching.arrays import Flags, Indices, Ints
from matching.assignment import NOBODY, Market, Plan, room_for
from matching.compiling import compiled
from matching.instance import Instance
from matching.market import places
from matching.scanning import FAR_BELOW, Prices, row_of
from matching.serving import Asked, Known
from matching.survey import Survey
from matching.timing import Timing
from matching.weights import Weights

AT_ONCE: Final = 1024
STRETCH: Final = 32
KNOWN: Final = 32


def best_over_all(instance: Instance, survey: Survey, weights: Weights, settled: Flags, timing: Timing) -> Plan:
    """Find a best plan for all but the `settled` members, (n,), and its least prices, over all pairs of a survey.

    When time is over, the plan is best for those who had their turn, and the values of the others are as high as any
    pair of theirs could be worth: so they prove a bound all the same.
    """
    with timing.of("pairs"):
        open_to, wanted = survey.counted(timing)
    worth = np.where(settled, FAR_BELOW, weights.rank * instance.r)
    market = _market(instance, wanted)
    plan = _nothing(instance, market)
    known = _nothing_known(instance.n, most := min(KNOWN, instance.m))
    asked = Asked(survey.packed, worth, weights.fit, most, row_of(instance.m))
    loop, room, used = compiled(serving.serve_asking, *serving.CALLEES), room_for(instance.m + instance.n), 0
    for first in range(0, instance.n, AT_ONCE):
        last = min(instance.n, first + AT_ONCE)
        rows = market.order[first:last]
        with timing.of("pricing"):
            used = _look(rows, survey, asked, known, plan.v, used)
        with timing.of("flow"):
            for turn in range(first, last, STRETCH):
                if not timing.onward("serving members", turn, instance.n):
                    late = market.order[turn:]
                    highest = weights.rank * instance.r[late] + weights.fit * instance.full_fit
                    plan.u[late] = np.where(settled[late] | (open_to[late] == 0), 0, highest)
                    return plan
                loop(turn, min(last, turn + STRETCH), market, known, asked, plan, *room)
    return plan


def _market(instance: Instance, wanted: Ints) -> Market:
    """Lay out places, for no more members than are feasible, and no pairs."""
    place, j, k = places(np.minimum(np.maximum(0, instance.c - instance.o), wanted))
    nothing, order = np.empty(0, dtype=np.int64), np.argsort(-instance.r, kind="stable")
    row = np.zeros(instance.n + 1, dtype=np.int64)
    return Market(order, row, nothing, nothing, place, instance.evenness(j, instance.o[j] + k))


def _nothing(instance: Instance, market: Market) -> Plan:
    u, v, load = (np.zeros(length, dtype=np.int64) for length in (instance.n, instance.m, instance.m))
    mentor_of, seated = (np.full(length, NOBODY, dtype=np.int64) for length in (instance.n, len(market.cost)))
    return Plan(mentor_of, u, v, load, seated)


def _nothing_known(n: int, most: int) -> Known:
    begin, found, beyond = (np.zeros(n, dtype=np.int64) for _ in range(3))
    # Memory is taken as it is written, so what nobody needs costs nothing.
    mentor, worth, at_first = (np.empty(n * most, dtype=np.int64) for _ in range(3))
    return Known(begin, found, beyond, np.full(n, -1, dtype=np.int64), mentor, worth, at_first)


def _look(rows: Indices, survey: Survey, asked: Asked, known: Known, v: Ints, used: int) -> int:
    """Let members look at all mentors; returns how much room for pairs is used then."""
    most = asked.most
    mentors, fits, gains, counts = survey.best_of(rows, Prices(asked.worth - 1, asked.unit, v), most)
    some = np.flatnonzero(counts)
    room = slice(used, used + most * len(some))
    known.begin[rows[some]] = used + most * np.arange(len(some))
    known.mentor[room] = mentors[some].ravel()
    known.worth[room] = (asked.worth[rows[some], np.newaxis] + asked.unit * fits[some]).ravel()
    known.most[room] = gains[some].ravel() + 1
    known.found[rows] = counts
    known.beyond[rows] = np.where(counts == most, gains[:, most - 1] + 1, 0)
    return room.stop
