"""What a person says to a purpose, or somebody for them: yes, no, no longer."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from domain.consent.entitled import must_be_free_to_agree, must_have_standing
from domain.consent.fitting import must_be_witnessed, must_fit, must_not_be_older_than_a_no, past
from domain.consent.history import Ending, Grant, Stop
from domain.consent.holding import Holding
from domain.consent.words import Giver, Method, Scope, Word, Wording
from domain.errors import InvalidValue, NothingToWithdraw
from domain.events import Event
from domain.purposes import TERMS, Condition, Field, Purpose


class Saying(Holding):
    """The part of a ledger that holds what was answered."""

    class Granted(Event, frozen=True, kw_only=True):
        """The person consented to a purpose until a day; a new grant replaces the one before.

        What has a default was not recorded in the first form of this event. No `fields`: all that the purpose covers.
        """

        TOPIC = "consent.granted"
        person_id: UUID
        consent_id: UUID
        purpose: Purpose
        audience: str
        method: Method
        expires_at: datetime
        fields: tuple[Field, ...] | None = None
        named: str | None = None
        conditions: tuple[Condition, ...] = ()
        not_before: datetime | None = None
        giver: Giver = Giver.SUBJECT
        authority: UUID | None = None
        witness: str | None = None
        said_at: datetime | None = None
        wording: Wording | None = None
        serving: UUID | None = None
        supersedes: UUID | None = None

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            said = self.said_at or self.at
            grant = Grant(
                place=aggregate.place,
                said=said,
                consent_id=self.consent_id,
                purpose=self.purpose,
                at=said if self.not_before is None else max(said, self.not_before),
                expires_at=self.expires_at,
                fields=None if self.fields is None else frozenset(self.fields),
                named=self.named,
                conditions=self.conditions,
                giver=self.giver,
                authority=self.authority,
                wording=self.wording,
                supersedes=self.supersedes,
            )
            aggregate.history.grants.setdefault(self.purpose, []).append(grant)

    class Refused(Event, frozen=True, kw_only=True):
        """The person was asked and said no."""

        TOPIC = "consent.refused"
        person_id: UUID
        purpose: Purpose
        method: Method
        named: str | None = None
        giver: Giver = Giver.SUBJECT
        authority: UUID | None = None
        witness: str | None = None
        said_at: datetime | None = None
        wording: Wording | None = None
        serving: UUID | None = None

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            _stop(aggregate, self, Ending.REFUSED)

    class Withdrawn(Event, frozen=True, kw_only=True):
        """The person took back a consent."""

        TOPIC = "consent.withdrawn"
        person_id: UUID
        consent_id: UUID
        purpose: Purpose
        method: Method
        named: str | None = None
        giver: Giver = Giver.SUBJECT
        authority: UUID | None = None
        witness: str | None = None
        said_at: datetime | None = None

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            _stop(aggregate, self, Ending.WITHDRAWN, consent_id=self.consent_id)

    def grant(
        self,
        purpose: Purpose,
        *,
        method: Method,
        at: datetime,
        by: str,
        scope: Scope = Scope(),  # noqa: B008 - frozen
        word: Word = Word(),  # noqa: B008
    ) -> None:
        """Record that the person consents, for the purpose's usual life unless the scope says otherwise.

        Raises `InvalidValue` where something that a consent needs is missing or cannot be, and what
        `domain.consent.entitled` raises where it is said for somebody else.
        """
        self.must_be_here()
        at = self.no_earlier(at)
        begins = max(word.said_at or at, scope.not_before or word.said_at or at)
        expires_at = scope.expires_at or begins + TERMS[purpose].life
        if expires_at <= begins:
            raise InvalidValue("A consent ends after it begins.")
        must_fit(purpose, scope)
        must_be_witnessed(method, word)
        must_have_standing(self, purpose, word, at)
        must_not_be_older_than_a_no(self, purpose, scope.named, word, at)
        must_be_free_to_agree(self, purpose, word, at, named=scope.named)
        before = self.unended(purpose, scope.named)
        self.record(
            self.Granted(
                person_id=self.person_id,
                consent_id=self._next_consent(),
                purpose=purpose,
                audience=TERMS[purpose].audience,
                method=method,
                expires_at=expires_at,
                fields=None if scope.fields is None else tuple(sorted(scope.fields)),
                named=scope.named,
                conditions=TERMS[purpose].conditions,
                not_before=scope.not_before,
                giver=word.giver,
                authority=word.authority,
                witness=word.witness,
                said_at=word.said_at,
                wording=word.wording,
                serving=word.serving,
                supersedes=before.consent_id if before is not None and before.giver == word.giver else None,
                at=at,
                by=by,
            ),
        )

    def _next_consent(self) -> UUID:
        """Give an id that counts consents and not events: those in between are not for everybody to know of."""
        return uuid5(self.id, f"grant:{sum(map(len, self.history.grants.values())) + 1}")

    def refuse(
        self,
        purpose: Purpose,
        *,
        method: Method,
        at: datetime,
        by: str,
        named: str | None = None,
        word: Word = Word(),  # noqa: B008
    ) -> None:
        """Record that the person was asked and said no. It ends what they consented to before.

        Said by somebody who speaks for them, it ends what was given on that standing.
        """
        self.must_be_here()
        must_have_standing(self, purpose, word, self.no_earlier(at))
        self.record(
            self.Refused(
                person_id=self.person_id,
                purpose=purpose,
                method=method,
                named=named,
                giver=word.giver,
                authority=word.authority,
                witness=word.witness,
                said_at=past(word.said_at, at),
                wording=word.wording,
                serving=word.serving,
                at=self.no_earlier(at),
                by=by,
            ),
        )

    def withdraw(
        self,
        purpose: Purpose,
        *,
        method: Method,
        at: datetime,
        by: str,
        named: str | None = None,
        word: Word = Word(),  # noqa: B008
    ) -> None:
        """Record that the person takes a consent back. An expired one can be withdrawn as well: it ends any doubt.

        Without `named`, all that they consented to for this purpose ends. Whoever speaks for them takes back what was
        given on their own standing.
        """
        self.must_be_here()
        must_have_standing(self, purpose, word, self.no_earlier(at))
        grant = self._to_be_withdrawn(purpose, named, word)
        if grant is None:
            raise NothingToWithdraw(f"There is no consent to {purpose} to withdraw.")
        self.record(
            self.Withdrawn(
                person_id=self.person_id,
                consent_id=grant.consent_id,
                purpose=purpose,
                method=method,
                named=named,
                giver=word.giver,
                authority=word.authority,
                witness=word.witness,
                said_at=past(word.said_at, at),
                at=self.no_earlier(at),
                by=by,
            ),
        )

    def _to_be_withdrawn(self, purpose: Purpose, named: str | None, word: Word) -> Grant | None:
        if word.giver == Giver.SUBJECT:
            return self.unended(purpose, named)
        return self.unended_on(word.authority, purpose, named)


def _stop(
    ledger: Saying, event: Saying.Refused | Saying.Withdrawn, ending: Ending, *, consent_id: UUID | None = None
) -> None:
    stop = Stop(
        place=ledger.place,
        said=event.said_at or event.at,
        purpose=event.purpose,
        ending=ending,
        giver=event.giver,
        authority=event.authority,
        named=event.named,
        consent_id=consent_id,
    )
    ledger.history.stops.setdefault(event.purpose, []).append(stop)
