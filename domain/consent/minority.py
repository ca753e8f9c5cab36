"""Until when a person is a minor, and whether they may consent alone before."""

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from domain.consent.history import Minority
from domain.consent.stream import PersonsLedger
from domain.events import Event, Personal


class ComingOfAge(PersonsLedger):
    """The part of a ledger that holds on which day the person comes of age."""

    class MinorityRecorded(Event, frozen=True, kw_only=True):
        """The person is of age from this day on; `consents_alone` says that no guardian is needed before."""

        TOPIC = "consent.minority-recorded"
        person_id: UUID
        until: Annotated[date, Personal()]
        consents_alone: bool

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`. When somebody was born was true before it was recorded, so it holds of all time."""
            aggregate.note(self)
            until = date.max if self.until == date.min else self.until  # who cannot read the day counts on a minor
            fact = Minority(aggregate.place, datetime.min.replace(tzinfo=UTC), until, self.consents_alone)
            aggregate.history.minorities.append(fact)

    @property
    def minority(self) -> Minority | None:
        """What is known of the day on which the person comes of age."""
        return self.history.minorities[-1] if self.history.minorities else None

    def record_minority(self, until: date, *, consents_alone: bool, at: datetime, by: str) -> None:
        """Record the day from which the person is of age. What was recorded before no longer counts."""
        self.must_be_here()
        known = self.minority
        if known is None or (known.until, known.alone) != (until, consents_alone):
            self.record(
                self.MinorityRecorded(
                    person_id=self.person_id,
                    until=until,
                    consents_alone=consents_alone,
                    at=self.no_earlier(at),
                    by=by,
                ),
            )
