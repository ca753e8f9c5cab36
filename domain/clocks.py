"""What time is it, when two clocks may disagree?

The application's clock claims a time; the database has a clock of its own. Either may jump, run ahead or behind, and
nobody can tell which of two is wrong. So neither is believed where it would help a consent live longer:

- An act takes effect at the earlier of the two. A consent's life is counted from there, so a clock that runs ahead
  cannot make it end later. (What was signed on paper some time ago is claimed as of then, and keeps that time.)
- Whether a consent has expired is judged at the later of the two: it ends as soon as the first of both clocks has come
  to its end. So a clock that runs behind cannot bring it back.

As long as one of the clocks is right, the life begins no later than in truth and is judged no earlier, so no consent is
used after its end. A wrong clock can only make one end too early: it is then asked for again. Two clocks that are wrong
together in the same direction are beyond this rule.

The order of what happened is that of the log and never asks a clock. Within a consent ledger effective time does not
run backward: what comes later in the log takes effect no earlier than what comes before it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

SecondClock = Callable[[], datetime]


@dataclass(frozen=True)
class Reading:
    """What two clocks say at one moment, both in UTC: arithmetic in a zone with summer time may gain an hour."""

    takes_effect: datetime
    judged: datetime


def read(claimed: datetime, second: SecondClock | None) -> Reading:
    """Read both clocks. Without a second one, as where somebody names the day to work as of, the claim stands alone."""
    first = claimed.astimezone(UTC)
    other = first if second is None else second().astimezone(UTC)
    return Reading(takes_effect=min(first, other), judged=max(first, other))
