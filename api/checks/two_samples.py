"""Are two samples of one kind? The test of Kolmogorov and Smirnov, with the usual approximation of its probability.

The statistic is the greatest distance between both samples' distributions (Smirnov, 1948). If both are of one kind, the
chance of one as great is `Q((r + 0.12 + 0.11 / r) * distance)` with `r = sqrt(n * m / (n + m))`, where Q is
Kolmogorov's series and the correction for small samples is that of Stephens (1970).
"""

from bisect import bisect_right
from collections.abc import Sequence
from math import exp, sqrt
from typing import Final

TERMS: Final = 100


def distance(one: Sequence[float], other: Sequence[float]) -> float:
    """Give the greatest distance between the distributions of two samples, from 0 to 1."""
    first, second = sorted(one), sorted(other)
    return max(
        abs(bisect_right(first, value) / len(first) - bisect_right(second, value) / len(second))
        for value in {*first, *second}
    )


def probability(one: Sequence[float], other: Sequence[float]) -> float:
    """Give the chance that two samples of one kind are as far apart as these or farther."""
    root = sqrt(len(one) * len(other) / (len(one) + len(other)))
    return tail((root + 0.12 + 0.11 / root) * distance(one, other))


def tail(value: float) -> float:
    """Give Kolmogorov's Q: 1 at 0, falling to 0."""
    if value < 0.2:  # noqa: PLR2004 - there the series converges slowly, and Q is 1 to twelve digits
        return 1.0
    return 2 * sum((1 if term % 2 else -1) * exp(-2 * (term * value) ** 2) for term in range(1, TERMS))
