"""What waits for a second person: who may speak for somebody, and what is to be told in an emergency?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Connection, DateTime, Text, Uuid, bindparam, delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from domain.consent import ConsentLedger
from domain.events import Entry
from projections.mentor_directory import mentors
from projections.projection import Change, Projection
from projections.waiting_list import members

projection = Projection("second_person")

waiting = projection.table(
    "waits_for_second_person",
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("person_id", Uuid, nullable=False, index=True),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("requested_by", Text, nullable=False),
)

STANDING = "standing"
EMERGENCY = "emergency"


@dataclass(frozen=True)
class Waiting:
    """A request that waits for a second person, by the handles of whom it is about."""

    id: UUID
    kind: str
    person_id: UUID
    handles: list[str]
    requested_at: datetime
    requested_by: str


_ask = insert(waiting).on_conflict_do_nothing()
_settle = delete(waiting).where(waiting.c.id == bindparam("one"))
_forget = delete(waiting).where(waiting.c.person_id == bindparam("person"))


@projection.on(ConsentLedger.StandingRequested)
def _(_: Entry, event: ConsentLedger.StandingRequested) -> Iterable[Change]:
    asked = {"requested_at": event.at, "requested_by": event.by}
    yield _ask, {"id": event.standing_id, "kind": STANDING, "person_id": event.person_id, **asked}


@projection.on(ConsentLedger.EmergencyRequested)
def _(_: Entry, event: ConsentLedger.EmergencyRequested) -> Iterable[Change]:
    asked = {"requested_at": event.at, "requested_by": event.by}
    yield _ask, {"id": event.emergency_id, "kind": EMERGENCY, "person_id": event.person_id, **asked}


@projection.on(ConsentLedger.StandingConfirmed)
def _(_: Entry, event: ConsentLedger.StandingConfirmed) -> Iterable[Change]:
    yield _settle, {"one": event.standing_id}


@projection.on(ConsentLedger.StandingEnded)
def _(_: Entry, event: ConsentLedger.StandingEnded) -> Iterable[Change]:
    yield _settle, {"one": event.standing_id}


@projection.on(ConsentLedger.EmergencyDisclosed)
def _(_: Entry, event: ConsentLedger.EmergencyDisclosed) -> Iterable[Change]:
    yield _settle, {"one": event.emergency_id}


@projection.on(ConsentLedger.EmergencyCancelled)
def _(_: Entry, event: ConsentLedger.EmergencyCancelled) -> Iterable[Change]:
    yield _settle, {"one": event.emergency_id}


@projection.on(ConsentLedger.Erased)
def _(_: Entry, event: ConsentLedger.Erased) -> Iterable[Change]:
    yield _forget, {"person": event.person_id}


def waits(connection: Connection, programme_id: UUID) -> list[Waiting]:
    """Give what waits for a second person in a programme, emergencies before all else, then the first asked first."""
    query = (
        select(waiting, members.c.handle.label("member"), mentors.c.handle.label("mentor"))
        .outerjoin(members, members.c.person_id == waiting.c.person_id)
        .outerjoin(mentors, mentors.c.person_id == waiting.c.person_id)
        .where(or_(members.c.programme_id == programme_id, mentors.c.programme_id == programme_id))
        .order_by(waiting.c.kind, waiting.c.requested_at, waiting.c.id)
    )
    return [
        Waiting(
            id=row.id,
            kind=row.kind,
            person_id=row.person_id,
            handles=sorted({handle for handle in (row.member, row.mentor) if handle is not None}),
            requested_at=row.requested_at,
            requested_by=row.requested_by,
        )
        for row in connection.execute(query)
    ]
