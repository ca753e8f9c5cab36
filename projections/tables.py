"""Where read models stand: a schema that can be dropped at any time, and beside it the one that a rebuild fills."""

from hashlib import sha256
from typing import Final

from sqlalchemy import BigInteger, Column, Connection, DateTime, Dialect, Text, text
from sqlalchemy.schema import CreateIndex, CreateTable

from projections.projection import SCHEMA, metadata, table

NEXT: Final = "read_models_next"
OLD: Final = "read_models_old"
READER: Final = "alongside_reader"  # the database role that may read the tables

# A missing row means position 0, for after a crash this table is empty as all others are.
positions: Final = table(
    "positions",
    Column("projection", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("failed_position", BigInteger),
    Column("failed_at", DateTime(timezone=True)),
    Column("failure", Text),
    of="",
)

_FORM: Final = text("SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = :schema")


def ensure(connection: Connection) -> None:
    """Create the tables that are missing. Tables of another form are dropped: the log has all that was in them."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('alongside.read_models'))"))
    if connection.scalar(_FORM, {"schema": SCHEMA}) != _form(connection.dialect):
        create(connection, SCHEMA)


def create(connection: Connection, schema: str) -> None:
    """Create a schema with empty tables, in place of one that may be there."""
    drop(connection, schema)
    connection.execute(text(f"CREATE SCHEMA {schema}"))
    metadata.create_all(connection.execution_options(schema_translate_map={SCHEMA: schema}), checkfirst=False)
    connection.execute(text(f"GRANT USAGE ON SCHEMA {schema} TO {READER}"))
    connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {READER}"))
    for statement in _unsampled(schema):
        connection.execute(text(statement))
    connection.execute(text(f"COMMENT ON SCHEMA {schema} IS '{_form(connection.dialect)}'"))


def drop(connection: Connection, schema: str) -> None:
    """Drop a schema with all that is in it, if it is there."""
    connection.execute(text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))


def _unsampled(schema: str) -> list[str]:
    """Keep ANALYZE from sampling personal columns: what it samples goes to a catalogue that is logged and backed up."""
    return [
        f"ALTER TABLE {schema}.{each.name} "
        + ", ".join(f'ALTER COLUMN "{column.name}" SET STATISTICS 0' for column in personal)
        for each in metadata.sorted_tables
        if (personal := [column for column in each.c if column.info.get("personal")])
    ]


def _form(dialect: Dialect) -> str:
    """Give a digest of all that `create` says, by which tables of an earlier form are recognised."""
    said = [str(CreateTable(each).compile(dialect=dialect)) for each in metadata.sorted_tables]
    said += sorted(
        str(CreateIndex(i).compile(dialect=dialect)) for each in metadata.sorted_tables for i in each.indexes
    )
    return sha256("\n".join(said + _unsampled(SCHEMA)).encode()).hexdigest()
