"""The event-sourcing library's own way to fill a table: one event, one transaction. The peer of our projector."""

from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier

PATIENCE_S = 600
SAVED_AT_ONCE = 500


class Ledger(Aggregate):
    """A person's consents, as small as ours are in the log."""

    @event("Granted")
    def grant(self, person: UUID, purpose: str) -> None:
        """Note a grant."""
        self.last = person, purpose


class Consents(Application[UUID]):
    """Keeps ledgers."""


class History(PostgresTrackingRecorder):
    """The table of a consent history."""

    def __init__(self, datastore: Any, **kwargs: Any) -> None:
        super().__init__(datastore, **kwargs)
        names = {"schema": Identifier(self.datastore.schema)}
        self.sql_create_statements.append(
            SQL(
                "CREATE TABLE IF NOT EXISTS {schema}.consents"
                " (position bigint PRIMARY KEY, person_id uuid NOT NULL, purpose text NOT NULL)"
            ).format(**names)
        )
        self.insert = SQL("INSERT INTO {schema}.consents VALUES (%s, %s, %s)").format(**names)

    def add(self, tracking: Tracking, person: UUID, purpose: str) -> None:
        """Add a line and note the position, in one transaction."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(self.insert, (tracking.notification_id, person, purpose), prepare=True)


class ConsentHistory(Projection[History]):
    """Adds a line for each grant."""

    name = "consents"

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        """Carry one event over."""
        self.view.add(tracking, getattr(domain_event, "person", uuid4()), getattr(domain_event, "purpose", ""))


def seconds_of_runner(url: str, events: int) -> float:
    """How long the runner takes to carry so many events over."""
    address = conninfo_to_dict(url)
    environment = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(address["dbname"]),
        "POSTGRES_HOST": str(address["host"]),
        "POSTGRES_PORT": str(address.get("port", 5432)),
        "POSTGRES_USER": str(address["user"]),
        "POSTGRES_PASSWORD": str(address.get("password", "")),
    }
    application = Consents(environment)
    for _ in range(0, events, SAVED_AT_ONCE):
        ledger = Ledger()
        for _ in range(SAVED_AT_ONCE - 1):
            ledger.grant(uuid4(), "MATCH-CONSIDER")
        application.save(ledger)
    last = application.recorder.max_notification_id()
    application.close()
    began = perf_counter()
    with ProjectionRunner(
        application_class=Consents, projection_class=ConsentHistory, view_class=History, env=environment
    ) as runner:
        runner.wait(last, timeout=PATIENCE_S)
        return perf_counter() - began
