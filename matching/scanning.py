"""Which pairs are worth more than their prices? All pairs are looked at, none is stored; written to be compiled.

A row is one member beside all mentors. First the codes of all mentors are combined, 64 mentors at once, which leaves a
few in a hundred. Those are compared in full, the terms that bring most points first and the longest sets, the weeks,
last, and each only as far as the pair could still be worth enough.
"""

from typing import Any, Final, NamedTuple

import numpy as np

from matching.arrays import Indices, Ints, Words
from matching.packed import (
    AGE_AT,
    BONUS,
    KINDS,
    LANGUAGE,
    LEAST_SLOTS,
    MOST_TIME,
    OLDEST_APART,
    TIME_AT,
    Exceptions,
    Index,
    Packed,
)

M1: Final = np.uint64(0x5555555555555555)
M2: Final = np.uint64(0x3333333333333333)
M4: Final = np.uint64(0x0F0F0F0F0F0F0F0F)
ONES: Final = np.uint64(0x0101010101010101)
ALL: Final = np.uint64(0xFFFFFFFFFFFFFFFF)
NONE, ONE, TWO, FOUR, TOP = np.uint64(0), np.uint64(1), np.uint64(2), np.uint64(4), np.uint64(56)
WORD: Final = 64
BEYOND_ANY: Final = 1 << 60
FAR_BELOW: Final = -BEYOND_ANY
NOT_ENOUGH: Final = -1
NEEDS, EXPERIENCE, _, MODES, FIRST_LANGUAGE, WEEK = range(6)
AGE, NEEDS_AT, MODES_AT, MOST, SMALLER = range(5)


class Prices(NamedTuple):
    """What a pair must outweigh: pair (i, j) exceeds by `base[i]` + `unit` f_ij - `v[j]`."""

    base: Ints
    unit: int
    v: Ints


class Row(NamedTuple):
    """Room for what one row brings: the mentors that the first look leaves, and who is worth it with fit and gain.

    `among` are the mentors that are looked at, in bits like `seen`.
    """

    among: Words
    seen: Words
    kind: Words
    mentors: Ints
    fits: Ints
    gains: Ints


