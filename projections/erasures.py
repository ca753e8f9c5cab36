"""Whose erasure was asked for, and who was erased?"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, Column, Connection, DateTime, Text, Uuid, bindparam, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.consent import ConsentLedger
from domain.events import Entry
from projections.mentor_directory import mentors
from projections.projection import Change, Projection
from projections.waiting_list import members

projection = Projection("erasures")

erasures = projection.table(
    "erasures",
    Column("person_id", Uuid, primary_key=True),
    Column("ground", Text, nullable=False),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("erased_at", DateTime(timezone=True)),
    Column("is_cleared", Boolean, nullable=False),  # set by whoever built all tables anew after the key was gone
)


@dataclass(frozen=True)
class Asked:
    """A person whose erasure waits for a second person to confirm it, by the handles they have."""

    person_id: UUID
    handles: list[str]
    ground: str
    requested_at: datetime
    requested_by: str


_put = insert(erasures)
_ask = _put.on_conflict_do_update(
    index_elements=["person_id"],
    set_={name: _put.excluded[name] for name in ("ground", "requested_at", "requested_by")},
)
_cancel = delete(erasures).where(erasures.c.person_id == bindparam("person"))
_clear = update(erasures).where(erasures.c.person_id.in_(bindparam("persons", expanding=True))).values(is_cleared=True)
_erase = update(erasures).where(erasures.c.person_id == bindparam("person")).values(erased_at=bindparam("at"))


@projection.on(ConsentLedger.ErasureRequested)
def _(_: Entry, event: ConsentLedger.ErasureRequested) -> Iterable[Change]:
    asked = {"ground": event.ground, "requested_at": event.at, "requested_by": event.by}
    yield _ask, {"person_id": event.person_id, **asked, "erased_at": None, "is_cleared": False}


@projection.on(ConsentLedger.ErasureCancelled)
def _(_: Entry, event: ConsentLedger.ErasureCancelled) -> Iterable[Change]:
    yield _cancel, {"person": event.person_id}


@projection.on(ConsentLedger.Erased)
def _(_: Entry, event: ConsentLedger.Erased) -> Iterable[Change]:
    yield _erase, {"person": event.person_id, "at": event.at}


def asked(connection: Connection, programme_id: UUID) -> list[Asked]:
    """Give the people of a programme whose erasure waits for a second person, the first asked first."""
    query = (
        select(erasures, members.c.handle.label("member"), mentors.c.handle.label("mentor"))
        .outerjoin(members, members.c.person_id == erasures.c.person_id)
        .outerjoin(mentors, mentors.c.person_id == erasures.c.person_id)
        .where(
            erasures.c.erased_at.is_(None),
            or_(members.c.programme_id == programme_id, mentors.c.programme_id == programme_id),
        )
        .order_by(erasures.c.requested_at, erasures.c.person_id)
    )
    return [
        Asked(
            person_id=row.person_id,
            handles=sorted({handle for handle in (row.member, row.mentor) if handle is not None}),
            ground=row.ground,
            requested_at=row.requested_at,
            requested_by=row.requested_by,
        )
        for row in connection.execute(query)
    ]


def erased(connection: Connection) -> dict[UUID, datetime]:
    """Give everyone who was erased, and when."""
    query = select(erasures.c.person_id, erasures.c.erased_at).where(erasures.c.erased_at.is_not(None))
    return {row.person_id: row.erased_at for row in connection.execute(query)}


def uncleared(connection: Connection) -> set[UUID]:
    """Give those who were erased while rows about them may still lie in the tables' files."""
    query = select(erasures.c.person_id).where(erasures.c.erased_at.is_not(None), ~erasures.c.is_cleared)
    return set(connection.scalars(query))


def note_cleared(connection: Connection, persons: Collection[UUID]) -> None:
    """Note that all tables were built anew after the keys of these people were gone."""
    connection.execute(_clear, {"persons": list(persons)})
