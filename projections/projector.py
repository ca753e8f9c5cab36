"""How read models follow the log: whoever reads brings them up to date."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from domain.log import Log
from projections import rebuilding, tables
from projections.carrier import TURN_S, Carrier
from projections.projection import Projection
from projections.rebuilding import Progress
from projections.stopping import ReadModelStopped, Retries, Standing


class NotCaughtUp(TimeoutError):
    """The read models did not get to a position in the time given."""


@dataclass(frozen=True)
class CaughtUp:
    """The position that the read models are at, but for those that have stopped before an event."""

    position: int
    stopped: tuple[Standing, ...] = ()


class Projector:
    """Keeps a set of projections in step with a log. `clock` counts seconds from any beginning."""

    def __init__(
        self, engine: Engine, log: Log, projections: Sequence[Projection], *, clock: Callable[[], float] = monotonic
    ) -> None:
        self._engine, self._log, self._projections, self._clock = engine, log, projections, clock
        self._carrier = Carrier(engine, log, projections)
        self._retries = Retries(clock)

    def create(self) -> None:
        """Create the tables that are missing, and again those of another form than they now have."""
        with self._engine.begin() as connection:
            tables.ensure(connection)

    def catch_up(self) -> CaughtUp:
        """Bring every projection up to the log's head, but for those that have stopped. Processes take turns."""
        head = self._log.head()
        return CaughtUp(head, self._follow(head))

    def wait(self, position: int, timeout_s: float) -> None:
        """Return as soon as every projection is at or past a position; what nobody else does is done here.

        Raises `NotCaughtUp` after the timeout, and `ReadModelStopped` if one stopped before that position.
        """
        ends_at = self._clock() + timeout_s
        head = self._log.head()
        while head < position:
            if self._clock() >= ends_at:
                raise NotCaughtUp(f"The log has no position {position} yet.")
            head = self._log.wait(head, ends_at - self._clock())
        if any(standing.position < position for standing in self._follow(position, ends_at)):
            raise ReadModelStopped("A read model stopped before this position.")

    def rebuild(self, progress: Progress = rebuilding.silently) -> int:
        """Build all tables anew beside the present ones, then put them in their place; readers go on meanwhile.

        `progress` is told (position, head) after each batch. Raises `RebuildStopped`, and leaves everything as it was,
        if a projection fails on an event.
        """
        rebuilding.rebuild(self._engine, self._log, self._projections, progress)
        return self.catch_up().position

    def _follow(self, upto: int, ends_at: float | None = None) -> tuple[Standing, ...]:
        """Carry over all up to a position; give those that have stopped."""
        standings = self._carrier.standings()
        for stopped in standings:
            if stopped.failed_position is not None and self._retries.begin(stopped):
                standings = self._step(stopped.failed_position, [stopped.projection], ends_at)
        while any(standing.position < upto for standing in standings if not standing.has_stopped):
            standings = self._step(upto, [], ends_at)
        return tuple(standing for standing in standings if standing.has_stopped)

    def _step(self, upto: int, only: Sequence[str], ends_at: float | None) -> list[Standing]:
        if ends_at is None:
            return self._carrier.step(upto, only)
        left_s = ends_at - self._clock()
        if left_s <= 0:
            raise NotCaughtUp(f"The read models are not at position {upto} yet.")
        try:
            return self._carrier.step(upto, only, turn_s=min(left_s, TURN_S))
        except OperationalError as error:
            if self._clock() < ends_at:
                raise
            raise NotCaughtUp(f"The read models are not at position {upto} yet.") from error