def row_of(m: int) -> Row:
    """Make room for a row of m mentors."""
    among, seen, kind = (np.full(-(-m // WORD), ALL) for _ in range(3))
    mentors, fits, gains = (np.empty(m + 1, dtype=np.int64) for _ in range(3))
    return Row(among, seen, kind, mentors, fits, gains)


def count(word: np.uint64) -> np.int64:
    """Count the bits of a word."""
    word = word - ((word >> ONE) & M1)
    word = (word & M2) + ((word >> TWO) & M2)
    word = (word + (word >> FOUR)) & M4
    return np.int64((word * ONES) >> TOP)


def shared(which: int, i: int, j: int, mine: Words, theirs: Words, edges: Ints) -> np.int64:
    """Count what two sets share."""
    total = np.int64(0)
    for word in range(edges[which], edges[which + 1]):
        total += count(mine[i, word] & theirs[j, word])
    return total


def look(i: int, index: Index, exceptions: Exceptions, row: Row) -> None:
    """Mark, in bits, the mentors whose pair with a member fails no rule but perhaps that of time."""
    seen, kind = row.seen, row.kind
    for word in range(len(seen)):
        seen[word] = row.among[word]
    for number in range(KINDS - 1):
        mark(KINDS * i + number, index, kind)
        for word in range(len(kind)):
            seen[word] &= kind[word]
    mark(KINDS * i + KINDS - 1, index, kind)
    for word in range(len(kind)):
        seen[word] &= ~kind[word]
    for barred in range(exceptions.barred_from[i], exceptions.barred_from[i + 1]):
        j = exceptions.barred[barred]
        seen[j // WORD] &= ~(ONE << np.uint64(j % WORD))


def mark(which: int, index: Index, kind: Words) -> None:
    """Mark the mentors who have any of a member's codes of one kind."""
    theirs = index.mentors
    for word in range(len(kind)):
        kind[word] = NONE
    for at in range(index.codes_from[which], index.codes_from[which + 1]):
        code = index.codes[at]
        for word in range(len(kind)):
            kind[word] |= theirs[code, word]


def listed(most: int, v: Ints, row: Row) -> int:
    """List the mentors seen whose price is at most `most`; returns how many."""
    passed = 0
    for word in range(len(row.seen)):
        left = row.seen[word]
        while left != NONE:
            lowest = left & (~left + ONE)
            j = WORD * word + count(lowest - ONE)
            left ^= lowest
            if v[j] <= most:
                row.mentors[passed] = j
                passed += 1
    return passed


def weighty_points(i: int, j: int, mine: Words, theirs: Words, members: Ints, edges: Ints, points: Ints) -> int:
    """Give the points of needs and experience of a pair; -1 if no need is covered.

    The arrays come one by one, because to take them out of tuples for each pair would take longer than all the rest.
    """
    needs = shared(NEEDS, i, j, mine, theirs, edges)
    by_needs: int = members[i, NEEDS_AT] + int(needs)
    return points[by_needs] + points[min(2, int(shared(EXPERIENCE, i, j, mine, theirs, edges)))] if needs > 0 else -1


def fit_from(
    f: int,
    least: int,
    unit: int,
    i: int,
    j: int,
    mine: Words,
    theirs: Words,
    members: Ints,
    mentors: Ints,
    edges: Ints,
    points: Ints,
    single: Ints,
) -> int:
    """Add the other points to those of needs and experience, but for the bonus.

    Gives -1 if `unit` times the fit is less than `least`, or the time in common does not suffice.
    """
    modes = shared(MODES, i, j, mine, theirs, edges)
    by_modes: int = members[i, MODES_AT] + int(modes)
    f += points[by_modes]
    if shared(FIRST_LANGUAGE, i, j, mine, theirs, edges) > 0:
        f += single[LANGUAGE]
    if members[i, AGE] >= 0 and mentors[j, AGE] >= 0:
        apart: int = min(single[OLDEST_APART], abs(members[i, AGE] - mentors[j, AGE]))
        by_age: int = single[AGE_AT] + apart
        f += points[by_age]
    if unit * (f + single[MOST_TIME]) < least:
        return NOT_ENOUGH
    slots = shared(WEEK, i, j, mine, theirs, edges)
    by_time: int = single[TIME_AT] + int(slots)
    f += points[by_time]
    return f if slots >= single[LEAST_SLOTS] and unit * f >= least else NOT_ENOUGH


def bonus(i: int, j: int, exceptions: Exceptions, single: Ints) -> int:
    """Give the bonus of a pair that was kept from the preceding round."""
    for kept in range(exceptions.kept_from[i], exceptions.kept_from[i + 1]):
        if exceptions.kept[kept] == j:
            points: int = single[BONUS]
            return points
    return 0


def scan(i: int, base: int, unit: int, v: Ints, floor: int, most: int, packed: Packed, row: Row) -> int:
    """Find the `most` pairs of a member that exceed by most, and by `floor` at least; returns how many there are.

    They stand first in `row`, in the order of how much they exceed; ties go to the mentor who stands first. If `most`
    is more than there are mentors, all are found and stand in the order of mentors.
    """
    weighty, theirs_weighty, light, theirs_light = (
        packed.members.weighty,
        packed.mentors.weighty,
        packed.members.light,
        packed.mentors.light,
    )
    edges, points, single = packed.edges, packed.points, packed.single
    members, mentors, exceptions = packed.members.numbers, packed.mentors.numbers, packed.exceptions
    extra = 0 if exceptions.kept_from[i] == exceptions.kept_from[i + 1] else single[BONUS]
    most_worth = base + unit * (members[i, MOST] + extra) - floor
    if most_worth < 0:
        return 0
    look(i, packed.lookup, exceptions, row)
    found = 0
    for number in range(listed(most_worth, v, row)):
        j: int = row.mentors[number]
        f = weighty_points(i, j, weighty, theirs_weighty, members, edges, points)
        more = bonus(i, j, exceptions, single) if extra > 0 else 0
        least = floor + v[j] - base - unit * more
        if unit * (f + members[i, SMALLER]) < least:
            continue
        f = fit_from(f, least, unit, i, j, light, theirs_light, members, mentors, edges, points, single)
        if f != NOT_ENOUGH:
            insert(j, f + more, base + unit * (f + more) - v[j], found, 0 if most <= len(v) else found, row)
            found = min(most, found + 1)
            if found == most:
                floor = row.gains[most - 1] + 1
    return found


def insert(j: int, f: int, gain: int, found: int, first: int, row: Row) -> None:
    """Put a pair among those found from `first` on, and whatever exceeds by less behind it."""
    here = found
    while here > first and row.gains[here - 1] < gain:
        row.gains[here] = row.gains[here - 1]
        row.fits[here] = row.fits[here - 1]
        row.mentors[here] = row.mentors[here - 1]
        here -= 1
    row.gains[here] = gain
    row.fits[here] = f
    row.mentors[here] = j


def best_pairs(rows: Indices, most: int, packed: Packed, prices: Prices, row: Row, out: Any) -> None:
    """Find for each of some members the `most` pairs that exceed by most, and by nothing at least.

    `out` holds mentors, fits and how much they exceed by, shape (rows, most), and how many there are, (rows,).
    """
    mentors, fits, gains, counts = out
    for number in range(len(rows)):
        i: int = rows[number]
        counts[number] = scan(i, prices.base[i], prices.unit, prices.v, 0, most, packed, row)
        for at in range(counts[number]):
            mentors[number, at] = row.mentors[at]
            fits[number, at] = row.fits[at]
            gains[number, at] = row.gains[at]


def all_pairs(first: int, last: int, packed: Packed, prices: Prices, row: Row, out: Any) -> int:
    """Find all pairs of a block that exceed by at least nothing, as far as there is room; returns how many there are.

    `out` holds members, mentors and fits, shape (room,).
    """
    members, mentors, fits = out
    total = 0
    for i in range(first, last):
        for at in range(scan(i, prices.base[i], prices.unit, prices.v, 0, len(prices.v) + 1, packed, row)):
            if total < len(members):
                members[total] = i
                mentors[total] = row.mentors[at]
                fits[total] = row.fits[at]
            total += 1
    return total


def open_pairs(first: int, last: int, packed: Packed, row: Row, by_member: Ints, by_mentor: Ints) -> None:
    """Count the feasible pairs of a block, by member, shape (n,), and by mentor, shape (m,)."""
    mine, theirs, edges, least = packed.members.light, packed.mentors.light, packed.edges, packed.single[LEAST_SLOTS]
    for i in range(first, last):
        look(i, packed.lookup, packed.exceptions, row)
        for word in range(len(row.seen)):
            left = row.seen[word]
            while left != NONE:
                lowest = left & (~left + ONE)
                left ^= lowest
                j: int = WORD * word + int(count(lowest - ONE))
                if shared(WEEK, i, j, mine, theirs, edges) >= least:
                    by_member[i] += 1
                    by_mentor[j] += 1


def fits_of(i: Ints, j: Ints, packed: Packed, row: Row, fits: Ints) -> None:
    """Give the fits of p pairs, shape (p,); -1 for those that are not feasible."""
    weighty, theirs_weighty, light, theirs_light = (
        packed.members.weighty,
        packed.mentors.weighty,
        packed.members.light,
        packed.mentors.light,
    )
    edges, points, single = packed.edges, packed.points, packed.single
    members, mentors, before = packed.members.numbers, packed.mentors.numbers, -1
    for pair in range(len(i)):
        a, b = i[pair], j[pair]
        if a != before:
            look(a, packed.lookup, packed.exceptions, row)
            before = a
        f = NOT_ENOUGH
        if (row.seen[b // WORD] >> np.uint64(b % WORD)) & ONE != NONE:
            f = weighty_points(a, b, weighty, theirs_weighty, members, edges, points)
            f = fit_from(f, 0, 1, a, b, light, theirs_light, members, mentors, edges, points, single)
        fits[pair] = f + bonus(a, b, packed.exceptions, single) if f != NOT_ENOUGH else f


CALLEES: Final[tuple[Any, ...]] = (count, shared, weighty_points, fit_from, bonus, mark, look, listed, insert, scan)
