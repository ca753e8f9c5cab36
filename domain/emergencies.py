"""The use cases about emergency disclosures."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain.consent import ConsentLedger
from domain.events import Command
from domain.ledgers import Ledgers
from domain.purposes import Field

USUAL_EMERGENCY: Final = timedelta(hours=24)


class Emergencies(Ledgers):
    """Two people tell the least that is needed when a life is in danger: see `domain.consent.emergency`."""

    def request_emergency(
        self,
        person: UUID,
        fields: Collection[Field],
        *,
        recipient: str,
        reason: str,
        at: datetime,
        by: str,
        command: Command | None = None,
    ) -> ConsentLedger:
        """Ask that fields of a person be told to somebody: the last of the ledger's `emergencies`."""

        def said(ledger: ConsentLedger, at: datetime) -> None:
            ledger.request_emergency(fields, recipient=recipient, reason=reason, at=at, by=by)

        return self.say(person, said, at=at, by=by, command=command)

    def disclose_emergency(
        self,
        person: UUID,
        emergency: UUID,
        *,
        at: datetime,
        by: str,
        untold_because: str | None = None,
        lasts: timedelta = USUAL_EMERGENCY,
    ) -> ConsentLedger:
        """Record that what somebody else asked for is told now. Only then may it be read and told, and only once."""

        def said(ledger: ConsentLedger, at: datetime) -> None:
            ledger.disclose_emergency(emergency, untold_because=untold_because, lasts=lasts, at=at, by=by)

        return self.say(person, said, at=at, by=by)

    def cancel_emergency(
        self, person: UUID, emergency: UUID, *, at: datetime, by: str, command: Command | None = None
    ) -> ConsentLedger:
        """Take back or turn down what nobody has disclosed yet."""

        def said(ledger: ConsentLedger, at: datetime) -> None:
            ledger.cancel_emergency(emergency, at=at, by=by)

        return self.say(person, said, at=at, by=by, command=command)
