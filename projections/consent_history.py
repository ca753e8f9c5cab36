"""What did a person consent to, when, and which acts relied on it?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, Connection, DateTime, Integer, Text, Uuid, select
from sqlalchemy import insert as insert_into
from sqlalchemy.dialects.postgresql import ARRAY, insert

from domain.consent import ConsentLedger
from domain.events import Entry
from projections.projection import Change, Projection

projection = Projection("consent-history")

consent_events = projection.table(
    "consent_events",
    Column("position", BigInteger, primary_key=True),
    Column("person_id", Uuid, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("purposes", ARRAY(Text), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True)),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("by", Text, nullable=False),
    Column("method", Text),
    Column("act", Text),
    Column("reference", Uuid),
)
consent_states = projection.table(
    "consent_states",
    Column("person_id", Uuid, primary_key=True),
    Column("purpose", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True)),
)


@dataclass(frozen=True)
class ConsentEvent:
    """One line of a person's consent history; `kind` is granted, refused, withdrawn or relied on."""

    position: int
    version: int
    kind: str
    purposes: list[str]
    at: datetime
    expires_at: datetime | None
    recorded_at: datetime
    by: str
    method: str | None
    act: str | None
    reference: UUID | None


_add = insert_into(consent_events)
_put = insert(consent_states)
_set = _put.on_conflict_do_update(
    index_elements=["person_id", "purpose"],
    set_={"state": _put.excluded.state, "expires_at": _put.excluded.expires_at},
)


def _line(entry: Entry, kind: str, purposes: list[str], **more: object) -> Change:
    event = entry.event
    assert isinstance(
        event, ConsentLedger.Granted | ConsentLedger.Refused | ConsentLedger.Withdrawn | ConsentLedger.ReliedOn
    )
    blank = {"expires_at": None, "method": None, "act": None, "reference": None}
    return _add, {
        **blank,
        "position": entry.position,
        "person_id": event.person_id,
        "version": entry.version,
        "kind": kind,
        "purposes": purposes,
        "at": event.at,
        "recorded_at": entry.recorded_at,
        "by": event.by,
        **more,
    }


def _state(person: UUID, purpose: str, state: str, expires_at: datetime | None = None) -> Change:
    return _set, {"person_id": person, "purpose": purpose, "state": state, "expires_at": expires_at}


@projection.on(ConsentLedger.Granted)
def _(entry: Entry, event: ConsentLedger.Granted) -> Iterable[Change]:
    yield _line(entry, "granted", [event.purpose], expires_at=event.expires_at, method=event.method)
    yield _state(event.person_id, event.purpose, "granted", event.expires_at)


@projection.on(ConsentLedger.Refused)
def _(entry: Entry, event: ConsentLedger.Refused) -> Iterable[Change]:
    yield _line(entry, "refused", [event.purpose], method=event.method)
    yield _state(event.person_id, event.purpose, "refused")


@projection.on(ConsentLedger.Withdrawn)
def _(entry: Entry, event: ConsentLedger.Withdrawn) -> Iterable[Change]:
    yield _line(entry, "withdrawn", [event.purpose], method=event.method)
    yield _state(event.person_id, event.purpose, "withdrawn")


@projection.on(ConsentLedger.ReliedOn)
def _(entry: Entry, event: ConsentLedger.ReliedOn) -> Iterable[Change]:
    purposes = [str(reliance.purpose) for reliance in event.consents]
    yield _line(entry, "relied on", purposes, act=event.act, reference=event.reference)


def history(connection: Connection, person: UUID) -> list[ConsentEvent]:
    """Give a person's consent history in the order of the log."""
    columns = [column for column in consent_events.c if column.name != "person_id"]
    query = select(*columns).where(consent_events.c.person_id == person).order_by(consent_events.c.position)
    return [ConsentEvent(*row) for row in connection.execute(query)]
