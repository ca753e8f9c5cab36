"""What is to be decided: which members, whose places, which rows, and which pairs need a look of their own?"""

from dataclasses import dataclass

import numpy as np

from matching.arrays import Ints
from matching.assignment import NOBODY
from matching.instance import Instance
from matching.market import places
from matching.pairs import Pairs
from matching.pins import unsettled
from matching.scanning import BEYOND_ANY, FAR_BELOW, Prices
from matching.side.constraints import SideConstraints
from matching.side.goals import Goal
from matching.side.rows import Rows, rows_of, special


@dataclass(frozen=True, slots=True)
class Question:
    """An instance without its pins, in rows.

    `special` members and mentors are those whose pairs must be looked at one by one; `listed` holds all those pairs.
    `free` counts places by mentor and cost of evenness, shape (m, levels).
    """

    left: Instance
    rows: Rows
    special_members: Ints
    special_mentors: Ints
    listed: Pairs
    free: Ints

    def value(self, goal: Goal, plan: Ints) -> int:
        """Measure a plan: each member's mentor or -1, shape (n,)."""
        pairs = self.pairs_of(plan)
        taken = np.bincount(pairs.j, minlength=self.left.m)
        _, j, k = places(taken)
        of_places = goal.place[self.left.evenness(j, self.left.o[j] + k)] if len(j) else np.empty(0, dtype=np.int64)
        short = goal.short * sum(self.shortfalls(pairs)) if goal.short else 0
        return int(goal.of(pairs).sum()) + int(of_places.sum()) + short

    def pairs_of(self, plan: Ints) -> Pairs:
        """Give the pairs of a plan."""
        i = np.flatnonzero(plan != NOBODY)
        pairs = self.left.candidates.among(i, plan[i])
        assert pairs is not None
        return pairs

    def sums(self, pairs: Pairs) -> Ints:
        """Give what each row adds up to for a plan of these pairs, its switches set as they must be."""
        row, _, sign = self.rows.entries(pairs, self.left.m)
        sums = np.zeros(len(self.rows.rows), dtype=np.int64)
        np.add.at(sums, row, sign)
        used = np.bincount(pairs.j, minlength=self.left.m) > 0
        for number, each in enumerate(self.rows.rows):
            if each.switch is not None and used[self.rows.switched[each.switch[0]]]:
                sums[number] += each.switch[1]
        return sums

    def shortfalls(self, pairs: Pairs) -> list[int]:
        """Give by how much each row is missed; a plan may miss none, but for demands on the way."""
        sums = self.sums(pairs)
        return [max(0, int(sums[number]) - row.bound) for number, row in enumerate(self.rows.rows)]

    def is_kept_by(self, pairs: Pairs) -> bool:
        """Tell whether a plan of these pairs misses no row but demands."""
        demands = set(self.rows.demands)
        return not any(short for number, short in enumerate(self.shortfalls(pairs)) if number not in demands)


def question_of(instance: Instance, side: SideConstraints) -> Question:
    """Put an instance and its side constraints together."""
    left = unsettled(instance)
    members, mentors = special(instance, side)
    rows_listed = _pairs_of_members(left, members)
    columns = _pairs_of_mentors(left, mentors)
    columns = columns.where(~np.isin(columns.i, members))
    listed = rows_listed.joined(columns, left.m)
    return Question(
        left=left,
        rows=rows_of(instance, left, side, listed),
        special_members=members,
        special_mentors=mentors,
        listed=listed,
        free=left.free_places(),
    )


def _pairs_of_members(left: Instance, members: Ints) -> Pairs:
    base = np.full(left.n, FAR_BELOW, dtype=np.int64)
    base[members] = BEYOND_ANY
    return left.candidates.exceeding(Prices(base, 1, np.zeros(left.m, dtype=np.int64)), max(1, left.m))


def _pairs_of_mentors(left: Instance, mentors: Ints) -> Pairs:
    v = np.full(left.m, BEYOND_ANY, dtype=np.int64)
    v[mentors] = -1
    return left.candidates.exceeding(Prices(np.zeros(left.n, dtype=np.int64), 0, v), max(1, len(mentors)))
