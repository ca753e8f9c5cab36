"""At which hour does each pair of a plan meet? Whoever comes first in the order of serving has the earliest hour.

The hours of one mentor's members bear on nobody else. Of all ways in which they can have one each, the member who comes
first gets the earliest hour of the mentor's week that leaves one to everybody after them, then the next member, and so
on. All ways are worth the same, so the plan stays best.
"""

from collections.abc import Sequence

import numpy as np

from matching.arrays import Ints
from matching.assignment import NOBODY
from matching.hours.free import unpacked_hours
from matching.instance import Instance
from matching.ranks import turns


def earliest_hours(instance: Instance, mentor_of: Ints) -> Ints:
    """Give each member of a plan an hour, -1 to those who wait, shape (n,). Some way to do so must exist."""
    assert instance.hourly is not None
    hour_of = np.full(instance.n, NOBODY, dtype=np.int64)
    served = np.flatnonzero(mentor_of != NOBODY)
    served = served[np.lexsort((turns(instance.r)[served], mentor_of[served]))]
    shared = unpacked_hours(instance.hourly.hours(served, mentor_of[served]))
    ends = np.flatnonzero(np.diff(mentor_of[served], append=NOBODY)) + 1
    first = 0
    for last in ends.tolist():
        choices = [np.flatnonzero(row).tolist() for row in shared[first:last]]
        hour_of[served[first:last]] = earliest(choices)
        first = last
    return hour_of


def earliest(choices: Sequence[Sequence[int]]) -> list[int]:
    """Choose one of each row's hours, ascending, all different: the earliest for the first row, then the second, ..."""
    chosen: list[int] = []
    for row, hours in enumerate(choices):
        free = (hour for hour in hours if hour not in chosen)
        chosen.append(next(hour for hour in free if _can_go_on(choices[row + 1 :], {*chosen, hour})))
    return chosen


def _can_go_on(choices: Sequence[Sequence[int]], taken: set[int]) -> bool:
    """Tell whether each row can still have an hour of its own (augmenting paths; Kuhn 1955)."""
    has: dict[int, int] = {}

    def finds(row: int, seen: set[int]) -> bool:
        for hour in choices[row]:
            if hour not in taken and hour not in seen:
                seen.add(hour)
                if hour not in has or finds(has[hour], seen):
                    has[hour] = row
                    return True
        return False

    return all(finds(row, set()) for row in range(len(choices)))
