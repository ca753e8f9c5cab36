"""What becomes of a projection that fails on an event? It stops before it, alone, and is tried again now and then."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy.exc
from sqlalchemy import Connection, Table, event
from sqlalchemy.sql import visitors

from domain.log import LogUnavailable

SHORTEST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 60.0

# Trouble with the server or the way to it: any event may meet it, and the next try may not.
_PASSING: Final = (
    LogUnavailable,
    OSError,
    sqlalchemy.exc.OperationalError,
    sqlalchemy.exc.InterfaceError,
    sqlalchemy.exc.InternalError,
    sqlalchemy.exc.TimeoutError,
)


class ReadModelStopped(Exception):
    """What was asked for cannot be kept up to date at the moment."""


@dataclass(frozen=True)
class Standing:
    """Where a projection is in the log.

    One that has stopped could not carry over the event at `failed_position`. `failure` is the name of a type and never
    a message, which might hold personal data.
    """

    projection: str
    position: int = 0
    failed_position: int | None = None
    failed_at: datetime | None = None
    failure: str | None = None

    @property
    def has_stopped(self) -> bool:
        """Whether it waits before an event that it could not carry over."""
        return self.failed_position is not None


def is_of_the_event(error: Exception) -> bool:
    """Say whether a failure comes from what is carried over, and would come again, rather than from the server."""
    return not isinstance(error, _PASSING)


def name_of(error: Exception) -> str:
    """Give the name of a failure's type: the driver's, if the database refused."""
    cause = error.orig if isinstance(error, sqlalchemy.exc.DBAPIError) else None
    return type(cause or error).__name__


def refuse_stopped(connection: Connection, stopped: Collection[Standing]) -> None:
    """Let no statement on this connection read a table of a stopped projection: it raises `ReadModelStopped`."""
    names = {standing.projection for standing in stopped}
    if not names:
        return

    @event.listens_for(connection, "before_execute")
    def _(_: Connection, statement: Any, *__: object) -> None:
        if names & {part.info.get("projection") for part in _tables(statement)}:
            raise ReadModelStopped("This cannot be shown at the moment, as it may not be up to date. Nothing is lost.")


def _tables(statement: Any) -> Iterable[Table]:
    return (part for part in visitors.iterate(statement) if isinstance(part, Table))


@dataclass
class _Pause:
    before: int | None
    length_s: float
    ends_at: float


class Retries:
    """When may a stopped projection be tried again? Once at first sight, then at growing intervals of up to a minute.

    What was repaired by another version of the code so goes on with the first read of a process that has it.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._pauses: dict[str, _Pause] = {}

    def begin(self, standing: Standing) -> bool:
        """Say whether to try now. The next try is put off at once, so that one thread of many makes this one."""
        now, last = self._clock(), self._pauses.get(standing.projection)
        if last is None or last.before != standing.failed_position:
            length_s = SHORTEST_PAUSE_S
        elif now < last.ends_at:
            return False
        else:
            length_s = min(2 * last.length_s, LONGEST_PAUSE_S)
        self._pauses[standing.projection] = _Pause(standing.failed_position, length_s, now + length_s)
        return True
