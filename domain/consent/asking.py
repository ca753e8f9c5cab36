"""What a person is asked, and that they put the answer off."""

from datetime import datetime
from typing import Any
from uuid import UUID

from domain.consent import history
from domain.consent.stream import PersonsLedger
from domain.consent.words import Method, Wording
from domain.events import Event
from domain.purposes import Purpose


class Asking(PersonsLedger):
    """The part of a ledger that holds what the person was asked."""

    class Requested(Event, frozen=True, kw_only=True):
        """The person was asked for a consent, and was shown this wording."""

        TOPIC = "consent.requested"
        person_id: UUID
        purpose: Purpose
        method: Method
        serving: UUID
        wording: Wording | None = None

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            aggregate.history.askings.append(history.Asking(aggregate.place, self.at, self.purpose, is_deferred=False))

    class Deferred(Event, frozen=True, kw_only=True):
        """The person put the answer off."""

        TOPIC = "consent.deferred"
        person_id: UUID
        purpose: Purpose
        method: Method

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            aggregate.history.askings.append(history.Asking(aggregate.place, self.at, self.purpose, is_deferred=True))

    def ask(
        self, purpose: Purpose, *, method: Method, serving: UUID, wording: Wording | None, at: datetime, by: str
    ) -> None:
        """Record that the person is asked for a consent."""
        self.must_be_here()
        self.record(
            self.Requested(
                person_id=self.person_id,
                purpose=purpose,
                method=method,
                serving=serving,
                wording=wording,
                at=self.no_earlier(at),
                by=by,
            ),
        )

    def defer(self, purpose: Purpose, *, method: Method, at: datetime, by: str) -> None:
        """Record that the person puts the answer off."""
        self.must_be_here()
        event = self.Deferred(person_id=self.person_id, purpose=purpose, method=method, at=self.no_earlier(at), by=by)
        self.record(event)
