"""How events get into the tables of a schema: a batch at a time, rows and positions in one transaction."""

import logging
from collections.abc import Callable, Collection, Sequence
from itertools import islice
from typing import Final

from sqlalchemy import Connection, Engine, bindparam, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from domain.events import Entry
from domain.log import Log
from projections.bulk import carry_out
from projections.projection import SCHEMA, Projection
from projections.stopping import Standing, is_of_the_event, name_of
from projections.tables import positions

BATCH: Final = 5_000
TURN_S: Final = 10.0

logger = logging.getLogger(__name__)

# A plan that was made for empty tables is of no use once they are full, and a rebuild fills them on one connection.
_PREPARE: Final = text(
    "SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('lock_timeout', :turn, true)"
)
_all: Final = select(positions).order_by(positions.c.projection)
_add: Final = insert(positions).on_conflict_do_nothing()
_these = update(positions).where(positions.c.projection.in_(bindparam("names", expanding=True)))
_move: Final = _these.values(position=bindparam("moved_to"), failed_position=None, failed_at=None, failure=None)
_stop: Final = _these.values(
    position=bindparam("reached"),
    failed_position=bindparam("before"),
    failed_at=func.clock_timestamp(),
    failure=bindparam("name"),
)

Carry = Callable[[Connection, Sequence[Standing], int], None]


class Carrier:
    """Carries events from a log into the tables of one schema."""

    def __init__(self, engine: Engine, log: Log, projections: Sequence[Projection], schema: str = SCHEMA) -> None:
        self._engine = engine.execution_options(schema_translate_map={SCHEMA: schema})
        self._log = log
        self._projections = {projection.name: projection for projection in projections}

    def standings(self) -> list[Standing]:
        """Give where each projection is."""
        with self._engine.connect() as connection:
            return self._standings(connection)

    def step(self, upto: int, only: Collection[str] = (), *, turn_s: float = TURN_S) -> list[Standing]:
        """Carry over one batch, up to a position, and give where each projection is then.

        Those move that have not stopped, or those named. One that fails on an event stops before it, and the others go
        on. Processes take turns: raises `OperationalError` if it is still another's after `turn_s` seconds.
        """
        try:
            return self._turn(upto, only, turn_s, self._carry)
        except Exception as error:
            if not is_of_the_event(error):
                raise
        # Nothing of the batch is stored. Now find out who failed on which event.
        return self._turn(upto, only, turn_s, self._carry_with_care)

    def _turn(self, upto: int, only: Collection[str], turn_s: float, carry: Carry) -> list[Standing]:
        with self._engine.begin() as connection:
            connection.execute(_PREPARE, {"turn": f"{max(1, round(turn_s * 1_000))}ms"})
            standings = self._locked(connection)
            moving = [
                standing
                for standing in standings
                if standing.position < upto and (standing.projection in only if only else not standing.has_stopped)
            ]
            if not moving:
                return standings
            carry(connection, moving, upto)
            return self._standings(connection)

    def _locked(self, connection: Connection) -> list[Standing]:
        """Take the turn. A lock needs rows: those that are missing come first."""
        locked = {row.projection: Standing(*row) for row in connection.execute(_all.with_for_update())}
        if missing := sorted(self._projections.keys() - locked.keys()):
            connection.execute(_add, [{"projection": name, "position": 0} for name in missing])
            return self._locked(connection)
        return [locked[name] for name in self._projections]

    def _standings(self, connection: Connection) -> list[Standing]:
        found = {row.projection: Standing(*row) for row in connection.execute(_all)}
        return [found.get(name, Standing(name)) for name in self._projections]

    def _carry(self, connection: Connection, moving: Sequence[Standing], upto: int) -> None:
        """Carry over a batch that all these have before them, or fail as a whole."""
        after = min(standing.position for standing in moving)
        batch = list(islice(self._log.read(after, upto), BATCH))
        for standing in moving:
            changes = self._projections[standing.projection].changes(_after(standing, batch))
            carry_out(connection, changes)
        last = batch[-1].position if batch else upto
        self._move(connection, [each.projection for each in moving if each.position < last], last)

    def _carry_with_care(self, connection: Connection, moving: Sequence[Standing], upto: int) -> None:
        """Carry over what can be, and stop before what cannot."""
        after = min(standing.position for standing in moving)
        batch, unreadable = self._readable(after, upto)
        last = batch[-1].position if batch else after
        for standing in moving:
            reached, failed = self._carry_one(connection, standing, batch)
            if failed is None and unreadable is not None and standing.position <= last:
                failed = last + 1, unreadable
            if failed is None:
                self._move(connection, [standing.projection], reached)
            else:
                self._stop(connection, standing, reached, *failed)

    def _readable(self, after: int, upto: int) -> tuple[list[Entry], Exception | None]:
        """Read a batch up to an event that cannot be read, if there is one: nobody knows whom it concerns."""
        batch: list[Entry] = []
        try:
            batch.extend(islice(self._log.read(after, upto), BATCH))
        except Exception as error:
            if not is_of_the_event(error):
                raise
            return batch, error
        return batch, None

    def _carry_one(
        self, connection: Connection, standing: Standing, batch: Sequence[Entry]
    ) -> tuple[int, tuple[int, Exception] | None]:
        """Carry one projection over a batch, event by event; give where it got to, and the failure that ended it."""
        projection, reached = self._projections[standing.projection], standing.position
        for entry in _after(standing, batch):
            try:
                with connection.begin_nested():
                    carry_out(connection, projection.changes([entry]))
            except Exception as error:
                if not is_of_the_event(error):
                    raise
                return reached, (entry.position, error)
            reached = entry.position
        return reached, None

    def _move(self, connection: Connection, names: Sequence[str], position: int) -> None:
        connection.execute(_move, {"names": names, "moved_to": position})

    def _stop(self, connection: Connection, standing: Standing, reached: int, before: int, error: Exception) -> None:
        name, failure = standing.projection, name_of(error)
        if (standing.failed_position, standing.failure) == (before, failure):
            return
        logger.error("the read model %s stopped before position %d: %s", name, before, failure)
        connection.execute(_stop, {"names": [name], "reached": reached, "before": before, "name": failure})


def _after(standing: Standing, batch: Sequence[Entry]) -> Sequence[Entry]:
    if batch and batch[0].position > standing.position:
        return batch
    return [entry for entry in batch if entry.position > standing.position]
