"""The log in PostgreSQL, behind the port that the domain asks for."""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Composed, Literal
from sqlalchemy import Engine

from domain.events import Answer, Command, Entry, Event
from eventlog.datastore import ConnectionLost, SharedDatastore
from eventlog.encoding import Damaged, Encoding, UnknownTopic
from eventlog.keys import KeyLost
from eventlog.listening import Listener
from eventlog.record import COLUMNS, Record
from eventlog.recorder import LogRecorder
from eventlog.schema import LOG_PLACE

PAGE: Final = 2_000

_STREAM: Final = SQL(
    f"SELECT {COLUMNS} FROM {{schema}}.{{events}} WHERE originator_id = %b ORDER BY originator_version"  # noqa: S608
)
_STREAMS: Final = SQL(
    f"SELECT {COLUMNS} FROM {{schema}}.{{events}} WHERE originator_id = ANY(%b::uuid[])"  # noqa: S608
    " ORDER BY originator_id, originator_version"
)
# The topics stand in the statement itself: that is how the planner knows that the index on what decides will do.
STREAMS_BUT: Final = SQL(
    f"SELECT {COLUMNS} FROM {{schema}}.{{events}}"  # noqa: S608
    " WHERE originator_id = ANY(%b::uuid[]) AND topic NOT IN ({topics})"
    " UNION ALL SELECT last.* FROM unnest(%b::uuid[]) AS asked (stream) CROSS JOIN LATERAL ("
    f"SELECT {COLUMNS} FROM {{schema}}.{{events}}"
    " WHERE originator_id = stream ORDER BY originator_version DESC LIMIT 1"
    ") AS last WHERE topic IN ({topics})"
    " ORDER BY originator_id, originator_version"
)
_READ: Final = SQL(
    f"SELECT {COLUMNS} FROM {{schema}}.{{events}} WHERE notification_id > %b AND notification_id <= %b"  # noqa: S608
    " ORDER BY notification_id LIMIT %b"
)
_HEAD: Final = SQL("SELECT coalesce(max(notification_id), 0) FROM {schema}.{events}")
_RECORDED: Final = SQL("SELECT recorded_at FROM {schema}.{events} WHERE notification_id = %b")
_DONE: Final = SQL("SELECT request_sha256, stream, version FROM {schema}.{commands} WHERE key = %b")

Row = tuple[Any, ...]


class PostgresLog:
    """See `domain.log.Log`. Appends take a lock one after another, so positions appear in order.

    The engine need not try its connections before it lends them: reading takes another if one was lost, and appending
    finds out what became of what it asked.
    """

    def __init__(self, engine: Engine, encoding: Encoding) -> None:
        self._encoding = encoding
        self.recorder = LogRecorder(SharedDatastore(engine, schema=LOG_PLACE.schema))
        self._listener = Listener(engine, self.head)
        self._stream, self._streams, self._read, self._head, self._recorded, self._done = (
            self.recorder.sql(query) for query in (_STREAM, _STREAMS, _READ, _HEAD, _RECORDED, _DONE)
        )

    def append(self, entries: Sequence[Entry], done: tuple[Command, Answer] | None = None) -> Sequence[int]:
        """See `domain.log.Log.append`."""
        if not entries:
            raise ValueError("An append has at least one entry.")
        return self.recorder.append(self._encoding.write(entries), done)

    def stream(self, identifier: UUID) -> Sequence[Entry]:
        """See `domain.log.Log.stream`."""
        return self._entries(self._rows(self._stream, identifier))

    def streams(
        self, identifiers: Collection[UUID], but: Collection[type[Event]] = ()
    ) -> Mapping[UUID, Sequence[Entry]]:
        """See `domain.log.Log.streams`. One round trip for all of them."""
        found: dict[UUID, list[Entry]] = {identifier: [] for identifier in identifiers}
        asked = list(found)
        if but:
            topics = SQL(", ").join(Literal(topic) for topic in sorted(kind.TOPIC for kind in but))
            rows = self._rows(self.recorder.sql(STREAMS_BUT, topics=topics), asked, asked)
        else:
            rows = self._rows(self._streams, asked)
        for entry in self._entries(rows):
            found[entry.stream].append(entry)
        return found

    def read(self, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
        """See `domain.log.Log.read`. Pages of bounded size, so that a long log needs no memory to match."""
        last = self.head() if upto is None else upto
        while after < last:
            rows = self._rows(self._read, after, last, PAGE)
            if not rows:
                return
            yield from self._readable(rows)
            after = rows[-1][0]

    def head(self) -> int:
        """See `domain.log.Log.head`."""
        ((head,),) = self._rows(self._head)
        return int(head)

    def wait(self, after: int, timeout_s: float) -> int:
        """See `domain.log.Log.wait`."""
        return self._listener.wait(after, timeout_s)

    def position_at(self, instant: datetime) -> int:
        """See `domain.log.Log.position_at`. Times of recording rise with positions, so it need not read them all."""
        return bisect_right(range(1, self.head() + 1), instant, key=self._recorded_at)

    def done(self, key: str) -> tuple[Command, Answer] | None:
        """See `domain.log.Log.done`."""
        for request_sha256, stream, version in self._rows(self._done, key):
            return Command(key, request_sha256), Answer(stream, version)
        return None

    def close(self) -> None:
        """See `domain.log.Log.close`. The engine is not the log's to close."""
        self._listener.close()

    def _readable(self, rows: Sequence[Row]) -> Iterator[Entry]:
        """Give the entries of a page; of one with an event that cannot be read, those before it, then say why."""
        try:
            entries = self._entries(rows)
        except (Damaged, KeyLost, UnknownTopic, msgspec.DecodeError):
            for row in rows:
                yield from self._entries([row])
        else:
            yield from entries

    def _entries(self, rows: Sequence[Row]) -> list[Entry]:
        return self._encoding.read([Record(*row) for row in rows])

    def _recorded_at(self, position: int) -> datetime:
        ((recorded_at,),) = self._rows(self._recorded, position)
        assert isinstance(recorded_at, datetime), "the column is not null"
        return recorded_at

    def _rows(self, query: Composed, *values: Any) -> list[Row]:
        """Read once more if the connection was lost: unlike appending, that changes nothing."""
        try:
            return self._rows_once(query, values)
        except ConnectionLost:
            return self._rows_once(query, values)

    def _rows_once(self, query: Composed, values: Sequence[Any]) -> list[Row]:
        with (
            self.recorder.datastore.get_connection() as connection,
            connection.cursor(binary=True, row_factory=tuple_row) as cursor,
        ):
            return cursor.execute(query, values, prepare=True).fetchall()
