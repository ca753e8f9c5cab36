"""The use cases about who may speak for a person, and about freezing what may be told of them."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from domain.consent import ConsentLedger, Giver, Word
from domain.errors import InvalidValue, UnknownPerson
from domain.events import Command
from domain.fingerprints import Mark, fingerprint, normal
from domain.ledgers import Ledgers
from domain.purposes import Purpose

FEWEST_DIGITS = 6


class Standings(Ledgers):
    """Who may speak for whom. `marks` are what somebody is known by: their name always, and what else is known."""

    def speaking_for(self, person: UUID, standing: UUID) -> Word:
        """Give the word of whoever has this standing, to be said for the person. Raises `UnknownStanding`."""
        return Word(giver=self.ledger(person).speaker(standing).giver, authority=standing)

    def record_minority(
        self,
        person: UUID,
        until: date,
        *,
        consents_alone: bool,
        at: datetime,
        by: str,
        command: Command | None = None,
    ) -> ConsentLedger:
        """Record the day from which a person is of age, and whether they may consent alone before."""

        def said(ledger: ConsentLedger, at: datetime) -> None:
            ledger.record_minority(until, consents_alone=consents_alone, at=at, by=by)

        return self.say(person, said, at=at, by=by, command=command)

    def request_standing(
        self,
        person: UUID,
        giver: Giver,
        marks: Mapping[Mark, str],
        *,
        evidence: str,
        purposes: Collection[Purpose],
        at: datetime,
        by: str,
        expires_at: datetime | None = None,
        command: Command | None = None,
    ) -> ConsentLedger:
        """Ask that somebody may speak for a person, as the last of the ledger's `speakers`; another confirms it."""
        prints = self.fingerprints_of(person, marks)

        def said(ledger: ConsentLedger, at: datetime) -> None:
            ledger.request_standing(
                giver,
                marks[Mark.NAME],
                prints,
                evidence=evidence,
                purposes=purposes,
                expires_at=expires_at,
                at=at,
                by=by,
            )

        return self.say(person, said, at=at, by=by, command=command)

    def confirm_standing(
        self, person: UUID, standing: UUID, *, at: datetime, by: str, command: Command | None = None
    ) -> ConsentLedger:
        """Confirm what somebody else asked for: from now on they may speak for the person."""

        def said(ledger: ConsentLedger, at: datetime) -> None:
            ledger.confirm_standing(standing, at=at, by=by)

        return self.say(person, said, at=at, by=by, command=command)

    def end_standing(
        self, person: UUID, standing: UUID, *, at: datetime, by: str, command: Command | None = None
    ) -> ConsentLedger:
        """Let somebody no longer speak for a person: what was given on that standing counts no more."""

        def said(ledger: ConsentLedger, at: datetime) -> None:
            ledger.end_standing(standing, at=at, by=by)

        return self.say(person, said, at=at, by=by, command=command)

    def record_harm(
        self, person: UUID, marks: Mapping[Mark, str], *, at: datetime, by: str, command: Command | None = None
    ) -> ConsentLedger:
        """Record that somebody harms a person. They have no standing, and are answered as if nothing were known."""
        prints = self.fingerprints_of(person, marks)

        def said(ledger: ConsentLedger, at: datetime) -> None:
            ledger.record_harm(prints, at=at, by=by)

        return self.say(person, said, at=at, by=by, command=command)

    def freeze(self, person: UUID, *, at: datetime, by: str, command: Command | None = None) -> ConsentLedger:
        """Let nothing of a person be told until somebody else thaws it."""
        return self.say(person, lambda ledger, at: ledger.freeze(at=at, by=by), at=at, by=by, command=command)

    def thaw(self, person: UUID, *, at: datetime, by: str, command: Command | None = None) -> ConsentLedger:
        """Let a person's consents count again."""
        return self.say(person, lambda ledger, at: ledger.thaw(at=at, by=by), at=at, by=by, command=command)

    def fingerprints_of(self, person: UUID, marks: Mapping[Mark, str]) -> frozenset[str]:
        """Give the fingerprints of what somebody is known by, under the secret of the person's programme."""
        if Mark.NAME not in marks:
            raise InvalidValue("Say their name, and what else they are known by.")
        for mark, value in marks.items():
            if len(normal(mark, value)) < (FEWEST_DIGITS if mark is Mark.PHONE else 1):
                raise InvalidValue(f"This is no {mark} that somebody could be known by.")
        programmes = self.programmes_of(person)
        if not programmes:
            raise UnknownPerson("There is no such person.")
        secrets = [self.fingerprint_key(programme) for programme in programmes]
        return frozenset(fingerprint(secret, mark, value) for secret in secrets for mark, value in marks.items())
