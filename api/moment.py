"""What time it is: a parameter of everything that decides."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time


@dataclass(frozen=True)
class Moment:
    """An instant, and the day that decisions are made as of."""

    at: datetime
    today: date


Clock = Callable[[], Moment]


def now() -> Moment:
    """Give the real time; days are those of UTC."""
    at = datetime.now(UTC)
    return Moment(at, at.date())


def start_of(day: date) -> Moment:
    """Give the first instant of a day, for working as of that day."""
    return Moment(datetime.combine(day, time(), UTC), day)
