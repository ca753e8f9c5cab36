"""The stream that a person's ledger is: whose it is, how far its time has come, and what it knows."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from domain.aggregate import Aggregate
from domain.consent.history import History, Place
from domain.errors import PersonErased
from domain.events import Entry
from domain.identity import ledger_id


class PersonsLedger(Aggregate):
    """What every part of a ledger builds on. `position` is that of its last stored event in the log."""

    person_id: UUID
    last_at: datetime | None = None
    position: int = 0

    def __init__(self, id: UUID) -> None:  # noqa: A002
        super().__init__(id)
        self.history = History()
        self.place = Place(0, 0)

    @classmethod
    def of(cls, person: UUID) -> Self:
        """Give the empty ledger of a person."""
        ledger = cls(ledger_id(person))
        ledger.person_id = person
        return ledger

    @property
    def is_erased(self) -> bool:
        """Whether the person was erased."""
        return bool(self.history.erasures)

    def pass_over(self, version: int) -> None:
        """Go on after a version, though not all before it was read: what was left out decides nothing."""
        self.version = version

    def follow(self, entry: Entry) -> None:
        """See `Aggregate.follow`."""
        self.place = Place(entry.version, entry.position)
        self.position = max(self.position, entry.position)
        super().follow(entry)

    def note(self, event: Any) -> None:
        """Remember whose ledger it is and how far its time has come."""
        self.person_id = event.person_id
        self.last_at = event.at if self.last_at is None else max(self.last_at, event.at)

    def no_earlier(self, at: datetime) -> datetime:
        """Effective time never runs backward within a ledger."""
        return at if self.last_at is None else max(at, self.last_at)

    def must_be_here(self) -> None:
        """Raise `PersonErased` if the person was erased."""
        if self.is_erased:
            raise PersonErased("This person was erased.")
