"""Lets the event-sourcing library use the application's own connection pool."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import psycopg
from eventsourcing import persistence
from eventsourcing.postgres import PostgresDatastore
from psycopg import Connection
from psycopg.rows import DictRow, dict_row
from psycopg.types.composite import register_composite
from sqlalchemy import Engine

from domain.log import LogUnavailable

_LIBRARY_ERRORS: tuple[tuple[type[psycopg.Error], type[Exception]], ...] = (
    (psycopg.InterfaceError, LogUnavailable),
    (psycopg.OperationalError, LogUnavailable),
    (psycopg.IntegrityError, persistence.IntegrityError),
    (psycopg.ProgrammingError, persistence.ProgrammingError),
    (psycopg.Error, persistence.PersistenceError),
)


class SharedDatastore(PostgresDatastore):
    """A datastore without a pool of its own: it borrows connections from an SQLAlchemy engine."""

    def __init__(self, engine: Engine, *, schema: str, lock_timeout_s: int = 5) -> None:
        # The library's constructor opens a second pool; only these attributes are read by its recorders.
        self.engine = engine
        self.schema = schema
        self.lock_timeout = lock_timeout_s
        self.originator_id_type = "uuid"
        self.enable_db_functions = False  # it takes no lock, and followers then miss events
        self.single_row_tracking = True
        self.db_type_names = set()
        self.psycopg_type_adapters = {}
        self.psycopg_python_types = {}

    @contextmanager
    def get_connection(self) -> Iterator[Connection[DictRow]]:
        """Lend a connection in the state that the library expects, and give it back as it was."""
        try:
            pooled = self.engine.raw_connection()
        except psycopg.Error as error:  # a raw connection's errors are not SQLAlchemy's
            raise _translated(error) from error
        connection = cast("Connection[Any]", pooled.driver_connection)
        row_factory, autocommit = connection.row_factory, connection.autocommit
        try:
            connection.autocommit = True
            connection.row_factory = dict_row
            for info in self.psycopg_type_adapters.values():
                if not connection.adapters.types.get(info.oid):
                    register_composite(info, connection)
            yield connection
        except psycopg.Error as error:
            raise _translated(error) from error
        finally:
            if connection.closed:
                pooled.invalidate()
            else:
                connection.row_factory, connection.autocommit = row_factory, autocommit
            pooled.close()

    def close(self) -> None:
        """Leave the pool to the application."""


def _translated(error: psycopg.Error) -> Exception:
    kind = next(ours for theirs, ours in _LIBRARY_ERRORS if isinstance(error, theirs))
    return kind(str(error))
