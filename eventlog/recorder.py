"""The library's recorder over our own tables: what it reads is the same, what it appends goes through our function."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from eventsourcing.persistence import IntegrityError, PersistenceError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Composable, Composed, Identifier

from domain.events import Answer, Command
from domain.log import CommandKnown, LogUnavailable, StreamMoved
from eventlog.datastore import ConnectionLost, SharedDatastore
from eventlog.group import NOT_KNOWN, Append, GroupCommit, Outcome

EVENTS: Final = "events"
COMMANDS: Final = "commands"
CHANNEL: Final = "eventlog"

DOUBT_S: Final = 10.0
_SHORTEST_PAUSE_S: Final = 0.01
_LONGEST_PAUSE_S: Final = 0.5

_APPEND: Final = SQL(
    "SELECT append, verdict, first FROM {schema}.append("
    "%b::uuid[], %b::bigint[], %b::text[], %b::bytea[], %b::uuid[], %b::int[],"
    " %b::text[], %b::bytea[], %b::uuid[], %b::bigint[], %b::int[])"
)

Refusals = Mapping[str, Callable[[], Exception]]

_REFUSALS: Final[Refusals] = MappingProxyType({"known": CommandKnown, "moved": StreamMoved, "ahead": StreamMoved})
_REFUSALS_IN_DOUBT: Final[Refusals] = MappingProxyType({**_REFUSALS, "ahead": partial(LogUnavailable, NOT_KNOWN)})


class LogRecorder(PostgresApplicationRecorder):
    """Appends events and the commands that led to them through the database's own function."""

    datastore: SharedDatastore

    def __init__(self, datastore: SharedDatastore) -> None:
        super().__init__(datastore, events_table_name=EVENTS)
        self.channel_name = CHANNEL
        self._append = self.sql(_APPEND)
        self._group = GroupCommit(self.decide)

    def sql(self, template: SQL, **others: Composable) -> Composed:
        """Fill the names of this log's schema and tables into a statement, and whatever else it leaves open."""
        return template.format(
            schema=Identifier(self.datastore.schema), events=Identifier(EVENTS), commands=Identifier(COMMANDS), **others
        )

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """See `append`; a refusal is the `IntegrityError` that the library knows."""
        if not stored_events:
            return []
        try:
            return self.append(stored_events, **kwargs)
        except (StreamMoved, CommandKnown) as error:
            raise IntegrityError(type(error).__name__) from error

    def append(self, events: Sequence[StoredEvent], done: tuple[Command, Answer] | None = None) -> Sequence[int]:
        """Store all events, and the command, or nothing; give the positions. See `domain.log.Log.append`."""
        return self._group.submit(Append(events, _event_ids(len(events)), done))

    def decide(self, group: Sequence[Append]) -> Sequence[Outcome]:
        """Store those appends of a group that can be, and say of each what came of it.

        What the server refuses as a whole goes again one by one, so that only who caused it hears of it.
        """
        try:
            return self._ask(group)
        except ConnectionLost:
            return self._ask_again(group)
        except LogUnavailable as error:
            return [LogUnavailable(str(error)) for _ in group]
        except Exception as error:  # noqa: BLE001 - whatever it is, it is for the caller whose append it is about
            if len(group) == 1:
                return [error]
        return [outcome for append in group for outcome in self.decide([append])]

    def _ask_again(self, group: Sequence[Append]) -> Sequence[Outcome]:
        """Find out what became of a group whose answer was lost, by asking for the same again.

        The function knows rows by their event ids, so it stores an append once however often it is asked for, and the
        answer is right wherever the first request is meanwhile:

        - It was done: the function finds its rows and gives their positions.
        - It never arrived: the appends are decided now.
        - It is still running, for a server notices a lost client only when it answers. It holds the lock, or waits for
          it in front of us, so we are decided after it; if that takes longer than `lock_timeout`, we ask once more.
        - It arrives after we were answered, from some buffer on the way. What we had stored it finds by the ids. What
          we were refused stays refused, as streams only grow and keys are never forgotten. An append that was refused
          as ahead of its stream is the exception: the stream may grow up to it. So nothing is known of that one.

        Whatever else goes wrong on the way leaves the doubt, until `DOUBT_S` are over.
        """
        deadline = time.monotonic() + DOUBT_S
        pause = _SHORTEST_PAUSE_S
        while True:
            try:
                outcomes = self._ask(group, _REFUSALS_IN_DOUBT)
            except (LogUnavailable, PersistenceError):
                if time.monotonic() > deadline:
                    return [LogUnavailable(NOT_KNOWN) for _ in group]
            else:
                return outcomes
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_S)

    def _ask(self, group: Sequence[Append], refusals: Refusals = _REFUSALS) -> Sequence[Outcome]:
        """Send a group to the database's function: one round trip, and one transaction."""
        values = _values(group)
        with self.datastore.get_connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
            verdicts = cursor.execute(self._append, values, prepare=True, binary=True).fetchall()
        outcomes: list[Outcome] = [LogUnavailable(NOT_KNOWN)] * len(group)
        for number, verdict, first in verdicts:
            length = len(group[number].events)
            outcomes[number] = range(first, first + length) if verdict == "stored" else refusals[verdict]()
        return outcomes


def _event_ids(number: int) -> list[UUID]:
    """Give so many random ids: what `uuid4` does for each, with one call to the operating system."""
    random = os.urandom(16 * number)
    return [UUID(bytes=random[start : start + 16], version=4) for start in range(0, 16 * number, 16)]


def _values(group: Sequence[Append]) -> Sequence[list[Any] | None]:
    """Give the arguments of the function: an array for each field of the events, then of the commands, if any."""
    events = [(number, event) for number, append in enumerate(group) for event in append.events]
    commands = [(number, *append.done) for number, append in enumerate(group) if append.done is not None]
    values: tuple[list[Any], ...] = (
        [event.originator_id for _, event in events],
        [event.originator_version for _, event in events],
        [event.topic for _, event in events],
        [event.state for _, event in events],
        [event_id for append in group for event_id in append.event_ids],
        [number for number, _ in events],
        [command.key for _, command, _ in commands],
        [command.request_sha256 for _, command, _ in commands],
        [answer.stream for _, _, answer in commands],
        [answer.version for _, _, answer in commands],
        [number for number, _, _ in commands],
    )
    return [value or None for value in values]
