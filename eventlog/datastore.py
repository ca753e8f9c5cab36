"""Lets the event-sourcing library use the application's own connection pool."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import psycopg
from eventsourcing import persistence
from eventsourcing.postgres import PostgresDatastore
from psycopg import Connection
from psycopg.rows import DictRow, dict_row
from sqlalchemy import Engine, PoolProxiedConnection
from sqlalchemy.exc import TimeoutError as PoolExhausted

from domain.log import LogUnavailable

_LIBRARY_ERRORS: tuple[tuple[type[psycopg.Error], type[Exception]], ...] = (
    (psycopg.InterfaceError, LogUnavailable),
    (psycopg.OperationalError, LogUnavailable),
    (psycopg.IntegrityError, persistence.IntegrityError),
    (psycopg.ProgrammingError, persistence.ProgrammingError),
    (psycopg.Error, persistence.PersistenceError),
)


class ConnectionLost(LogUnavailable):
    """The connection broke while it was used; what was asked may have been done."""


class SharedDatastore(PostgresDatastore):
    """A datastore without a pool of its own: it borrows connections from an SQLAlchemy engine."""

    def __init__(self, engine: Engine, *, schema: str) -> None:
        # The library's constructor opens a second pool; only these attributes are read by its recorders.
        self.engine = engine
        self.schema = schema
        self.lock_timeout = 0  # of the library's own lock, which we do not take
        self.originator_id_type = "uuid"
        self.enable_db_functions = False  # it takes no lock, and followers then miss events
        self.single_row_tracking = True
        self.db_type_names = set()
        self.psycopg_type_adapters = {}
        self.psycopg_python_types = {}

    @contextmanager
    def get_connection(self) -> Iterator[Connection[DictRow]]:
        """Lend a connection in the state that the library expects, and give it back as it was.

        Raises `ConnectionLost` if it breaks meanwhile, and then lets go of all others: they were likely lost with it.
        """
        pooled = self._borrow()
        connection = cast("Connection[Any]", pooled.driver_connection)
        row_factory, autocommit = connection.row_factory, connection.autocommit
        try:
            connection.autocommit = True
            connection.row_factory = dict_row
            yield connection
        except psycopg.Error as error:
            raise (ConnectionLost(str(error)) if connection.closed else _translated(error)) from error
        finally:
            if connection.closed:
                pooled.invalidate()
                self.engine.dispose()
            else:
                connection.row_factory, connection.autocommit = row_factory, autocommit
            pooled.close()

    def register_type_adapters(self) -> None:
        """Leave out the library's composite types, which only its own insert statements use."""

    def close(self) -> None:
        """Leave the pool to the application."""

    def _borrow(self) -> PoolProxiedConnection:
        try:
            return self.engine.raw_connection()
        except (psycopg.OperationalError, PoolExhausted) as error:
            raise LogUnavailable(str(error)) from error


def _translated(error: psycopg.Error) -> Exception:
    kind = next(ours for theirs, ours in _LIBRARY_ERRORS if isinstance(error, theirs))
    return kind(str(error))
