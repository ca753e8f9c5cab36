"""Which pairs are worth more than the cheapest hour they share? All pairs are looked at; written to be compiled."""

from typing import Any, Final, NamedTuple

import numpy as np

from matching import scanning
from matching.arrays import WORD_BITS, Ints, Words
from matching.packed import Packed
from matching.scanning import BEYOND_ANY, ONE, Prices, Row, count, scan_row


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


def scan_hours(i: int, packed: Packed, asked: Asked, row: Row, gains: Ints) -> int:
    """Find all mentors whose pair with a member exceeds by at least nothing, and by how much; returns how many."""
    members, mentors, clock, price = asked.members, asked.mentors, asked.clock, asked.price
    base, found = asked.pairs.base[i], 0
    for number in range(scan_row(i, packed, asked.pairs, row)):
        j = row.mentors[number]
        gain = base + asked.pairs.unit * row.fits[number] - cheapest_hour(i, j, members, mentors, clock, price)
        if gain >= 0:
            row.mentors[found] = j
            row.fits[found] = row.fits[number]
            gains[found] = gain
            found += 1
    return found


def best_pairs(first: int, last: int, most: int, packed: Packed, asked: Asked, row: Row, out: Any) -> None:
    """Find for each member of a block the `most` pairs that exceed by most; ties go to the mentor who stands first.

    `out` holds the mentors and the fits, shape (block, most), how many there are, (block,), and how many exceed at
    all, (n,).
    """
    mentors, fits, counts, exceeding = out
    gains, best = np.empty(len(asked.price), np.int64), np.empty(most, np.int64)
    for i in range(first, last):
        exceeding[i] = scan_hours(i, packed, asked, row, gains)
        counts[i - first] = min(most, exceeding[i])
        for number in range(exceeding[i]):
            here = min(number, most)
            while here > 0 and best[here - 1] < gains[number]:
                here -= 1
                if here + 1 < most:
                    best[here + 1] = best[here]
                    mentors[i - first, here + 1] = mentors[i - first, here]
                    fits[i - first, here + 1] = fits[i - first, here]
            if here < most:
                best[here] = gains[number]
                mentors[i - first, here] = row.mentors[number]
                fits[i - first, here] = row.fits[number]


def all_pairs(first: int, last: int, packed: Packed, asked: Asked, row: Row, out: Any) -> int:
    """Find all pairs of a block that exceed by at least nothing, as far as there is room; returns how many there are.

    `out` holds members, mentors and fits, shape (room,).
    """
    members, mentors, fits = out
    gains = np.empty(len(asked.price), np.int64)
    total = 0
    for i in range(first, last):
        for number in range(scan_hours(i, packed, asked, row, gains)):
            if total < len(members):
                members[total] = i
                mentors[total] = row.mentors[number]
                fits[total] = row.fits[number]
            total += 1
    return total


CALLEES: Final[tuple[Any, ...]] = (*scanning.CALLEES, cheapest_hour, scan_hours)
