"""Which label does each class of urgency and wait have? The more pressing, the greater, with gaps for new classes."""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Final

import numpy as np

from matching.arrays import Ints
from matching.people import URGENCIES, Member

MOST_GAP_BITS: Final = 12

Class = tuple[int, int]
"""Urgency and wait as numbers: the greater, the more pressing."""


def class_of(member: Member) -> Class:
    """Give the class of a member."""
    return -URGENCIES.index(member.urgency), -member.waiting_since.toordinal() + date.max.toordinal()


class Crowded(Exception):
    """There is no label left where a new class belongs."""


class Classes:
    """The classes that somebody is in, and their labels, none above `most`."""

    def __init__(self, members: Iterable[Member], most: int) -> None:
        """Spread labels evenly. Raises `Crowded` if there are fewer labels than classes."""
        self._people = Counter(map(class_of, members))
        self._classes = sorted(self._people)
        self._most = most
        self._gap = min(1 << MOST_GAP_BITS, most // (len(self._classes) + 2))
        if self._gap < 1:
            raise Crowded
        self._label = {each: self._gap * rank for rank, each in enumerate(self._classes, start=1)}

    def label(self, member: Member) -> int:
        """Give the label of a member's class, new or not. Raises `Crowded` if there is none."""
        wanted = class_of(member)
        if wanted in self._label:
            return self._label[wanted]
        at = bisect_left(self._classes, wanted)
        below = self._label[self._classes[at - 1]] if at else 0
        above = self._label[self._classes[at]] if at < len(self._classes) else below + 2 * self._gap
        label = (below + above) // 2
        if label in {below, above} or label > self._most:
            raise Crowded
        return label

    def enter(self, member: Member) -> int:
        """Let a member in, and give the label."""
        label, entered = self.label(member), class_of(member)
        if entered not in self._label:
            insort(self._classes, entered)
            self._label[entered] = label
        self._people[entered] += 1
        return label

    def leave(self, member: Member) -> None:
        """Let a member out; a class in which nobody is has no label."""
        left = class_of(member)
        self._people[left] -= 1
        if not self._people[left]:
            del self._people[left], self._label[left]
            self._classes.pop(bisect_left(self._classes, left))

    def labels(self) -> Ints:
        """Give all labels, ascending: the rank of a class is its place among them, from 1."""
        return np.array([self._label[each] for each in self._classes], dtype=np.int64)
