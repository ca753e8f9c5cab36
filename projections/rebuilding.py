"""How all read models are built anew while they are read: in a schema beside, which then takes the other's place."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, Engine, text

from domain.log import Log
from projections.carrier import BATCH, Carrier
from projections.projection import SCHEMA, Projection
from projections.stopping import Standing
from projections.tables import NEXT, OLD, create, drop

Progress = Callable[[int, int], None]
"""Told how far a rebuild has come: the position reached, and the log's head."""


class RebuildStopped(Exception):
    """A projection failed on an event; the read models stay as they were."""


def silently(_position: int, _head: int) -> None:
    """Tell nobody of the progress."""


def rebuild(engine: Engine, log: Log, projections: Sequence[Projection], progress: Progress) -> None:
    """Build all tables anew and swap them in.

    One rebuild at a time; another waits. It can be killed at any moment: the swap is one transaction, and what is left
    beside it is removed by the next rebuild. The connection that holds the lock makes the swap, so a rebuild that lost
    its lock cannot.
    """
    with engine.connect() as alone, alone.begin():
        alone.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        alone.execute(text("SELECT pg_advisory_xact_lock(hashtext('alongside.rebuild'))"))
        with engine.begin() as connection:
            drop(connection, OLD)
            create(connection, NEXT)
        stopped = _fill(Carrier(engine, log, projections, NEXT), log, progress)
        if stopped is not None:
            with engine.begin() as connection:
                drop(connection, NEXT)
            raise RebuildStopped(
                f"The read models stay as they are: {stopped.projection} cannot carry over the event at position "
                f"{stopped.failed_position} ({stopped.failure})."
            )
        _swap(alone)
    # Apart from the swap: dropping waits for those who still read the old tables, and nobody must wait for it.
    with engine.begin() as connection:
        drop(connection, OLD)


def _fill(carrier: Carrier, log: Log, progress: Progress) -> Standing | None:
    """Carry over everything, but for less than a batch that came meanwhile; give a projection that fails."""
    position, head = 0, log.head()
    while position < head:
        while position < head:
            standings = carrier.step(head)
            if stopped := next((standing for standing in standings if standing.has_stopped), None):
                return stopped
            position = min(standing.position for standing in standings)
            progress(position, head)
        latest = log.head()
        head = latest if latest - head >= BATCH else head
    return None


def _swap(connection: Connection) -> None:
    # Nobody moves the present tables from here on; what came meanwhile is the next reader's to follow.
    connection.execute(text(f"LOCK TABLE {SCHEMA}.positions IN ACCESS EXCLUSIVE MODE"))
    connection.execute(text(f"ALTER SCHEMA {SCHEMA} RENAME TO {OLD}"))
    connection.execute(text(f"ALTER SCHEMA {NEXT} RENAME TO {SCHEMA}"))
