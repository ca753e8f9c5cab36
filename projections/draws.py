"""What have programmes committed themselves to, and what did they reveal?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, Connection, DateTime, Integer, Text, Uuid, bindparam, insert, select, update

from domain.events import Entry
from domain.programme import Programme
from domain.round import Round
from projections.projection import Change, Projection

projection = Projection("draws")

draws = projection.table(
    "draws",
    Column("programme_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("committed_at", DateTime(timezone=True), nullable=False),
    Column("committed_position", BigInteger, nullable=False),
    Column("round", Integer),
    Column("pool_position", BigInteger),
    Column("revealed_at", DateTime(timezone=True)),
    Column("secret", Text),
    Column("root", Text),
    Column("seed", Text),
)


@dataclass(frozen=True)
class Draw:
    """A commitment by its digest, and, once its round was held, what was revealed; positions are those of the log."""

    number: int
    digest: str
    committed_at: datetime
    committed_position: int
    round: int | None
    pool_position: int | None
    revealed_at: datetime | None
    secret: str | None
    root: str | None
    seed: str | None


_add = insert(draws)
_reveal = (
    update(draws)
    .where(draws.c.programme_id == bindparam("programme"), draws.c.number == bindparam("which"))
    .values({name: bindparam(name) for name in ("round", "pool_position", "revealed_at", "secret", "root", "seed")})
)
_columns = [column for column in draws.c if column.name != "programme_id"]


@projection.on(Programme.SeedCommitted)
def _(entry: Entry, event: Programme.SeedCommitted) -> Iterable[Change]:
    yield (
        _add,
        {
            "programme_id": entry.stream,
            "number": event.number,
            "digest": event.digest,
            "committed_at": event.at,
            "committed_position": entry.position,
            **dict.fromkeys(("round", "pool_position", "revealed_at", "secret", "root", "seed")),
        },
    )


@projection.on(Round.Held)
def _(_: Entry, event: Round.Held) -> Iterable[Change]:
    if event.drawn is None:
        return
    yield (
        _reveal,
        {
            "programme": event.programme_id,
            "which": event.drawn.number,
            "round": event.number,
            "pool_position": event.position,
            "revealed_at": event.at,
            "secret": event.drawn.secret,
            "root": event.drawn.root,
            "seed": event.drawn.seed,
        },
    )


def published(connection: Connection, programme_id: UUID) -> list[Draw]:
    """Give a programme's draws, the latest first: what is committed to stands before what was revealed."""
    query = select(*_columns).where(draws.c.programme_id == programme_id).order_by(draws.c.number.desc())
    return [Draw(*row) for row in connection.execute(query)]
