"""May places be kept for people who have not come yet, and at whose cost?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from matching.people import URGENCIES
from matching.validity import InvalidProblem

MOST_DAYS: Final = 3660
MOST_FUTURES: Final = 1000
MOST_SERVED_POINTS: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserving:
    """What a programme decides about people who have not come yet. As it stands here, nothing is reserved.

    `horizon_days` is how far ahead is looked; 0 turns reserving off. `futures` is how many are drawn. `served_points`
    says how many points of fit it is worth to serve one person more later on. Whoever is of an urgency in `may_wait`
    may be left waiting for the sake of those to come; with none, the members served today are those who would be
    served without reserving, or others of the same ranks, and only which mentor they meet can change.

    Raises `InvalidProblem` when a number cannot be.
    """

    horizon_days: int = 0
    futures: int = 10
    served_points: int = 1000
    may_wait: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        for complaint in self._complaints():
            raise InvalidProblem(f"reserving.{complaint}")

    def _complaints(self) -> Iterator[str]:
        if not 0 <= self.horizon_days <= MOST_DAYS:
            yield f"horizon_days: is not from 0 to {MOST_DAYS}"
        if not 1 <= self.futures <= MOST_FUTURES:
            yield f"futures: is not from 1 to {MOST_FUTURES}"
        if not 0 <= self.served_points <= MOST_SERVED_POINTS:
            yield f"served_points: is not from 0 to {MOST_SERVED_POINTS}"
        if not self.may_wait <= set(URGENCIES):
            yield f"may_wait: is not made of {', '.join(URGENCIES)}"

    def ahead(self, today: date, last: date = date.max) -> tuple[date, ...]:
        """Name the days ahead, from tomorrow up to the horizon, and to the last if that comes before."""
        days = min(self.horizon_days, (last - today).days)
        return tuple(today + timedelta(days=number) for number in range(1, days + 1))
