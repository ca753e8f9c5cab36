"""How read models follow the log: rows and position move together, and whoever reads brings them up to date."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import Any, Final, TypeVar

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    FromClause,
    Insert,
    MetaData,
    Table,
    Text,
    Update,
    bindparam,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from domain.events import Entry, Event
from domain.log import Log

SCHEMA: Final = "read_models"
NEXT: Final = "read_models_next"
OLD: Final = "read_models_old"
BATCH: Final = 2_000

metadata: Final = MetaData(schema=SCHEMA)

Change = tuple[Insert | Update, dict[str, Any]]
E = TypeVar("E", bound=Event)

positions = Table(
    "positions",
    metadata,
    Column("projection", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
)

_move = update(positions).where(positions.c.projection == bindparam("name")).values(position=bindparam("moved_to"))


class Projection:
    """Answers one question: a function from each type of event to changes of rows."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._handlers: dict[type[Event], Callable[[Entry, Any], Iterable[Change]]] = {}

    def on(self, kind: type[E]) -> Callable[[Callable[[Entry, E], Iterable[Change]]], None]:
        """Say which rows an event of this kind changes."""

        def register(handler: Callable[[Entry, E], Iterable[Change]]) -> None:
            assert kind not in self._handlers, f"{self.name} hears of {kind.TOPIC} twice"
            self._handlers[kind] = handler

        return register

    def changes(self, entries: Iterable[Entry]) -> Iterator[Change]:
        """Give the changes of rows that these entries ask for, in order."""
        for entry in entries:
            handler = self._handlers.get(type(entry.event))
            if handler is not None:
                yield from handler(entry, entry.event)


class Projector:
    """Keeps a set of projections in step with a log."""

    def __init__(self, engine: Engine, log: Log, projections: Sequence[Projection], *, reader: str) -> None:
        """Keep tables that the database role `reader` may read."""
        self._engine, self._log, self._projections, self._reader = engine, log, projections, reader

    def create(self) -> None:
        """Create the tables that are missing."""
        with self._engine.begin() as connection:
            self._create(connection, SCHEMA)

    def catch_up(self) -> int:
        """Bring every projection up to the log's head; give that position. Processes take turns."""
        head = self._log.head()
        with self._engine.connect() as connection:
            behind = set(connection.scalars(select(positions.c.projection).where(positions.c.position < head)))
        for projection in self._projections:
            if projection.name in behind:
                self._follow(projection, head, SCHEMA)
        return head

    def rebuild(self) -> int:
        """Build all tables anew beside the present ones, then put them in their place; readers go on meanwhile."""
        with self._engine.connect() as alone, alone.begin():
            alone.execute(text("SELECT pg_advisory_xact_lock(hashtext('alongside.rebuild'))"))
            with self._engine.begin() as connection:
                connection.execute(text(f"DROP SCHEMA IF EXISTS {OLD} CASCADE"))
                connection.execute(text(f"DROP SCHEMA IF EXISTS {NEXT} CASCADE"))
                self._create(connection, NEXT)
            for projection in self._projections:
                self._follow(projection, self._log.head(), NEXT)
            with self._engine.begin() as connection:
                # Nobody moves the present tables from here on; what came meanwhile is the next reader's to follow.
                connection.execute(text(f"LOCK TABLE {SCHEMA}.positions IN ACCESS EXCLUSIVE MODE"))
                connection.execute(text(f"ALTER SCHEMA {SCHEMA} RENAME TO {OLD}"))
                connection.execute(text(f"ALTER SCHEMA {NEXT} RENAME TO {SCHEMA}"))
            # Apart from the swap: dropping waits for those who still read the old tables, and nobody must wait for it.
            with self._engine.begin() as connection:
                connection.execute(text(f"DROP SCHEMA {OLD} CASCADE"))
        return self.catch_up()

    def _create(self, connection: Connection, schema: str) -> None:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('alongside.read_models'))"))
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {schema}"))
        connection.execute(text(f"GRANT USAGE ON SCHEMA {schema} TO {self._reader}"))
        metadata.create_all(connection.execution_options(schema_translate_map={SCHEMA: schema}))
        connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {self._reader}"))
        rows = [{"projection": projection.name, "position": 0} for projection in self._projections]
        connection.execute(insert(positions).on_conflict_do_nothing(), rows)

    def _follow(self, projection: Projection, upto: int, schema: str) -> None:
        engine = self._engine.execution_options(schema_translate_map={SCHEMA: schema})
        moved = True
        while moved:
            with engine.begin() as connection:
                moved = self._step(projection, upto, connection)

    def _step(self, projection: Projection, upto: int, connection: Connection) -> bool:
        """Carry over one batch; say whether there was one."""
        query = select(positions.c.position).where(positions.c.projection == projection.name).with_for_update()
        after = connection.scalar(query) or 0
        batch = list(islice(self._log.read(after, upto), BATCH))
        if not batch:
            return False
        for changes in _by_table(projection.changes(batch)):
            for statement, run in groupby(changes, key=lambda change: change[0]):
                connection.execute(statement, [values for _, values in run])
        connection.execute(_move, {"name": projection.name, "moved_to": batch[-1].position})
        return True


def _by_table(changes: Iterable[Change]) -> Iterable[list[Change]]:
    """Sort changes by the table they go to: no change reads another table, so only the order within one matters.

    Runs of the same statement then go to the server together.
    """
    tables: dict[FromClause, list[Change]] = {}
    for change in changes:
        tables.setdefault(change[0].table, []).append(change)
    return tables.values()
