"""Where the sealed tree is kept: the tables of tiles and checkpoints."""

from typing import Final

from sqlalchemy import Connection, text

TILES: Final = """
    CREATE TABLE IF NOT EXISTS eventlog.tiles (
        level smallint NOT NULL,
        index bigint NOT NULL,
        hashes bytea NOT NULL CHECK (octet_length(hashes) BETWEEN 32 AND 8192 AND octet_length(hashes) % 32 = 0),
        PRIMARY KEY (level, index)
    )
"""
CHECKPOINTS: Final = """
    CREATE TABLE IF NOT EXISTS eventlog.checkpoints (
        size bigint PRIMARY KEY CHECK (size > 0),
        note text NOT NULL,
        made_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )
"""
PLAIN_TILES: Final = "ALTER TABLE eventlog.tiles ALTER COLUMN hashes SET STORAGE EXTERNAL"
"""Hashes do not compress, so trying to would be lost time."""


def create(connection: Connection) -> None:
    """Create the tables that are missing, in the schema of the log."""
    for statement in ("CREATE SCHEMA IF NOT EXISTS eventlog", TILES, CHECKPOINTS, PLAIN_TILES):
        connection.execute(text(statement))
