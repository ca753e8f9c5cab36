"""The use cases about people's consents, and about finding the people."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.clocks import Reading, SecondClock, read
from domain.consent import ConsentLedger, Ground, Method
from domain.errors import AmbiguousReference, UnknownPerson
from domain.events import Command, Entry
from domain.identity import ledger_id, member_id, mentor_id, person_id, programme_id
from domain.insist import insist
from domain.log import Log
from domain.member import Member
from domain.mentor import Mentor
from domain.programme import Programme
from domain.purposes import Purpose
from domain.store import Store

# Nobody's no may be lost to other people's haste. It has an end only so that a fault of the log cannot go on for ever.
INSISTENCE: Final = 1_000


class Ledgers(Store):
    """What people say of their consents. `at` is when a thing takes effect and `by` is the account that does it."""

    def __init__(self, log: Log, *, second_clock: SecondClock | None = None) -> None:
        super().__init__(log)
        self.second_clock = second_clock

    def read_clocks(self, claimed: datetime) -> Reading:
        """Read both clocks, of which one claims this time."""
        return read(claimed, self.second_clock)

    def ledger(self, person: UUID) -> ConsentLedger:
        """Give a person's consent ledger, empty if they were never asked."""
        return self.ledger_of(person, self.ledger_entries(person))

    def ledger_entries(self, person: UUID, *, as_of: datetime | None = None) -> Sequence[Entry]:
        """Give what stands in a person's consent ledger; as of an instant, what had taken effect by then."""
        entries = self.log.stream(ledger_id(person))
        return [entry for entry in entries if as_of is None or entry.event.at <= as_of]

    def ledger_of(self, person: UUID, entries: Sequence[Entry]) -> ConsentLedger:
        """Give a person's consent ledger as some of its events made it."""
        ledger = ConsentLedger.of(person)
        for entry in entries:
            ledger.follow(entry)
        return ledger

    def grant(
        self,
        person: UUID,
        purpose: Purpose,
        *,
        method: Method,
        at: datetime,
        by: str,
        command: Command | None = None,
    ) -> ConsentLedger:
        """Record a consent."""
        return self._say(person, at, lambda ledger, at: ledger.grant(purpose, method=method, at=at, by=by), command)

    def refuse(
        self,
        person: UUID,
        purpose: Purpose,
        *,
        method: Method,
        at: datetime,
        by: str,
        command: Command | None = None,
    ) -> ConsentLedger:
        """Record that a person was asked and said no."""
        return self._say(person, at, lambda ledger, at: ledger.refuse(purpose, method=method, at=at, by=by), command)

    def withdraw(
        self,
        person: UUID,
        purpose: Purpose,
        *,
        method: Method,
        at: datetime,
        by: str,
        command: Command | None = None,
    ) -> ConsentLedger:
        """Record that a person takes a consent back."""
        return self._say(person, at, lambda ledger, at: ledger.withdraw(purpose, method=method, at=at, by=by), command)

    def request_erasure(self, person: UUID, ground: Ground, *, at: datetime, by: str) -> None:
        """Ask that a person be erased; another has to confirm it."""
        self._say(person, at, lambda ledger, at: ledger.request_erasure(ground, at=at, by=by))

    def cancel_erasure(self, person: UUID, *, at: datetime, by: str) -> None:
        """Take back a request that a person be erased."""
        self._say(person, at, lambda ledger, at: ledger.cancel_erasure(at=at, by=by))

    def find_person(self, reference: str, programmes: Sequence[str]) -> UUID:
        """Find a person by id or by the organisation's reference within these programmes."""
        found = {
            person
            for slug in programmes
            for person in self._candidates(reference, slug)
            if self.log.stream(member_id(person)) or self.log.stream(mentor_id(person))
        }
        if not found:
            raise UnknownPerson("There is no person of this reference or id.")
        if len(found) > 1:
            raise AmbiguousReference("Several programmes know this reference: say which programme is meant.")
        return found.pop()

    def programmes_of(self, person: UUID) -> set[UUID]:
        """Give the programmes that a person is in as member or mentor."""
        found = set()
        with suppress(UnknownPerson):
            found.add(self.load(Member, member_id(person)).programme_id)
        with suppress(UnknownPerson):
            found.add(self.load(Mentor, mentor_id(person)).programme_id)
        return found

    def _candidates(self, reference: str, slug: str) -> list[UUID]:
        by_reference = person_id(self.load(Programme, programme_id(slug)).namespace, reference)
        try:
            return [by_reference, UUID(reference)]
        except ValueError:
            return [by_reference]

    def _say(
        self,
        person: UUID,
        claimed: datetime,
        said: Callable[[ConsentLedger, datetime], None],
        command: Command | None = None,
    ) -> ConsentLedger:
        """Record what a person says of their consents, whatever else happens to their ledger at the same time.

        `said` takes the ledger and when it takes effect, by both clocks.
        """
        at = self.read_clocks(claimed).takes_effect

        def attempt() -> ConsentLedger:
            ledger = self.ledger(person)
            said(ledger, at)
            self.save(ledger, command=command)
            return ledger

        return insist(attempt, attempts=INSISTENCE)
