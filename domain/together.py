"""Aggregates that one act changes together: each is loaded once, and what is new in them is saved in one append."""

from collections.abc import Collection, Iterable, Iterator
from typing import Final, TypeVar
from uuid import UUID

from domain.aggregate import Aggregate
from domain.consent import ConsentLedger
from domain.errors import NotFound
from domain.events import Entry
from domain.identity import ledger_id
from domain.notice import Notice
from domain.purposes import Purpose
from domain.store import Store

A = TypeVar("A", bound=Aggregate)

# By far the most of what a ledger holds after a year is who was told: each look at a page is an entry.
DECIDES_NOTHING: Final = (ConsentLedger.Disclosed,)


def ledger_from(person: UUID, entries: Iterable[Entry]) -> ConsentLedger:
    """Give a person's ledger of those of its entries that decide something, in their order."""
    ledger = ConsentLedger.of(person)
    for entry in entries:
        ledger.pass_over(entry.version - 1)
        ledger.follow(entry)
    return ledger


class Together:
    """Loads what an act needs, and remembers it until it is saved."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._loaded: dict[UUID, Aggregate] = {}

    def load(self, kind: type[A], identifier: UUID) -> A:
        """Give an aggregate, or raise what is unknown."""
        if identifier not in self._loaded:
            self._loaded[identifier] = self._store.load(kind, identifier)
        found = self._loaded[identifier]
        assert isinstance(found, kind), "an id is of one kind"
        return found

    def find(self, kind: type[A], identifier: UUID) -> A | None:
        """Give an aggregate, if there is one."""
        try:
            return self.load(kind, identifier)
        except NotFound:
            return None

    def load_all(self, kind: type[A], identifiers: Collection[UUID]) -> None:
        """Load several aggregates at once, which are known to be there."""
        self._loaded |= self._store.load_all(kind, [each for each in identifiers if each not in self._loaded])

    def ledger(self, person: UUID) -> ConsentLedger:
        """Give a person's consent ledger, empty if they were never asked."""
        self.read_ledgers([person])
        found = self._loaded[ledger_id(person)]
        assert isinstance(found, ConsentLedger), "an id is of one kind"
        return found

    def read_ledgers(self, persons: Collection[UUID]) -> None:
        """Load the ledgers of several people at once."""
        missing = {ledger_id(person): person for person in persons if ledger_id(person) not in self._loaded}
        if missing:
            for stream, entries in self._store.log.streams(missing, but=DECIDES_NOTHING).items():
                self._loaded[stream] = ledger_from(missing[stream], entries)

    def notice(self, programme: UUID, purpose: Purpose, language: str) -> Notice:
        """Give the wordings of a purpose in a language, none if nobody has published any."""
        notice = Notice.of(programme, purpose, language)
        if notice.id not in self._loaded:
            for entry in self._store.log.stream(notice.id):
                notice.follow(entry)
            self._loaded[notice.id] = notice
        found = self._loaded[notice.id]
        assert isinstance(found, Notice), "an id is of one kind"
        return found

    def put(self, aggregate: A) -> A:
        """Take in an aggregate that is new, or was loaded elsewhere."""
        self._loaded[aggregate.id] = aggregate
        return aggregate

    def __iter__(self) -> Iterator[Aggregate]:
        """Give everything that was loaded, in that order; saving passes over what did not change."""
        return iter(self._loaded.values())
