"""What does a session hold of its market and its plan? Arrays that are changed in place, with room for newcomers.

Worth, values, prices and distances have two words. The first is the objective, the second the draw of `canonical`: what
is kept and the lots. Words are compared one after the other, so that the plan that is best by both is the canonical
one, and the first words of the least prices are the least prices of the problem.

People stand in rows of their own, for as long as they stay. A rank weighs `W_R` of the session, which is more than that
of the problem, so that the three levels can be read off a price; and the classes of urgency and wait have labels with
gaps between them instead of ranks, so that a new class shifts nobody. Neither changes what is best (`weights`).

The loops take out of these tuples what they need before they begin, and call nothing with all of them for each pair or
person: to pass so many arrays takes longer than to compare a row.
"""

from typing import Any, Final, NamedTuple

import numpy as np

from matching.arrays import Ints, Words
from matching.canonical import mix
from matching.scanning import Prices
from matching.session.comparing import Row
from matching.session.words import Packed

SETTLED: Final = -2
"""The mentor of a member who is not to be placed: pinned, not yet served, or of a row where nobody is."""

FIT, LEVELS, LOT_SHIFT, KEPT = range(4)


class Lists(NamedTuple):
    """Pairs by person: `length[p]` of them from `begin[p]` on, with room for `room[p]`; -1 if not listed yet.

    `other` and `worth` hold the person on the other side, (room,), and w_ij in two words, (room, 2); their first
    `used[0]` entries are given away.
    """

    begin: Ints
    length: Ints
    room: Ints
    other: np.ndarray[Any, np.dtype[np.int32]]
    worth: Ints
    used: Ints


class LiveMarket(NamedTuple):
    """Who is there and what each pair is worth; letters as in `problem`, pinned pairs counted in o.

    `rank` is what the rank of a member weighs, (n,); `a` (n,) and `b` (m,) are what lots are drawn from, that of the
    mentor mixed; `numbers` holds W_F, the levels of evenness, the shift of a lot and the worth of a kept pair.
    """

    packed: Packed
    rows: Lists
    columns: Lists
    rank: Ints
    a: Words
    b: Words
    c: Ints
    o: Ints
    numbers: Ints
    free: Prices
    row: Row
    seen: np.ndarray[Any, np.dtype[np.uint8]]


class LivePlan(NamedTuple):
    """Each member's mentor, or -1 for waiting, (n,); w of the pair, values (n, 2) and prices (m, 2); loads, (m,).

    Those of a mentor are linked: the `first` of them, (m,), and who stands `after` and `before` each, (n,). `holder` is
    a member who holds a mentor's price up, -1 for the place's own cost, (m,), and `held` what that pair is worth,
    (m, 2). `level` counts the pairs of each mentor that are worth just their prices, (m,).
    """

    mentor_of: Ints
    worth: Ints
    u: Ints
    v: Ints
    load: Ints
    first: Ints
    after: Ints
    before: Ints
    holder: Ints
    held: Ints
    level: Ints


def draw(i: int, j: int, market: LiveMarket) -> int:
    """Give the second word of what a pair is worth: the lot, and more if the pair was kept."""
    numbers, exceptions = market.numbers, market.packed.exceptions
    lot = np.int64(mix(market.a[i] + market.b[j]) >> np.uint64(numbers[LOT_SHIFT])) + 1
    for kept in range(exceptions.kept_from[i], exceptions.kept_from[i + 1]):
        if exceptions.kept[kept] == j:
            lot += numbers[KEPT]
    return int(lot)


def cost(k: int, c: int, levels: int) -> int:
    """Give what place k of a mentor with c places costs."""
    return levels * k // c


def floor(taken: int, o: int, c: int, levels: int) -> int:
    """Give what the last place taken costs: no price is less."""
    return levels * (o + taken - 1) // c if taken > 0 else 0


def less(first: int, second: int, than_first: int, than_second: int) -> bool:
    """Compare word by word."""
    return first < than_first or (first == than_first and second < than_second)


def sit(i: int, j: int, first: int, second: int, plan: LivePlan) -> None:
    """Seat a member with a mentor, in a pair that is worth so much."""
    plan.mentor_of[i], plan.worth[i, 0], plan.worth[i, 1] = j, first, second
    after = plan.first[j]
    plan.after[i], plan.before[i] = after, -1
    if after >= 0:
        plan.before[after] = i
    plan.first[j] = i
    plan.load[j] += 1


def stand(i: int, plan: LivePlan, state: int) -> None:
    """Take a member from their mentor, if they have one, to wait (-1) or to be `SETTLED`."""
    j = plan.mentor_of[i]
    plan.mentor_of[i] = state
    if j < 0:
        return
    after, before = plan.after[i], plan.before[i]
    if before >= 0:
        plan.after[before] = after
    else:
        plan.first[j] = after
    if after >= 0:
        plan.before[after] = before
    plan.load[j] -= 1


CALLEES: Final[tuple[Any, ...]] = (mix, draw, cost, floor, less, sit, stand)
