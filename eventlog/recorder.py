"""The library's recorder over our own tables: what it reads is the same, what it appends goes in one round trip."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import uuid4

from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder
from psycopg.sql import SQL, Composed, Identifier

from domain.events import Answer, Command
from eventlog.datastore import SharedDatastore
from eventlog.listening import CHANNEL

EVENTS: Final = "events"
COMMANDS: Final = "commands"

_APPEND: Final = SQL(
    "SELECT {schema}.append(%b::uuid[], %b::bigint[], %b::text[], %b::bytea[], %b::uuid[], %b, %b, %b, %b) AS head"
)


class LogRecorder(PostgresApplicationRecorder):
    """Appends events and the command that led to them through the database's own function."""

    datastore: SharedDatastore

    def __init__(self, datastore: SharedDatastore) -> None:
        super().__init__(datastore, events_table_name=EVENTS)
        self.channel_name = CHANNEL

    def sql(self, template: SQL) -> Composed:
        """Fill the names of this log's schema and tables into a statement."""
        return template.format(
            schema=Identifier(self.datastore.schema), events=Identifier(EVENTS), commands=Identifier(COMMANDS)
        )

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """See `append`."""
        return self.append(stored_events, **kwargs)

    def append(self, events: Sequence[StoredEvent], done: tuple[Command, Answer] | None = None) -> Sequence[int]:
        """Store all events, and the command, or nothing; give the positions.

        Without the library's retry: after a lost answer it reports its own rows as a conflict.
        """
        command, answer = done or (None, None)
        values = (
            [event.originator_id for event in events],
            [event.originator_version for event in events],
            [event.topic for event in events],
            [event.state for event in events],
            [uuid4() for _ in events],
            command and command.key,
            command and command.request_sha256,
            answer and answer.stream,
            answer and answer.version,
        )
        with self.datastore.get_connection() as connection:
            row = connection.execute(self.sql(_APPEND), values, prepare=True).fetchone()
            assert row is not None, "a function gives its value"
            return range(row["head"] + 1, row["head"] + 1 + len(events))
