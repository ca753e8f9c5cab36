"""When nothing at all of a person may be told, whatever they consented to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from domain.consent.history import Freeze
from domain.consent.stream import PersonsLedger
from domain.errors import NotFrozen, SecondPersonNeeded
from domain.events import Event


class Freezing(PersonsLedger):
    """The part of a ledger that holds who froze it."""

    class Frozen(Event, frozen=True, kw_only=True):
        """Nothing of the person is told until it is thawed."""

        TOPIC = "consent.frozen"
        person_id: UUID

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            aggregate.frozen_by = self.by
            aggregate.history.freezes.append(Freeze(aggregate.place, self.at, is_on=True))

    class Thawed(Event, frozen=True, kw_only=True):
        """Somebody else than who froze it let consents count again."""

        TOPIC = "consent.thawed"
        person_id: UUID

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            aggregate.frozen_by = None
            aggregate.history.freezes.append(Freeze(aggregate.place, self.at, is_on=False))

    frozen_by: str | None = None

    def freeze(self, *, at: datetime, by: str) -> None:
        """Let nothing of the person be told, whatever they consented to."""
        self.must_be_here()
        if self.frozen_by is None:
            self.record(self.Frozen(person_id=self.person_id, at=self.no_earlier(at), by=by))

    def thaw(self, *, at: datetime, by: str) -> None:
        """Let consents count again. Raises `NotFrozen`, or `SecondPersonNeeded` for whoever froze it."""
        if self.frozen_by is None:
            raise NotFrozen("Nothing is frozen here.")
        if self.frozen_by == by:
            raise SecondPersonNeeded("This needs two people: somebody else has to thaw what you froze.")
        self.record(self.Thawed(person_id=self.person_id, at=self.no_earlier(at), by=by))
