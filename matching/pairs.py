"""Which pairs can be told by a list, and how well does each fit?"""

from dataclasses import dataclass

import numpy as np

from matching.arrays import Flags, Indices, Ints
from matching.scanning import Prices


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs (i, j) with their f_ij, the bonus included, shape (pairs,) each, in the order of (i, j)."""

    i: Indices
    j: Indices
    f: Indices

    def __len__(self) -> int:
        """How many there are."""
        return len(self.i)

    def where(self, chosen: Flags | Ints) -> "Pairs":
        """Leave out all but the chosen pairs."""
        return Pairs(self.i[chosen], self.j[chosen], self.f[chosen])

    def joined(self, others: "Pairs", m: int) -> "Pairs":
        """Add pairs that are not among these; `m` is the number of mentors."""
        both = Pairs(*(np.concatenate(columns) for columns in zip(self.columns, others.columns, strict=True)))
        return both.where(np.argsort(both.keys(m), kind="stable"))

    def united(self, others: "Pairs", m: int) -> "Pairs":
        """Add those of other pairs that are not among these."""
        return self.joined(others.where(~np.isin(others.keys(m), self.keys(m))), m)

    @property
    def columns(self) -> tuple[Indices, Indices, Indices]:
        """Give i, j and f."""
        return self.i, self.j, self.f

    def keys(self, m: int) -> Ints:
        """Number the pairs so that the order of the numbers is that of (i, j); `m` is the number of mentors."""
        return self.i.astype(np.int64) * m + self.j

    def excess(self, prices: Prices) -> Ints:
        """Say by how much each pair is worth more than its prices."""
        excess: Ints = prices.base[self.i] + prices.unit * self.f.astype(np.int64) - prices.v[self.j]
        return excess


@dataclass(frozen=True, slots=True)
class Listed:
    """All feasible pairs of n members and m mentors, as a list: for problems that are small, or told pair by pair."""

    pairs: Pairs
    n: int
    m: int

    def first(self) -> Pairs:
        """Give all pairs."""
        return self.pairs

    def exceeding(self, prices: Prices, most: int) -> Pairs:  # noqa: ARG002 - here it costs nothing to give them all
        """Give all pairs that are worth more than their prices."""
        return self.pairs.where(self.pairs.excess(prices) > 0)

    def level(self, prices: Prices) -> Pairs:
        """Give all pairs that are worth exactly their prices."""
        return self.pairs.where(self.pairs.excess(prices) == 0)

    def among(self, i: Ints, j: Ints) -> Pairs | None:
        """Give these pairs with their fit, in the same order, or None if one of them is not feasible."""
        feasible, wanted = self.pairs.keys(self.m), i * self.m + j
        at = np.minimum(np.searchsorted(feasible, wanted), len(feasible) - 1)
        found = not len(wanted) or (len(feasible) > 0 and (feasible[at] == wanted).all())
        return self.pairs.where(at) if found else None

    def mentors_open_to(self) -> Ints:
        """Count the feasible mentors of each member, shape (n,)."""
        return np.bincount(self.pairs.i, minlength=self.n)


def gathered(blocks: list[Pairs]) -> Pairs:
    """Put blocks of pairs one after another."""
    nothing = np.empty(0, dtype=np.int32)
    columns = zip(*(block.columns for block in [Pairs(nothing, nothing, nothing), *blocks]), strict=True)
    return Pairs(*(np.concatenate(column) for column in columns))
