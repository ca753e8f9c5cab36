"""The library's locked recorder, with the time of recording and the commands that were done."""

from collections.abc import Sequence
from typing import Any, Final

from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder
from psycopg import Cursor
from psycopg.rows import DictRow
from psycopg.sql import SQL, Composed, Identifier

from domain.events import Answer, Command
from eventlog.datastore import SharedDatastore
from eventlog.listening import CHANNEL

EVENTS: Final = "events"
COMMANDS: Final = "commands"

_CREATE_SCHEMA: Final = SQL("CREATE SCHEMA IF NOT EXISTS {schema}")
# `clock_timestamp()` is read when the row is written, under the lock: the times rise with the positions.
_CREATE_EVENTS: Final = SQL(
    """
    CREATE TABLE IF NOT EXISTS {schema}.{events} (
        originator_id uuid NOT NULL,
        originator_version bigint NOT NULL,
        topic text NOT NULL,
        state bytea NOT NULL,
        notification_id bigserial NOT NULL,
        recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (originator_id, originator_version)
    )
    """
)
_CREATE_COMMANDS: Final = SQL(
    """
    CREATE TABLE IF NOT EXISTS {schema}.{commands} (
        key text PRIMARY KEY,
        request_sha256 bytea NOT NULL,
        stream uuid NOT NULL,
        version bigint NOT NULL,
        recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )
    """
)
_INSERT_COMMAND: Final = SQL(
    "INSERT INTO {schema}.{commands} (key, request_sha256, stream, version) VALUES (%s, %s, %s, %s)"
)


class LogRecorder(PostgresApplicationRecorder):
    """Appends events and the command that led to them in one transaction, under the table lock."""

    datastore: SharedDatastore

    def __init__(self, datastore: SharedDatastore) -> None:
        super().__init__(datastore, events_table_name=EVENTS)
        self.channel_name = CHANNEL
        self.sql_create_statements[self.create_table_statement_index] = self.sql(_CREATE_EVENTS)
        # The library's insert function takes no lock and loses events for followers: it is not even created.
        del self.sql_create_statements[self.create_insert_function_statement_index]
        self.sql_create_statements.insert(0, self.sql(_CREATE_SCHEMA))
        self.sql_create_statements.append(self.sql(_CREATE_COMMANDS))
        self._insert_command = self.sql(_INSERT_COMMAND)

    def sql(self, template: SQL) -> Composed:
        """Fill the names of this log's schema and tables into a statement."""
        return template.format(
            schema=Identifier(self.datastore.schema), events=Identifier(EVENTS), commands=Identifier(COMMANDS)
        )

    def create_table(self) -> None:
        """Create what is missing; the schema first, because the library makes its types before its tables."""
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute(self.sql(_CREATE_SCHEMA))
        super().create_table()

    def insert_once(self, events: Sequence[StoredEvent], done: tuple[Command, Answer] | None) -> Sequence[int]:
        """Insert as the library does, but for two things that it does around its statements.

        It retries, and after a lost answer a retry reports its own rows as a conflict. It pipelines, and over a Unix
        socket psycopg's pipeline waits for ever once the rows of one insert outgrow the socket's buffer.
        """
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_events(cursor, events, done=done)
            self._insert_stored_events(cursor, events)
            return self._fetch_ids_after_insert_events(cursor, events) or ()

    def _insert_events(
        self,
        curs: Cursor[DictRow],
        stored_events: Sequence[StoredEvent],
        *,
        done: tuple[Command, Answer] | None = None,
        **kwargs: Any,
    ) -> None:
        super()._insert_events(curs, stored_events, **kwargs)
        if done is not None:
            command, answer = done
            values = (command.key, command.request_sha256, answer.stream, answer.version)
            curs.execute(self._insert_command, values)
