"""What is in a database? How much, and one hash that stands for it: equal hashes, equal contents."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, LiteralString

import msgspec
from psycopg import Connection

from api.backup.manifest import BackupDamaged
from eventlog.record import EVERY_RECORD, Record
from eventlog.schema import LOG_PLACE, Place
from eventlog.transparency.leaf import root_of

_PAGE: Final = 2_000
_KEYS: Final = "SELECT subject_id, master, wrapped, erased_at FROM keys.subject_keys ORDER BY subject_id"
_RETIRED: Final = 'SELECT name FROM keys.retired_masters ORDER BY name COLLATE "C"'


@dataclass(frozen=True)
class Contents:
    """The version of the tables, the number of events or of people, and the root, in hexadecimal.

    The log's root is that of the Merkle tree over its events. That of the keys is the SHA-256 of a line of JSON for
    each person, by their ids, and one for each master key that was retired, by its name.
    """

    schema_version: str
    size: int
    root: str


def contents(connection: Connection[Any], place: Place) -> Contents:
    """Read a database through to its end; raise `BackupDamaged` if the log misses a position."""
    version = _one(connection, f"SELECT version_num FROM {place.schema}.alembic_version")  # noqa: S608
    counted = _Counted()
    root = root_of(counted.records(connection)) if place == LOG_PLACE else counted.keys(connection)
    return Contents(str(version), counted.number, root.hex())


class _Counted:
    """Reads rows page by page, and knows how many there were."""

    number = 0

    def records(self, connection: Connection[Any]) -> Iterator[Record]:
        for row in self._rows(connection, EVERY_RECORD):
            record = Record(*row)
            if record.position != self.number:
                raise BackupDamaged(f"The log misses position {self.number}: {record.position} comes in its place.")
            yield record

    def keys(self, connection: Connection[Any]) -> bytes:
        hashed = hashlib.sha256()
        for row in self._rows(connection, _KEYS):
            hashed.update(msgspec.json.encode(row) + b"\n")
        for name in connection.execute(_RETIRED):
            hashed.update(msgspec.json.encode(name) + b"\n")
        return hashed.digest()

    def _rows(self, connection: Connection[Any], query: LiteralString) -> Iterator[tuple[Any, ...]]:
        connection.execute("SET TIME ZONE 'UTC'")
        with connection.cursor(name="contents", binary=True) as cursor:
            cursor.itersize = _PAGE
            cursor.execute(query)
            for row in cursor:
                self.number += 1
                yield row


def newest_checkpoint(connection: Connection[Any]) -> str | None:
    """Give the newest signed checkpoint that the database holds, none if it holds none."""
    if _one(connection, "SELECT to_regclass('eventlog.checkpoints')") is None:
        return None
    found = _one(connection, "SELECT note FROM eventlog.checkpoints ORDER BY size DESC LIMIT 1")
    return None if found is None else str(found)


def _one(connection: Connection[Any], query: str) -> Any:
    row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None
