"""Who stands in which row, and which pairs of rows are exceptions?"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Generic, TypeVar

import numpy as np

from matching.arrays import Ints
from matching.people import Member, Mentor

Person = TypeVar("Person", Member, Mentor)

Pair = tuple[str, str]


class Rows(Generic[Person]):
    """The rows of one side."""

    def __init__(self, people: Iterable[Person], room: int) -> None:
        """Let people stand in the order in which they come."""
        self.people: list[Person | None] = list(people)
        self.at = {each.id: row for row, each in enumerate(self.people) if each is not None}
        self.people += [None] * (room - len(self.people))
        self._free = [row for row in range(room - 1, -1, -1) if self.people[row] is None]

    def enter(self, person: Person) -> int:
        """Give a row to a newcomer, or to whoever was there before under the same id."""
        row = self.at.get(person.id)
        if row is None:
            row = self._free.pop()
            self.at[person.id] = row
        self.people[row] = person
        return row

    def leave(self, name: str) -> None:
        """Take somebody from their row."""
        row = self.at.pop(name)
        self.people[row] = None
        self._free.append(row)

    def named(self, name: str) -> Person | None:
        """Give whoever has an id."""
        return self.people[self.at[name]] if name in self.at else None


class PairsByName:
    """Pairs (member, mentor) that can be asked for by either."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        """Sort pairs by both."""
        self._of_member, self._of_mentor = defaultdict[str, list[Pair]](list), defaultdict[str, list[Pair]](list)
        for pair in pairs:
            self._of_member[pair[0]].append(pair)
            self._of_mentor[pair[1]].append(pair)

    def of_member(self, name: str) -> list[Pair]:
        """Give all pairs of a member."""
        return self._of_member.get(name, [])

    def of_mentor(self, name: str) -> list[Pair]:
        """Give all pairs of a mentor."""
        return self._of_mentor.get(name, [])


class Keys:
    """Pairs of rows, as keys i m + j, ascending; `n` and `m` are how many rows there are."""

    def __init__(self, begin: Ints, others: Ints, m: int) -> None:
        """Take over pairs that are told by where those of each member begin, shape (n + 1,), and their mentors."""
        self._n, self._m = len(begin) - 1, m
        self._keys = np.repeat(np.arange(self._n), np.diff(begin)) * m + others

    def __contains__(self, pair: tuple[int, int]) -> bool:
        """Tell whether a pair is among them."""
        key = pair[0] * self._m + pair[1]
        at = int(np.searchsorted(self._keys, key))
        return at < len(self._keys) and int(self._keys[at]) == key

    def add(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Add pairs."""
        keys = np.array([i * self._m + j for i, j in pairs], dtype=np.int64)
        self._keys = np.union1d(self._keys, keys)

    def discard(self, i: int | None = None, j: int | None = None) -> None:
        """Take away a pair, or all pairs of a member or of a mentor."""
        is_member = True if i is None else self._keys // self._m == i
        is_mentor = True if j is None else self._keys % self._m == j
        self._keys = self._keys[~(np.asarray(is_member) & np.asarray(is_mentor))]

    def by_member(self) -> tuple[Ints, Ints]:
        """Tell where the pairs of each member begin, shape (n + 1,), and their mentors."""
        return np.searchsorted(self._keys, np.arange(self._n + 1) * self._m), self._keys % self._m
