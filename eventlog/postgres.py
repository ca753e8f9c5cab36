"""The log in PostgreSQL, behind the port that the domain asks for."""

from collections.abc import Iterator, Sequence
from time import monotonic
from typing import Any, Final
from uuid import UUID

import psycopg
from eventsourcing.persistence import IntegrityError
from psycopg.sql import SQL
from sqlalchemy import Engine

from domain.events import Answer, Command, Entry
from domain.log import CommandKnown, StreamMoved
from eventlog.datastore import SharedDatastore
from eventlog.encoding import Encoding
from eventlog.listening import Listener
from eventlog.record import Record
from eventlog.recorder import COMMANDS, LogRecorder
from eventlog.schema import LOG_PLACE

PAGE: Final = 2_000

_COLUMNS: Final = "notification_id, originator_id, originator_version, topic, recorded_at, event_id, state"
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

    def __init__(self, engine: Engine, encoding: Encoding) -> None:
        self._encoding = encoding
        self.recorder = LogRecorder(SharedDatastore(engine, schema=LOG_PLACE.schema))
        self._listener = Listener(engine)
        self._stream, self._read, self._done = (self.recorder.sql(query) for query in (_STREAM, _READ, _DONE))

    def append(self, entries: Sequence[Entry], done: tuple[Command, Answer] | None = None) -> Sequence[int]:
        """See `domain.log.Log.append`."""
        try:
            return self.recorder.append(self._encoding.write(entries), done)
        except IntegrityError as error:
            raise (CommandKnown if _is_about_commands(error) else StreamMoved) from error

    def stream(self, identifier: UUID) -> Sequence[Entry]:
        """See `domain.log.Log.stream`."""
        return self._encoding.read([_record(row) for row in self._rows(self._stream, (identifier,))])

    def read(self, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
        """See `domain.log.Log.read`. Pages of bounded size, so that a long log needs no memory to match."""
        last = self.head() if upto is None else upto
        while after < last:
            rows = self._rows(self._read, (after, last, PAGE))
            if not rows:
                return
            yield from self._encoding.read([_record(row) for row in rows])
            after = rows[-1]["notification_id"]

    def head(self) -> int:
        """See `domain.log.Log.head`."""
        return self.recorder.max_notification_id() or 0

    def wait(self, after: int, timeout_s: float) -> int:
        """See `domain.log.Log.wait`. Raises `LogUnavailable` if the connection is lost; the next call makes another."""
        deadline = monotonic() + timeout_s
        with self._listener.listening(timeout_s) as heard:
            while (head := self.head()) <= after and (left := deadline - monotonic()) > 0:
                heard(left)
        return head

    def done(self, key: str) -> tuple[Command, Answer] | None:
        """See `domain.log.Log.done`."""
        for row in self._rows(self._done, (key,)):
            return Command(key, bytes(row["request_sha256"])), Answer(row["stream"], row["version"])
        return None

    def _rows(self, query: Any, values: Sequence[Any]) -> list[dict[str, Any]]:
        with self.recorder.datastore.cursor() as cursor:
            return cursor.execute(query, values, prepare=True).fetchall()


def _record(row: dict[str, Any]) -> Record:
    return Record(*row.values())


def _is_about_commands(error: IntegrityError) -> bool:
    cause = error.__cause__
    return isinstance(cause, psycopg.errors.UniqueViolation) and cause.diag.table_name == COMMANDS
