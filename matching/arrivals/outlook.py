"""Who may come, and what would a place be worth to them?

A future is drawn from what was: for each day ahead, everybody who came on one past day near the same time of the year
comes again. So a future has the numbers, the mix and the seasons of the past. For each future, the best plan for those
who come alone, on the places that are left today, says what one place of a mentor is worth to them: between what one
more would bring and what one fewer would cost (`margins`), the middle of the two is taken. The mean over the futures is
what a place is charged today.

Which past day stands for a day ahead is drawn by x, the first 8 bytes, big-endian, of SHA-256 of
"SEED future NUMBER FIRST DAY", FIRST being the first of the days ahead: of k past days that are near, number
floor(x k / 2^64) is taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final

import numpy as np

from matching.arrays import Ints
from matching.arrivals.margins import margins
from matching.arrivals.reserving import Reserving
from matching.instance import every_pair, instance_of
from matching.market import rows
from matching.pairs import Pairs
from matching.people import Member, Mentor
from matching.policy import Policy
from matching.problem import Problem
from matching.validity import InvalidProblem

SEASON_DAYS: Final = 15
YEAR_DAYS: Final = 365.2425


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Everybody who came from the day `first` to the day `last`, each on the day since which they wait.

    Raises `InvalidProblem` if somebody came on another day, or there is no day.
    """

    members: tuple[Member, ...]
    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if self.last < self.first:
            raise InvalidProblem("past.last: is before the first day")
        for index, member in enumerate(self.members):
            if not self.first <= member.waiting_since <= self.last:
                raise InvalidProblem(f"past.members[{index}].waiting_since: is not from the first day to the last")


@dataclass(frozen=True, slots=True)
class Outlook:
    """Those who came, in the order of the days on which they did, with their pairs, mentors in the order of their ids.

    `came_from` says where those of each past day begin, shape (days + 1,); `first` is the first of those days.
    """

    pairs: Pairs
    came_from: Ints
    first: date
    mentor_ids: tuple[str, ...]

    def future(self, ahead: Sequence[date], number: int, seed: str) -> Ints:
        """Draw who comes on the days ahead, as places in the order of those who came; one person may come twice."""
        days = [self._day_like(day, f"{seed} future {number} {ahead[0]} {day}") for day in ahead]
        came = [np.arange(self.came_from[day], self.came_from[day + 1]) for day in days]
        return np.concatenate([np.empty(0, dtype=np.int64), *came])

    def charges(self, free: Ints, ahead: Sequence[date], reserving: Reserving, seed: str) -> Ints:
        """Say what each mentor's place is worth to those who may come on the days ahead, in points of fit, shape (m,).

        `free` are the places left today, shape (m,).
        """
        total = np.zeros(len(self.mentor_ids), dtype=np.int64)
        for number in range(reserving.futures):
            came = self.future(ahead, number, seed)
            pairs = self._pairs_of(came, free)
            worth = reserving.served_points + pairs.f.astype(np.int64) + 1  # what fits with 0 points is better served
            total += sum(margins(pairs, worth, len(came), free))
        return total // (2 * reserving.futures)

    def _day_like(self, day: date, lot: str) -> int:
        ago = np.abs((day - self.first).days - np.arange(len(self.came_from) - 1)) % YEAR_DAYS
        near = np.flatnonzero(np.minimum(ago, YEAR_DAYS - ago) <= SEASON_DAYS)
        days = near if len(near) else np.arange(len(ago))
        drawn = int.from_bytes(sha256(lot.encode()).digest()[:8], "big")
        return int(days[drawn * len(days) >> 64])

    def _pairs_of(self, came: Ints, free: Ints) -> Pairs:
        row = rows(self.pairs, int(self.came_from[-1]))
        begin, count = row[came], np.diff(row)[came]
        at = np.repeat(begin - np.cumsum(count) + count, count) + np.arange(count.sum())
        there = self.pairs.where(at)
        found = Pairs(np.repeat(np.arange(len(came), dtype=np.int32), count), there.j, there.f)
        return found.where(free[found.j] > 0)


def outlook_of(past: Past, mentors: Sequence[Mentor], policy: Policy, today: date) -> Outlook:
    """Compare those who came with the present mentors. Raises `InvalidProblem` as `Problem` does."""
    instance = instance_of(Problem(today=today, members=past.members, mentors=tuple(mentors), policy=policy))
    by_id = sorted(past.members, key=lambda member: member.id)
    came = np.array([(member.waiting_since - past.first).days for member in by_id], dtype=np.int64)
    order = np.argsort(came, kind="stable")
    turn = np.empty_like(order)
    turn[order] = np.arange(len(order))
    pairs = every_pair(instance)
    turned = Pairs(turn[pairs.i].astype(np.int32), pairs.j, pairs.f)
    return Outlook(
        pairs=turned.where(np.argsort(turned.i, kind="stable")),
        came_from=np.searchsorted(came[order], np.arange((past.last - past.first).days + 2)),
        first=past.first,
        mentor_ids=instance.mentor_ids,
    )
