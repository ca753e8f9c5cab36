"""What the service takes back by itself: a consent that it gives up, or that was never valid."""

from datetime import datetime
from typing import Any
from uuid import UUID

from domain.consent.history import Ending, Grant, Stop
from domain.consent.holding import Holding
from domain.consent.words import Flaw, Giver
from domain.errors import NothingToWithdraw
from domain.events import Event
from domain.purposes import Purpose


class GivingUp(Holding):
    """The part of a ledger that holds which consents the service does not use, whatever the person said."""

    class Revoked(Event, frozen=True, kw_only=True):
        """The service gives up a consent: it will not use it any more."""

        TOPIC = "consent.revoked"
        person_id: UUID
        consent_id: UUID
        purpose: Purpose
        flaw: Flaw

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            _stop(aggregate, self, Ending.REVOKED)

    class Invalidated(Event, frozen=True, kw_only=True):
        """It came out that a consent was never valid."""

        TOPIC = "consent.invalidated"
        person_id: UUID
        consent_id: UUID
        purpose: Purpose
        flaw: Flaw

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            _stop(aggregate, self, Ending.INVALIDATED)

    def revoke(self, consent: UUID, flaw: Flaw, *, at: datetime, by: str) -> None:
        """Give up a consent, from now on. Raises `NothingToWithdraw`."""
        self._give_up(self.Revoked, consent, flaw, at=at, by=by)

    def invalidate(self, consent: UUID, flaw: Flaw, *, at: datetime, by: str) -> None:
        """Record that a consent was never valid. Raises `NothingToWithdraw`."""
        self._give_up(self.Invalidated, consent, flaw, at=at, by=by)

    def _give_up(
        self, kind: type[Revoked] | type[Invalidated], consent: UUID, flaw: Flaw, *, at: datetime, by: str
    ) -> None:
        purpose = self._given(consent).purpose
        self.record(
            kind(
                person_id=self.person_id,
                consent_id=consent,
                purpose=purpose,
                flaw=flaw,
                at=self.no_earlier(at),
                by=by,
            ),
        )

    def _given(self, consent: UUID) -> Grant:
        self.must_be_here()
        grant = self.given(consent)
        if grant is None:
            raise NothingToWithdraw("There is no such consent.")
        return grant


def _stop(ledger: GivingUp, event: GivingUp.Revoked | GivingUp.Invalidated, ending: Ending) -> None:
    stop = Stop(
        place=ledger.place,
        said=event.at,
        purpose=event.purpose,
        ending=ending,
        giver=Giver.SUBJECT,  # it ends the consent of this id, whoever gave it
        consent_id=event.consent_id,
        flaw=event.flaw,
    )
    ledger.history.stops.setdefault(event.purpose, []).append(stop)
