"""Which drafts are there, and what became of them?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Connection, DateTime, Text, Uuid, bindparam, insert, select, update

from domain.draft import Draft, DraftStatus
from domain.events import Entry
from projections.projection import Change, Projection

projection = Projection("drafts")

drafts = projection.table(
    "drafts",
    Column("draft_id", Uuid, primary_key=True),
    Column("programme_id", Uuid, nullable=False, index=True),
    Column("status", Text, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("ended_by", Text),
    Column("round_id", Uuid),
)


@dataclass(frozen=True)
class ListedDraft:
    """A draft: who began it, and how it ended; `round_id` is the round that it became."""

    draft_id: UUID
    status: str
    opened_at: datetime
    opened_by: str
    ended_at: datetime | None
    ended_by: str | None
    round_id: UUID | None


_ENDING = ("ended_at", "ended_by", "round_id")
_open = insert(drafts)
_end = (
    update(drafts)
    .where(drafts.c.draft_id == bindparam("which"))
    .values({name: bindparam(name) for name in ("status", *_ENDING)})
)


@projection.on(Draft.Opened)
def _(entry: Entry, event: Draft.Opened) -> Iterable[Change]:
    opened = {"draft_id": entry.stream, "programme_id": event.programme_id, "status": DraftStatus.OPEN}
    yield _open, {**opened, "opened_at": event.at, "opened_by": event.by, **dict.fromkeys(_ENDING)}


@projection.on(Draft.Adopted)
def _(entry: Entry, event: Draft.Adopted) -> Iterable[Change]:
    ended = {"status": DraftStatus.ADOPTED, "round_id": event.round_id}
    yield _end, {"which": entry.stream, **ended, "ended_at": event.at, "ended_by": event.by}


@projection.on(Draft.Discarded)
def _(entry: Entry, event: Draft.Discarded) -> Iterable[Change]:
    ended = {"status": DraftStatus.DISCARDED, "round_id": None}
    yield _end, {"which": entry.stream, **ended, "ended_at": event.at, "ended_by": event.by}


def of_programme(connection: Connection, programme_id: UUID) -> list[ListedDraft]:
    """Give a programme's drafts, the latest first."""
    columns = [column for column in drafts.c if column.name != "programme_id"]
    query = select(*columns).where(drafts.c.programme_id == programme_id).order_by(drafts.c.opened_at.desc())
    return [ListedDraft(*row) for row in connection.execute(query)]
