"""Which pairs are worth more than the cheapest hour they share? All pairs are looked at; written to be compiled."""

from typing import Any, Final, NamedTuple

from matching import scanning
from matching.arrays import WORD_BITS, Indices, Ints, Words
from matching.packed import Packed
from matching.scanning import BEYOND_ANY, ONE, Prices, Row, count, insert, scan


class Asked(NamedTuple):
    """What pairs must outweigh, `price` (m, hours) of a mentor's hours, and everybody's hours, a person's side by side.

    `members` has shape (clocks, n, 3), `mentors` (m, 3) and `clock` (m,). The prices of `pairs` are those of each
    mentor's cheapest hour.
    """

    pairs: Prices
    price: Ints
    members: Words
    mentors: Words
    clock: Ints


def cheapest_hour(i: int, j: int, members: Words, mentors: Words, clock: Ints, price: Ints) -> int:
    """Find what the cheapest of the hours costs that a pair shares; more than anything is worth, if it shares none."""
    least: int = BEYOND_ANY + BEYOND_ANY
    for word in range(mentors.shape[1]):
        hours = members[clock[j], i, word] & mentors[j, word]
        while hours:
            rest = hours & (hours - ONE)
            least = min(least, price[j, WORD_BITS * word + count((hours ^ rest) - ONE)])
            hours = rest
    return least


def scan_hours(i: int, most: int, packed: Packed, asked: Asked, row: Row) -> int:
    """Find the `most` pairs of a member that exceed by most, and by nothing at least; returns how many there are.

    They stand as those of `scanning.scan` do.
    """
    members, mentors, clock, price = asked.members, asked.mentors, asked.clock, asked.price
    base, unit, v = asked.pairs.base[i], asked.pairs.unit, asked.pairs.v
    found = 0
    for number in range(scan(i, base, unit, v, 0, len(v) + 1, packed, row)):
        j, f = row.mentors[number], row.fits[number]
        gain = base + unit * f - cheapest_hour(i, j, members, mentors, clock, price)
        if gain >= 0:
            insert(j, f, gain, found, 0 if most <= len(v) else found, row)
            found = min(most, found + 1)
    return found


def best_pairs(rows: Indices, most: int, packed: Packed, asked: Asked, row: Row, out: Any) -> None:
    """Find for each of some members the `most` pairs that exceed by most, and by nothing at least.

    `out` holds mentors and fits, shape (rows, most), and how many there are, (rows,).
    """
    mentors, fits, counts = out
    for number in range(len(rows)):
        counts[number] = scan_hours(rows[number], most, packed, asked, row)
        for at in range(counts[number]):
            mentors[number, at] = row.mentors[at]
            fits[number, at] = row.fits[at]


def all_pairs(first: int, last: int, packed: Packed, asked: Asked, row: Row, out: Any) -> int:
    """Find all pairs of a block that exceed by at least nothing, as far as there is room; returns how many there are.

    `out` holds members, mentors and fits, shape (room,).
    """
    members, mentors, fits = out
    total = 0
    for i in range(first, last):
        for at in range(scan_hours(i, len(asked.price) + 1, packed, asked, row)):
            if total < len(members):
                members[total] = i
                mentors[total] = row.mentors[at]
                fits[total] = row.fits[at]
            total += 1
    return total


CALLEES: Final[tuple[Any, ...]] = (*scanning.CALLEES, cheapest_hour, scan_hours)
