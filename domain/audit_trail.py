"""Who looked into people's consents, and what they asked: those who watch are watched too."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from domain.aggregate import Aggregate
from domain.events import Event
from domain.identity import audit_trail_id


class AuditTrail(Aggregate):
    """What one account asked within a programme in a month; `programme` is none for who asks about all of them.

    A month has a stream of its own, so that noting a question takes no longer the more were asked before.
    """

    class Queried(Event, frozen=True, kw_only=True):
        """Somebody is about to be answered; `as_of` and `known_at` are the instant and the position they asked for."""

        TOPIC = "audit.queried"
        query: str
        programme_id: UUID | None
        person_id: UUID | None
        as_of: datetime | None
        known_at: int | None

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`: what was asked changes nothing."""

    @classmethod
    def of(cls, programme: UUID | None, account: str, at: datetime) -> Self:
        """Give the empty trail of an account in the month of an instant."""
        return cls(audit_trail_id(programme, account, at))

    def note(
        self,
        query: str,
        *,
        programme: UUID | None,
        person: UUID | None,
        as_of: datetime | None,
        known_at: int | None,
        at: datetime,
        by: str,
    ) -> None:
        """Record what is asked."""
        self.record(
            self.Queried(
                query=query,
                programme_id=programme,
                person_id=person,
                as_of=as_of,
                known_at=known_at,
                at=at,
                by=by,
            ),
        )
