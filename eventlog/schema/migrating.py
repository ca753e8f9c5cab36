"""Carrying a database from one version of its tables to another."""

from pathlib import Path
from typing import Any, Final

import psycopg
from alembic import command
from alembic.config import Config
from psycopg.sql import SQL, Identifier
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool

from eventlog.schema.places import Place
from eventlog.schema.roles import act_as_owner, admit, create_roles

_ENVIRONMENT: Final = Path(__file__).parent


class SchemaBehind(Exception):
    """The database was made by another version of the program."""


def migrate(address: str, place: Place) -> None:
    """Create the database if need be, its roles, and bring its tables to the newest version.

    `address` names a user who may do that. Processes that come at once take turns.
    """
    _ensure_database(address)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext('alongside.migrate'))")
        create_roles(connection, make_url(address).password)
        admit(connection, place)
        _run(address, place, command.upgrade, "head")


def downgrade(address: str, place: Place, revision: str) -> None:
    """Bring the tables back to an earlier version; `base` is none at all."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext('alongside.migrate'))")
        _run(address, place, command.downgrade, revision)


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
        return str(found.scalar_one())


def _run(address: str, place: Place, action: Any, revision: str) -> None:
    engine = create_engine(make_url(address).set(drivername="postgresql+psycopg"), poolclass=NullPool)
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection), "the engine is made for psycopg"
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
            connection.execute(SQL("CREATE DATABASE {}").format(Identifier(url.database)))
