"""The log in PostgreSQL, behind the port that the domain asks for."""

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

import psycopg
from eventsourcing.persistence import IntegrityError
from psycopg.sql import SQL
from sqlalchemy import Engine

from domain.events import Answer, Command, Entry
from domain.log import CommandKnown, StreamMoved
from eventlog import encoding
from eventlog.datastore import SharedDatastore
from eventlog.recorder import COMMANDS, LogRecorder
from eventlog.schema import LOG_PLACE

PAGE: Final = 2_000

_COLUMNS: Final = "originator_id, originator_version, topic, state, notification_id, recorded_at"
_STREAM: Final = SQL(
    f"SELECT {_COLUMNS} FROM {{schema}}.{{events}} WHERE originator_id = %s ORDER BY originator_version"  # noqa: S608
)
_READ: Final = SQL(
    f"SELECT {_COLUMNS} FROM {{schema}}.{{events}} WHERE notification_id > %s AND notification_id <= %s"  # noqa: S608
    " ORDER BY notification_id LIMIT %s"
)
_DONE: Final = SQL("SELECT request_sha256, stream, version FROM {schema}.{commands} WHERE key = %s")


class PostgresLog:
    """See `domain.log.Log`. Appends take a lock one after another, so positions appear in order."""

    def __init__(self, engine: Engine) -> None:
        self.recorder = LogRecorder(SharedDatastore(engine, schema=LOG_PLACE.schema))
        self._stream, self._read, self._done = (self.recorder.sql(query) for query in (_STREAM, _READ, _DONE))

    def append(self, entries: Sequence[Entry], done: tuple[Command, Answer] | None = None) -> Sequence[int]:
        """See `domain.log.Log.append`."""
        try:
            return self.recorder.append([encoding.write(entry) for entry in entries], done)
        except IntegrityError as error:
            raise (CommandKnown if _is_about_commands(error) else StreamMoved) from error

    def stream(self, identifier: UUID) -> Sequence[Entry]:
        """See `domain.log.Log.stream`."""
        return [_entry(row) for row in self._rows(self._stream, (identifier,))]

    def read(self, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
        """See `domain.log.Log.read`. Pages of bounded size, so that a long log needs no memory to match."""
        last = self.head() if upto is None else upto
        while after < last:
            rows = self._rows(self._read, (after, last, PAGE))
            if not rows:
                return
            for row in rows:
                yield _entry(row)
            after = rows[-1]["notification_id"]

    def head(self) -> int:
        """See `domain.log.Log.head`."""
        return self.recorder.max_notification_id() or 0

    def done(self, key: str) -> tuple[Command, Answer] | None:
        """See `domain.log.Log.done`."""
        for row in self._rows(self._done, (key,)):
            return Command(key, bytes(row["request_sha256"])), Answer(row["stream"], row["version"])
        return None

    def _rows(self, query: Any, values: Sequence[Any]) -> list[dict[str, Any]]:
        with self.recorder.datastore.cursor() as cursor:
            return cursor.execute(query, values, prepare=True).fetchall()


def _entry(row: dict[str, Any]) -> Entry:
    return Entry(
        stream=row["originator_id"],
        version=row["originator_version"],
        event=encoding.read(row["topic"], bytes(row["state"])),
        position=row["notification_id"],
        recorded_at=row["recorded_at"],
    )


def _is_about_commands(error: IntegrityError) -> bool:
    cause = error.__cause__
    return isinstance(cause, psycopg.errors.UniqueViolation) and cause.diag.table_name == COMMANDS
