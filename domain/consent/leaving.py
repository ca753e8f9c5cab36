"""Asking for a person's erasure and confirming it: two people, and then every consent has ended."""

from datetime import datetime
from typing import Any
from uuid import UUID

from domain.consent.history import Erasure, ErasureRequest
from domain.consent.stream import PersonsLedger
from domain.consent.words import Ground
from domain.errors import ErasureNotAsked, SecondPersonNeeded
from domain.events import Event


class Leaving(PersonsLedger):
    """The part of a ledger that holds requests for erasure."""

    erasure: ErasureRequest | None = None

    class ErasureRequested(Event, frozen=True, kw_only=True):
        """Somebody asked that the person be erased; another has to confirm it."""

        TOPIC = "consent.erasure-requested"
        person_id: UUID
        ground: Ground

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            aggregate.erasure = ErasureRequest(self.ground, self.by)

    class ErasureCancelled(Event, frozen=True, kw_only=True):
        """What somebody asked for was taken back before anybody confirmed it."""

        TOPIC = "consent.erasure-cancelled"
        person_id: UUID

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            aggregate.erasure = None

    class Erased(Event, frozen=True, kw_only=True):
        """A second person confirmed: the person's key is destroyed, and every consent has ended."""

        TOPIC = "consent.erased"
        person_id: UUID
        ground: Ground
        requested_by: str

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            aggregate.history.erasures.append(Erasure(aggregate.place, self.at))

    def request_erasure(self, ground: Ground, *, at: datetime, by: str) -> None:
        """Ask that the person be erased, on a ground. A later request replaces an earlier one."""
        self.must_be_here()
        if self.erasure != ErasureRequest(ground, by):
            event = self.ErasureRequested(person_id=self.person_id, ground=ground, at=self.no_earlier(at), by=by)
            self.record(event)

    def cancel_erasure(self, *, at: datetime, by: str) -> None:
        """Take back what was asked for. Raises `ErasureNotAsked`."""
        self.must_be_here()
        self._must_be_asked()
        self.record(self.ErasureCancelled(person_id=self.person_id, at=self.no_earlier(at), by=by))

    def erase(self, *, at: datetime, by: str) -> None:
        """Confirm what somebody else asked for. Raises `ErasureNotAsked` or `SecondPersonNeeded`."""
        self.must_be_here()
        asked = self._must_be_asked()
        if asked.by == by:
            raise SecondPersonNeeded("An erasure needs two people: somebody else has to confirm what you asked for.")
        self.record(
            self.Erased(
                person_id=self.person_id,
                ground=asked.ground,
                requested_by=asked.by,
                at=self.no_earlier(at),
                by=by,
            ),
        )

    def _must_be_asked(self) -> ErasureRequest:
        if self.erasure is None:
            raise ErasureNotAsked("Nobody has asked for this erasure.")
        return self.erasure
