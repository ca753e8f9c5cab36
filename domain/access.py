"""Who may act: tokens that an administrator gives to a person in a role, for a time."""

import hashlib
import secrets
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from domain.aggregate import Aggregate
from domain.errors import InvalidValue, TokenRefused
from domain.events import Event
from domain.identity import token_id

PREFIX = "alongside_"


class Actor(StrEnum):
    """What a token lets its holder act as."""

    COORDINATOR = "coordinator"
    MENTOR = "mentor"
    MEMBER = "member"
    AUDITOR = "auditor"


PERSONAL_ROLES = {Actor.MENTOR, Actor.MEMBER}


class AccessToken(Aggregate):
    """Knows whom a token speaks for. The secret is shown once and kept nowhere; its digest finds this stream."""

    role: Actor
    name: str
    programme_id: UUID
    person_id: UUID | None
    expires_at: datetime
    is_revoked: bool = False

    class Issued(Event, frozen=True, kw_only=True):
        """A token was given out. `name` is the account under which its holder acts."""

        TOPIC = "token.issued"
        role: Actor
        name: str
        programme_id: UUID
        person_id: UUID | None
        expires_at: datetime

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.role = self.role
            aggregate.name = self.name
            aggregate.programme_id = self.programme_id
            aggregate.person_id = self.person_id
            aggregate.expires_at = self.expires_at

    class Revoked(Event, frozen=True, kw_only=True):
        """The token opens nothing any more."""

        TOPIC = "token.revoked"

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.is_revoked = True

    @classmethod
    def issue(
        cls,
        role: Actor,
        name: str | None,
        programme: UUID,
        person: UUID | None,
        *,
        expires_at: datetime,
        at: datetime,
        by: str,
    ) -> tuple[Self, str]:
        """Give a new token and its secret. Mentors and members need the person they are, whose id is their account.

        No name of theirs is kept here, for no erasure reaches it.
        """
        if (role in PERSONAL_ROLES) != (person is not None):
            raise InvalidValue(
                f"A token for a {role} {'names' if role in PERSONAL_ROLES else 'does not name'} a person."
            )
        account = name if person is None else str(person)
        if not account:
            raise InvalidValue(f"A token for a {role} names the account under which their acts are recorded.")
        if expires_at <= at:
            raise InvalidValue("A token ends after it begins.")
        secret = PREFIX + secrets.token_urlsafe(32)
        token = cls(stream_of(secret))
        token.record(
            cls.Issued(
                role=role,
                name=account,
                programme_id=programme,
                person_id=person,
                expires_at=expires_at,
                at=at,
                by=by,
            ),
        )
        return token, secret

    def is_good(self, at: datetime) -> bool:
        """Say whether the token opens anything at this instant."""
        return self.version > 0 and not self.is_revoked and at < self.expires_at

    def check(self, at: datetime) -> None:
        """Raise `TokenRefused` unless the token is good at this instant."""
        if not self.is_good(at):
            raise TokenRefused("This token is unknown, has expired or was revoked.")

    def revoke(self, *, at: datetime, by: str) -> None:
        """Let the token open nothing any more."""
        if not self.is_revoked:
            self.record(self.Revoked(at=at, by=by))


def stream_of(secret: str) -> UUID:
    """Find a token's stream from its secret."""
    return token_id(hashlib.sha256(secret.encode()).hexdigest())
