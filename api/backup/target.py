"""Where something is restored to: is there anything that must not be lost, and how is room made or given back?"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from api.backup.refused import BackupRefused
from api.databases import Databases
from api.erasures import Erasure
from eventlog.schema import KEYS_PLACE, Place, Role, act_as_owner
from projections.projection import SCHEMA
from projections.tables import NEXT, OLD

READ_MODELS: Final = (SCHEMA, NEXT, OLD)
LOCK_TIMEOUT: Final = "5s"

_TABLES: Final = """
    SELECT nspname, relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind IN ('r', 'p') AND nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%%'
    AND NOT nspname = ANY(%s) ORDER BY 1, 2
"""


def refuse_foreign(address: str, place: Place) -> None:
    """Raise `BackupRefused` if there is such a database and it holds tables of something else."""
    try:
        connection = psycopg.connect(address)
    except psycopg.OperationalError as error:
        if "does not exist" in str(error):
            return  # it will be made
        raise
    with connection:
        for schema, table in _tables(connection):
            if schema != place.schema:
                raise BackupRefused(
                    f"The database {connection.info.dbname} holds tables of something else, such as {schema}.{table}."
                )


def make_room(databases: Databases, place: Place) -> list[Erasure]:
    """Remove empty tables and read models; give those whom the database knows as erased.

    Raises `BackupRefused`, and has changed nothing, if there are rows.
    """
    with psycopg.connect(databases.address(place)) as connection:
        act_as_owner(connection)
        connection.execute(SQL("SET LOCAL lock_timeout = {}").format(LOCK_TIMEOUT))
        erased = _refuse_rows(connection, place, [table for _, table in _tables(connection)])
        _drop(connection, place)
    if place != KEYS_PLACE:
        _drop_read_models(databases)
    return erased


@contextmanager
def removed_on_failure(databases: Databases, place: Place) -> Iterator[None]:
    """Take what was restored away again if it is not what it should be."""
    try:
        yield
    except BaseException:
        with psycopg.connect(databases.address(place)) as connection:
            act_as_owner(connection)
            _drop(connection, place)
        raise


def _refuse_rows(connection: Connection[Any], place: Place, tables: list[str]) -> list[Erasure]:
    erased: list[Erasure] = []
    for table in tables:
        if table == "alembic_version":
            continue
        name = SQL("{}.{}").format(Identifier(place.schema), Identifier(table))
        connection.execute(SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(name))
        living = SQL("")
        if (place, table) == (KEYS_PLACE, "subject_keys"):
            marks = connection.execute("SELECT subject_id, erased_at FROM keys.subject_keys WHERE wrapped IS NULL")
            erased = [Erasure(person, at) for person, at in marks]
            living = SQL("WHERE wrapped IS NOT NULL")
        if connection.execute(SQL("SELECT FROM {} {} LIMIT 1").format(name, living)).rowcount:
            raise BackupRefused(
                f"The database {connection.info.dbname} is not empty: {place.schema}.{table} has rows. "
                "Name another one, which will be created, in the settings."
            )
    return erased


def _tables(connection: Connection[Any]) -> list[tuple[str, str]]:
    return [(schema, table) for schema, table in connection.execute(_TABLES, [list(READ_MODELS)])]


def _drop(connection: Connection[Any], place: Place) -> None:
    connection.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(place.schema)))


def _drop_read_models(databases: Databases) -> None:
    names = SQL(", ").join(Identifier(name) for name in READ_MODELS)
    with psycopg.connect(databases.entrance(Role.PROJECTOR)) as connection:
        connection.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(names))
