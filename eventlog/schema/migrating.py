"""Carrying a database from one version of its tables to another, while others use it.

A statement that waits for a lock keeps everybody behind it waiting too. So a migration waits for half a second at most,
lets the others through, and tries again. Each migration is a transaction of its own; what it locks it must not keep for
long. An index on a table with rows is built with `CREATE INDEX CONCURRENTLY` in Alembic's `autocommit_block`, after
`DROP INDEX CONCURRENTLY IF EXISTS`, for a try that gave up leaves an invalid one. Whatever comes before such a block is
committed by it and done again by the next try, so it says `IF NOT EXISTS`.
"""

import time
from pathlib import Path
from typing import Any, Final

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import errors
from psycopg.sql import SQL, Identifier
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.pool import NullPool

from eventlog.schema.places import Place
from eventlog.schema.roles import act_as_owner, admit, close, create_roles

LOCK_TIMEOUT_MS: Final = 500
PAUSE_S: Final = 0.5
TURN_S: Final = 0.05
TRIES: Final = 60

_ENVIRONMENT: Final = Path(__file__).parent


class SchemaBehind(Exception):
    """The database was made by another version of the program."""


class SchemaBusy(Exception):
    """The tables were in use for so long that they could not be changed."""


def prepare(address: str, place: Place) -> None:
    """Create the database if need be, and its roles, and let nobody else in; `address` names a user who may do that."""
    _ensure_database(address)
    with psycopg.connect(address, autocommit=True) as connection:
        _take_turn(connection)
        create_roles(connection, make_url(address).password)
        admit(connection, place)
        act_as_owner(connection)


def migrate(address: str, place: Place, revision: str = "head") -> None:
    """Create the database if need be, its roles, and bring its tables to the newest version, or up to another.

    `address` names a user who may do that. Processes that come at once take turns. Raises `SchemaBusy`.
    """
    prepare(address, place)
    _change(address, place, command.upgrade, revision)


def downgrade(address: str, place: Place, revision: str) -> None:
    """Bring the tables back to an earlier version; `base` is none at all. Raises `SchemaBusy`."""
    _change(address, place, command.downgrade, revision)


def must_be_current(engine: Engine, place: Place) -> None:
    """Raise `SchemaBehind` unless the tables are of the version that this program knows."""
    found = _version(engine, place)
    if found != place.head:
        raise SchemaBehind(
            f"The database's tables are at version {found or 'none'}, and this program needs {place.head}. "
            "Run `alongside db migrate` with an address whose user may change them."
        )


def _version(engine: Engine, place: Place) -> str | None:
    with engine.connect() as connection:
        try:
            found = connection.execute(text(f"SELECT version_num FROM {place.schema}.alembic_version"))  # noqa: S608
        except ProgrammingError:
            return None
        return found.scalar_one_or_none()


def _take_turn(connection: psycopg.Connection) -> None:
    """Wait by asking again: a statement that waits keeps its snapshot, and an index built beside it waits for that."""
    while connection.execute("SELECT pg_try_advisory_lock(hashtext('alongside.migrate'))").fetchone() != (True,):
        time.sleep(TURN_S)


def _change(address: str, place: Place, action: Any, revision: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        _take_turn(connection)
        for _ in range(TRIES):
            try:
                _run(address, place, action, revision)
            except OperationalError as error:
                if not isinstance(error.orig, errors.LockNotAvailable):
                    raise
                time.sleep(PAUSE_S)
            else:
                break
        else:
            raise SchemaBusy(
                f"Others kept the tables in use through {TRIES} tries. No migration is half done; "
                "try again when there is less to do."
            )
        close(connection, place)


def _run(address: str, place: Place, action: Any, revision: str) -> None:
    engine = create_engine(make_url(address).set(drivername="postgresql+psycopg"), poolclass=NullPool)
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection), "the engine is made for psycopg"
        driver.execute(SQL("SET lock_timeout = {}").format(LOCK_TIMEOUT_MS))
        act_as_owner(driver)
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {place.schema}"))
        connection.commit()
        config = Config()
        config.set_main_option("script_location", str(_ENVIRONMENT))
        config.set_main_option("path_separator", "newline")
        config.set_main_option("version_locations", str(place.migrations))
        config.attributes.update(connection=connection, schema=place.schema)
        action(config, revision)


def _ensure_database(address: str) -> None:
    try:
        psycopg.connect(address).close()
    except psycopg.OperationalError as error:
        url = make_url(address)
        if "does not exist" not in str(error) or url.database is None:
            raise
        beside = url.set(database="postgres").render_as_string(hide_password=False)
        with psycopg.connect(beside, autocommit=True) as connection:
            try:
                connection.execute(SQL("CREATE DATABASE {}").format(Identifier(url.database)))
            except (errors.DuplicateDatabase, errors.UniqueViolation):
                return  # made meanwhile by another process
