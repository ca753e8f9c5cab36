"""What those are called whom consents name."""

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from domain.consent.stream import PersonsLedger
from domain.errors import InvalidValue
from domain.events import Event, Personal

LONGEST_NAME: Final = 200


class Naming(PersonsLedger):
    """The part of a ledger that holds the names for which, in the open, fingerprints stand."""

    class Called(Event, frozen=True, kw_only=True):
        """What a study, organisation or contact is called that a consent names: whom somebody trusts tells of them.

        In the open, `named` is a fingerprint of the name: see `domain.fingerprints`.
        """

        TOPIC = "consent.called"
        person_id: UUID
        named: str
        name: Annotated[str, Personal()]

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            aggregate.history.names[self.named] = self.name

    def call(self, named: str, name: str, *, at: datetime, by: str) -> None:
        """Remember what somebody is called whom a consent is about to name, unless it is known."""
        self.must_be_here()
        if not name.strip() or len(name) > LONGEST_NAME:
            raise InvalidValue(f"A name has 1 to {LONGEST_NAME} characters.")
        if named not in self.history.names:
            event = self.Called(person_id=self.person_id, named=named, name=name, at=self.no_earlier(at), by=by)
            self.record(event)
