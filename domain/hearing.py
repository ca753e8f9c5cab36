"""The use cases about what people say of their consents."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from domain.answering import wording_of_a_no, wording_of_a_yes
from domain.consent import ConsentLedger, Flaw, Ground, Method, Scope, Word
from domain.consent.lineage import given_at, given_under, has_ended, last_of, not_ended
from domain.consent.served import Called, Read
from domain.errors import NothingToWithdraw, UnknownReceipt
from domain.events import Command
from domain.fingerprints import Mark, fingerprint
from domain.ledgers import Ledgers
from domain.notice import SERVICE, Notice
from domain.purposes import Purpose
from domain.together import Together


class Hearing(Ledgers):
    """What people say is heard, with all that it ends; and what they read is looked at with it."""

    def grant(
        self,
        person: UUID,
        purpose: Purpose,
        *,
        method: Method,
        at: datetime,
        by: str,
        scope: Scope = Scope(),  # noqa: B008 - frozen
        word: Word = Word(),  # noqa: B008
        read: Read | None = None,
        called: Called | None = None,
        command: Command | None = None,
    ) -> ConsentLedger:
        """Record a consent: to what was read, if that is known, and for whom by name.

        Raises `WordingChanged` if what was read on a page is no longer what is asked, and records nothing.
        """

        def said(together: Together, ledger: ConsentLedger, at: datetime) -> None:
            worded, named = word, scope
            if read is not None:
                wording = wording_of_a_yes(together, purpose, read, method, at=at)
                worded = replace(word, wording=wording, serving=read.serving)
            if called is not None:
                ledger.call(called.fingerprint, called.name, at=at, by=by)
                named = replace(scope, named=called.fingerprint)
            ledger.grant(purpose, method=method, scope=named, word=worded, at=at, by=by)

        ledger = self._say(person, said, at=at, by=by, command=command)
        if read is not None:
            self.end_if_recalled(ledger, purpose, read, at=at)
        return ledger

    def refuse(
        self,
        person: UUID,
        purpose: Purpose,
        *,
        method: Method,
        at: datetime,
        by: str,
        named: str | None = None,
        word: Word = Word(),  # noqa: B008
        read: Read | None = None,
        command: Command | None = None,
    ) -> ConsentLedger:
        """Record that a person was asked and said no. A no counts whatever became of what they had read."""

        def said(together: Together, ledger: ConsentLedger, at: datetime) -> None:
            worded = word
            if read is not None:
                wording = wording_of_a_no(together, purpose, read, at=at)
                worded = replace(word, wording=wording, serving=read.serving)
            ledger.refuse(purpose, method=method, named=named, word=worded, at=at, by=by)

        return self._say(person, said, at=at, by=by, command=command)

    def withdraw(
        self,
        person: UUID,
        purpose: Purpose,
        *,
        method: Method,
        at: datetime,
        by: str,
        named: str | None = None,
        word: Word = Word(),  # noqa: B008
        command: Command | None = None,
    ) -> ConsentLedger:
        """Record that a person takes a consent back, and end at once what rested on it."""

        def said(ledger: ConsentLedger, at: datetime) -> None:
            ledger.withdraw(purpose, method=method, named=named, word=word, at=at, by=by)

        return self.say(person, said, at=at, by=by, command=command)

    def take_back(self, person: UUID, version: int, *, at: datetime, by: str) -> None:
        """Record that whatever has become of the consent given at a version of the ledger is taken back, once.

        Raises `UnknownReceipt` if none was given there.
        """

        def said(ledger: ConsentLedger, at: datetime) -> None:
            given = given_at(ledger, version)
            if given is None:
                raise UnknownReceipt("No consent was given there.")
            grant = last_of(ledger, given)
            if not has_ended(ledger, grant):
                ledger.withdraw(grant.purpose, method=Method.WEB, named=grant.named, at=at, by=by)

        self.say(person, said, at=at, by=by)

    def give_up(self, person: UUID, purpose: Purpose, flaw: Flaw, *, at: datetime, by: str) -> ConsentLedger:
        """Record that the service uses a person's consents to a purpose no more, and end at once what rested on them.

        Raises `NothingToWithdraw` if there is none, and records nothing.
        """
        return self._end_all(person, purpose, ConsentLedger.revoke, flaw, at=at, by=by)

    def invalidate(self, person: UUID, purpose: Purpose, flaw: Flaw, *, at: datetime, by: str) -> ConsentLedger:
        """Record that a person's consents to a purpose were never valid, and end at once what rested on them.

        Raises `NothingToWithdraw` if there is none, and records nothing.
        """
        return self._end_all(person, purpose, ConsentLedger.invalidate, flaw, at=at, by=by)

    def _end_all(
        self, person: UUID, purpose: Purpose, end: Callable[..., None], flaw: Flaw, *, at: datetime, by: str
    ) -> ConsentLedger:
        def said(ledger: ConsentLedger, at: datetime) -> None:
            grants = not_ended(ledger, purpose)
            if not grants:
                raise NothingToWithdraw(f"There is no consent to {purpose} that has not ended.")
            for grant in grants:
                end(ledger, grant.consent_id, flaw, at=at, by=by)

        return self.say(person, said, at=at, by=by)

    def ask(
        self, person: UUID, purpose: Purpose, *, method: Method, read: Read, at: datetime, by: str
    ) -> ConsentLedger:
        """Record that a person is asked for a consent, with the current wording."""
        assert read.serving is not None, "what is asked is shown once"
        serving = read.serving

        def said(together: Together, ledger: ConsentLedger, at: datetime) -> None:
            wording = wording_of_a_yes(together, purpose, read, method, at=at)
            ledger.ask(purpose, method=method, serving=serving, wording=wording, at=at, by=by)

        return self._say(person, said, at=at, by=by)

    def defer(self, person: UUID, purpose: Purpose, *, method: Method, at: datetime, by: str) -> ConsentLedger:
        """Record that a person puts the answer off."""

        def said(ledger: ConsentLedger, at: datetime) -> None:
            ledger.defer(purpose, method=method, at=at, by=by)

        return self.say(person, said, at=at, by=by)

    def called(self, programme: UUID, name: str) -> Called:
        """Give what stands in the open for the name of a study, organisation or contact."""
        return Called(name, fingerprint(self.fingerprint_key(programme), Mark.NAME, name))

    def request_erasure(self, person: UUID, ground: Ground, *, at: datetime, by: str) -> None:
        """Ask that a person be erased; another has to confirm it."""
        self.say(person, lambda ledger, at: ledger.request_erasure(ground, at=at, by=by), at=at, by=by)

    def cancel_erasure(self, person: UUID, *, at: datetime, by: str) -> None:
        """Take back a request that a person be erased."""
        self.say(person, lambda ledger, at: ledger.cancel_erasure(at=at, by=by), at=at, by=by)

    def end_if_recalled(self, ledger: ConsentLedger, purpose: Purpose, read: Read, *, at: datetime) -> None:
        """Look once more whether what was read still holds: it may have been recalled while the consent was recorded.

        Whoever recalls a wording looks for the consents after it; this looks for the recall after the consent. So one
        of the two finds the other.
        """
        notice = self.notice(read.programme, purpose, read.language)
        if given_under(ledger, purpose, notice.recalled_digests):
            self.end_recalled(ledger.person_id, notice, at=at)

    def notice(self, programme: UUID, purpose: Purpose, language: str) -> Notice:
        """Give the wordings of a purpose in a language, none if nobody has published any."""
        return Together(self).notice(programme, purpose, language)

    def end_recalled(self, person: UUID, notice: Notice, *, at: datetime) -> None:
        """Record that a person's consents under recalled wordings were never valid, and end what rested on them."""

        def said(ledger: ConsentLedger, at: datetime) -> None:
            for grant in given_under(ledger, notice.purpose, notice.recalled_digests):
                ledger.invalidate(grant.consent_id, Flaw.WORDING_RECALLED, at=at, by=SERVICE)

        self.say(person, said, at=at, by=SERVICE)
