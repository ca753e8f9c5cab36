"""What a person of a made-up ledger says: asks, consents and noes, on anybody's word, and the service's own noes."""

from uuid import UUID

from api.checks.consent_draws import PERSON, WORDING, Draws
from domain.consent import ConsentLedger, Flaw, Method
from domain.purposes import TERMS, Condition


class Saying(Draws):
    """A ledger in which something is said."""

    def ask(self) -> None:
        """Ask the person for a consent."""
        self.ledger.ask(self.purpose(), method=Method.WEB, serving=UUID(int=2), wording=WORDING, **self.when())

    def defer(self) -> None:
        """Put the answer off."""
        self.ledger.defer(self.purpose(), method=Method.WEB, **self.when())

    def grant(self) -> None:
        """Consent, to all or by name."""
        purpose = self.purpose()
        self.ledger.grant(purpose, method=Method.PAPER, scope=self.scope(purpose), word=self.word(), **self.when())

    def grant_unasked(self) -> None:
        """Write a consent down that the command would refuse: on standing of nobody, or older than a no."""
        purpose, word = self.purpose(), self.word()
        scope = self.scope(purpose)
        at = self.ledger.no_earlier(self.now)
        begins = max(word.said_at or at, scope.not_before or at)
        event = ConsentLedger.Granted(
            person_id=PERSON,
            consent_id=UUID(int=self.random.getrandbits(128)),
            purpose=purpose,
            audience="",
            method=Method.PAPER,
            expires_at=scope.expires_at or begins + TERMS[purpose].life,
            fields=None if scope.fields is None else tuple(sorted(scope.fields)),
            named=scope.named,
            conditions=self.random.choice((TERMS[purpose].conditions, (), (Condition.APPROVED,))),
            not_before=scope.not_before,
            giver=word.giver,
            authority=word.authority,
            said_at=word.said_at,
            at=at,
            by="check",
        )
        self.ledger.record(event)

    def refuse(self) -> None:
        """Refuse, to all or by name."""
        named = self.random.choice((None, self.name()))
        self.ledger.refuse(self.purpose(), method=Method.PAPER, named=named, word=self.word(), **self.when())

    def withdraw(self) -> None:
        """Withdraw what was given."""
        self.ledger.withdraw(self.purpose(), method=Method.PAPER, word=self.word(), **self.when())

    def withdraw_by_name(self) -> None:
        """Write down that somebody is withdrawn from by name, which no command does yet."""
        event = ConsentLedger.Withdrawn(
            person_id=PERSON,
            consent_id=UUID(int=0),
            purpose=self.purpose(),
            method=Method.PAPER,
            named=self.name(),
            said_at=self.earlier(),
            at=self.ledger.no_earlier(self.now),
            by="check",
        )
        self.ledger.record(event)

    def revoke(self) -> None:
        """Have the service take a consent back."""
        self.ledger.revoke(self.consent(), Flaw.WORDING_RECALLED, **self.when())

    def invalidate(self) -> None:
        """Have the service say that a consent never counted."""
        self.ledger.invalidate(self.consent(), Flaw.COERCED, **self.when())
