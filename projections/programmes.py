"""Which programmes are there, and what did their rounds find?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Column, Connection, Date, DateTime, Integer, Text, Uuid, bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import JSONB

from domain.events import Entry
from domain.programme import Programme
from domain.round import Round
from projections.projection import Change, Projection

projection = Projection("programmes")

programmes = projection.table(
    "programmes",
    Column("programme_id", Uuid, primary_key=True),
    Column("slug", Text, nullable=False, unique=True),
    Column("rounds", Integer, nullable=False),
)
rounds = projection.table(
    "rounds",
    Column("round_id", Uuid, primary_key=True),
    Column("programme_id", Uuid, nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("today", Date, nullable=False),
    Column("held_at", DateTime(timezone=True), nullable=False),
    Column("held_by", Text, nullable=False),
    Column("proposals", Integer, nullable=False),
    Column("findings", JSONB, nullable=False),
)


@dataclass(frozen=True)
class HeldRound:
    """A round as a coordinator asks for it; `findings` are those of `Round.Held` without the dual solution."""

    round_id: UUID
    number: int
    today: date
    held_at: datetime
    held_by: str
    proposals: int
    findings: dict[str, Any]


_add = insert(programmes)
_count = update(programmes).where(programmes.c.programme_id == bindparam("which")).values(rounds=bindparam("number"))
_add_round = insert(rounds)


@projection.on(Programme.Started)
def _(entry: Entry, event: Programme.Started) -> Iterable[Change]:
    yield _add, {"programme_id": entry.stream, "slug": event.slug, "rounds": 0}


@projection.on(Programme.RoundHeld)
def _(entry: Entry, event: Programme.RoundHeld) -> Iterable[Change]:
    yield _count, {"which": entry.stream, "number": event.number}


@projection.on(Round.Held)
def _(entry: Entry, event: Round.Held) -> Iterable[Change]:
    findings = msgspec.to_builtins(event.findings)
    for dual in ("member_values", "place_prices"):
        del findings[dual]
    yield (
        _add_round,
        {
            "round_id": entry.stream,
            "programme_id": event.programme_id,
            "number": event.number,
            "today": event.today,
            "held_at": event.at,
            "held_by": event.by,
            "proposals": len(event.matches),
            "findings": findings,
        },
    )


def slugs(connection: Connection) -> list[str]:
    """Give the short names of all programmes."""
    return list(connection.scalars(select(programmes.c.slug).order_by(programmes.c.slug)))


def held_rounds(connection: Connection, programme_id: UUID) -> list[HeldRound]:
    """Give a programme's rounds, the latest first."""
    columns = [column for column in rounds.c if column.name != "programme_id"]
    query = select(*columns).where(rounds.c.programme_id == programme_id).order_by(rounds.c.number.desc())
    return [HeldRound(*row) for row in connection.execute(query)]
