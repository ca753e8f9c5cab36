"""As of when, and on what was known: the two clocks as people write them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from domain.application import Alongside
from domain.errors import InvalidValue
from domain.log import Log

KNOWN_AT: Final = "What was known: an instant, or a position of the log; now if left out."

_LASTS: Final = {len("2026-03-02"): timedelta(days=1), len("2026-03-02T14:30"): timedelta(minutes=1)}


def instant_of(text: str) -> datetime:
    """Read an instant in ISO 8601, in UTC unless it says otherwise. A day or minute means its last instant."""
    try:
        found = datetime.fromisoformat(text)
        if len(text) in _LASTS:
            found += _LASTS[len(text)] - timedelta.resolution
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidValue("An instant is a day and a time, such as 2026-03-02T14:30, in UTC.") from None


def position_of(text: str, log: Log) -> int:
    """Read a position of the log, or an instant by which that much of it had been recorded."""
    text = text.strip()
    head = log.head()
    if text.isascii() and text.isdecimal():
        return min(int(text), head) if len(text) <= len(str(head)) else head
    return log.position_at(instant_of(text))


@dataclass(frozen=True)
class Clocks:
    """What is asked as of: the instant, and how far the log was known."""

    at: datetime
    known_at: int


def clocks(alongside: Alongside, now: datetime, at: str | None, known_at: str | None) -> Clocks:
    """Read both clocks as somebody wrote them; what they left out is now."""
    return Clocks(
        at=instant_of(at) if at else alongside.read_clocks(now).judged,
        known_at=position_of(known_at, alongside.log) if known_at else alongside.log.head(),
    )
