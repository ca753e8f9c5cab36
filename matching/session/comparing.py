"""Which pairs does a member have, and how well do they fit? Written to be compiled.

A row is one member beside all mentors. First one word of each kind is compared, which leaves a few pairs in a hundred.
Those are compared in full.
"""

from typing import Any, Final, NamedTuple

import numpy as np

from matching.arrays import Ints, Words
from matching.scanning import Prices, count, shared
from matching.session.words import (
    AGE_AT,
    BONUS,
    FULL,
    LANGUAGE,
    LEAST_SLOTS,
    MOST_TIME,
    OLDEST_APART,
    TIME_AT,
    Exceptions,
    Packed,
)

LANGUAGES, MODES, NEEDS, HINDRANCES, EXPERIENCE, FIRST_LANGUAGE, WEEK = range(7)
AGE, NEEDS_AT, MODES_AT = range(3)


class Row(NamedTuple):
    """Room for what one row brings: which mentors passed the first look, and who is worth it with which fit."""

    seen: np.ndarray[Any, np.dtype[np.uint8]]
    mentors: Ints
    fits: Ints


def look(i: int, packed: Packed, v: Ints, most: int, seen: Any) -> None:
    """Mark the mentors that a first look leaves, and whose price is at most `most`."""
    mine, theirs = packed.members.glance, packed.mentors.glance
    languages, modes, needs, week, hindrances = mine[0, i], mine[1, i], mine[2, i], mine[3, i], mine[4, i]
    # One name a row, or the loop is not turned into vectors.
    their_languages, their_modes, their_needs, their_week, their_hindrances = (
        theirs[0],
        theirs[1],
        theirs[2],
        theirs[3],
        theirs[4],
    )
    for j in range(len(v)):
        seen[j] = (
            ((languages & their_languages[j]) != 0)
            & ((modes & their_modes[j]) != 0)
            & ((needs & their_needs[j]) != 0)
            & ((week & their_week[j]) != 0)
            & ((hindrances & their_hindrances[j]) == 0)
            & (v[j] <= most)
        )


def fit_but_time(
    i: int, j: int, mine: Words, theirs: Words, members: Ints, mentors: Ints, edges: Ints, points: Ints, single: Ints
) -> int:
    """Add up the points of a pair, but for the time and the bonus; -1 if it is not feasible already.

    The arrays come one by one, because to take them out of tuples for each pair would take longer than all the rest.
    """
    needs = shared(NEEDS, i, j, mine, theirs, edges)
    modes = shared(MODES, i, j, mine, theirs, edges)
    if needs == 0 or modes == 0 or shared(LANGUAGES, i, j, mine, theirs, edges) == 0:
        return -1
    if shared(HINDRANCES, i, j, mine, theirs, edges) > 0:
        return -1
    by_needs: int = members[i, NEEDS_AT] + int(needs)
    by_modes: int = members[i, MODES_AT] + int(modes)
    f: int = points[by_needs] + points[by_modes]
    f += points[min(2, int(shared(EXPERIENCE, i, j, mine, theirs, edges)))]
    if shared(FIRST_LANGUAGE, i, j, mine, theirs, edges) > 0:
        f += single[LANGUAGE]
    if members[i, AGE] >= 0 and mentors[j, AGE] >= 0:
        apart: int = min(single[OLDEST_APART], abs(members[i, AGE] - mentors[j, AGE]))
        by_age: int = single[AGE_AT] + apart
        f += points[by_age]
    return f


def scan_row(i: int, packed: Packed, prices: Prices, row: Row) -> int:
    """Find all mentors whose pair with a member exceeds by at least nothing; returns how many."""
    most = prices.base[i] + prices.unit * (packed.single[FULL] + packed.single[BONUS])
    look(i, packed, prices.v, most, row.seen)
    exceptions = packed.exceptions
    for barred in range(exceptions.barred_from[i], exceptions.barred_from[i + 1]):
        row.seen[exceptions.barred[barred]] = 0
    passed = 0
    for j in range(len(row.seen)):
        if row.seen[j] != 0:
            row.mentors[passed] = j
            passed += 1
    return weigh(i, passed, packed, prices, row)


def weigh(i: int, passed: int, packed: Packed, prices: Prices, row: Row) -> int:
    """Keep, of the mentors who passed, those whose pair exceeds by at least nothing, and add their fits."""
    mine, theirs, edges, points, single = (
        packed.members.sets,
        packed.mentors.sets,
        packed.edges,
        packed.points,
        packed.single,
    )
    members, mentors = packed.members.numbers, packed.mentors.numbers
    v, found = prices.v, 0
    for number in range(passed):
        j = row.mentors[number]
        f = fit_but_time(i, j, mine, theirs, members, mentors, edges, points, single)
        if f < 0:
            continue
        f += bonus(i, j, packed.exceptions, single)
        gain = prices.base[i] + prices.unit * f - v[j]
        if gain + prices.unit * single[MOST_TIME] < 0:
            continue
        slots = shared(WEEK, i, j, mine, theirs, edges)
        time = points[single[TIME_AT] + slots]
        if slots >= single[LEAST_SLOTS] and gain + prices.unit * time >= 0:
            row.mentors[found] = j
            row.fits[found] = f + time
            found += 1
    return found


def bonus(i: int, j: int, exceptions: Exceptions, single: Ints) -> int:
    """Give the bonus of a pair that was kept from the preceding round."""
    for kept in range(exceptions.kept_from[i], exceptions.kept_from[i + 1]):
        if exceptions.kept[kept] == j:
            points: int = single[BONUS]
            return points
    return 0


def fits_of(i: Ints, j: Ints, packed: Packed, prices: Prices, row: Row, fits: Ints) -> None:
    """Give the fits of p pairs, shape (p,), as far as they do not fail a rule other than `relation`; -1 for others."""
    for pair in range(len(i)):
        row.mentors[0] = j[pair]
        fits[pair] = row.fits[0] if weigh(i[pair], 1, packed, prices, row) == 1 else -1


CALLEES: Final[tuple[Any, ...]] = (count, shared, fit_but_time, bonus, weigh, look, scan_row)
