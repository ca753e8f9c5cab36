"""Who could act as what in a programme, and when?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Connection, DateTime, Text, Uuid, bindparam, func, insert, or_, select, update

from domain.access import AccessToken, Actor
from domain.events import Entry
from projections.projection import Change, Projection

projection = Projection("accounts")

tokens = projection.table(
    "tokens",
    Column("token_id", Uuid, primary_key=True),
    Column("programme_id", Uuid, nullable=False, index=True),
    Column("role", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("issued_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
)


@dataclass(frozen=True)
class Holder:
    """An account that held a good token; `until` is when the last of those that it then held ended, or will."""

    account: str
    until: datetime


_issue = insert(tokens)
_revoke = update(tokens).where(tokens.c.token_id == bindparam("token")).values(revoked_at=bindparam("at"))


@projection.on(AccessToken.Issued)
def _(entry: Entry, event: AccessToken.Issued) -> Iterable[Change]:
    yield (
        _issue,
        {
            "token_id": entry.stream,
            "programme_id": event.programme_id,
            "role": event.role,
            "account": event.name,
            "issued_at": event.at,
            "expires_at": event.expires_at,
            "revoked_at": None,
        },
    )


@projection.on(AccessToken.Revoked)
def _(entry: Entry, event: AccessToken.Revoked) -> Iterable[Change]:
    yield _revoke, {"token": entry.stream, "at": event.at}


_holders = (
    select(tokens.c.account, func.max(func.least(tokens.c.expires_at, tokens.c.revoked_at)))
    .where(
        tokens.c.programme_id == bindparam("programme"),
        tokens.c.role == bindparam("role"),
        tokens.c.issued_at <= bindparam("at"),
        tokens.c.expires_at > bindparam("at"),
        or_(tokens.c.revoked_at.is_(None), tokens.c.revoked_at > bindparam("at")),
    )
    .group_by(tokens.c.account)
    .order_by(tokens.c.account)
)


def holders(connection: Connection, programme_id: UUID, role: Actor, at: datetime) -> list[Holder]:
    """Give the accounts that could act in a role of a programme at an instant, by name."""
    asked = {"programme": programme_id, "role": role, "at": at}
    return [Holder(*row) for row in connection.execute(_holders, asked)]
