"""How a person's consent ledger is read, and what is said recorded in it: written once for all use cases."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.clocks import Reading, SecondClock, read
from domain.consent import ConsentLedger
from domain.draws import LogRoot, NewSecret, new_secret, no_tree
from domain.ending import settle
from domain.events import Command, Entry
from domain.finding import Finding
from domain.fingerprints import FingerprintKey, no_key
from domain.identity import ledger_id
from domain.insist import insist
from domain.log import Log
from domain.together import Together

# Nobody's no may be lost to other people's haste. It has an end only so that a fault of the log cannot go on for ever.
INSISTENCE: Final = 1_000


class Ledgers(Finding):
    """How a person's ledger is read, and how what they say gets into it.

    `at` is when a thing takes effect and `by` is the account that does it.
    """

    def __init__(
        self,
        log: Log,
        *,
        second_clock: SecondClock | None = None,
        fingerprint_key: FingerprintKey = no_key,
        log_root: LogRoot = no_tree,
        new_secret: NewSecret = new_secret,
    ) -> None:
        super().__init__(log)
        self.second_clock, self.fingerprint_key = second_clock, fingerprint_key
        self.log_root, self.new_secret = log_root, new_secret

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

    def say(
        self,
        person: UUID,
        said: Callable[[ConsentLedger, datetime], object],
        *,
        at: datetime,
        by: str,
        command: Command | None = None,
    ) -> ConsentLedger:
        """Record what is said in a person's ledger, whatever else happens to it at the same time, and what it ends.

        `said` takes the ledger and when it takes effect, by both clocks.
        """
        return self._say(person, lambda _, ledger, at: said(ledger, at), at=at, by=by, command=command)

    def _say(
        self,
        person: UUID,
        said: Callable[[Together, ConsentLedger, datetime], object],
        *,
        at: datetime,
        by: str,
        command: Command | None = None,
    ) -> ConsentLedger:
        at = self.read_clocks(at).takes_effect

        def attempt() -> ConsentLedger:
            together = Together(self)
            ledger = together.ledger(person)
            said(together, ledger, at)
            settle(together, ledger, at=ledger.last_at or at, by=by)
            self.save(*together, command=command)
            return ledger

        return insist(attempt, attempts=INSISTENCE)
