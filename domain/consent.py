"""Who may know what about whom, and on whose word: one ledger a person, from which every permission is decided."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID, uuid5

import msgspec

from domain.aggregate import Aggregate
from domain.errors import (
    ConsentMissing,
    ErasureNotAsked,
    InvalidValue,
    NothingToWithdraw,
    PersonErased,
    SecondPersonNeeded,
)
from domain.events import Event
from domain.identity import ledger_id
from domain.purposes import TERMS, Purpose


class Method(StrEnum):
    """How a person gave their word."""

    PAPER = "paper"
    WEB = "web"
    IN_PERSON = "in-person"


class Ground(StrEnum):
    """Why a person is erased: the grounds of Article 17(1) GDPR, (a) to (e)."""

    NO_LONGER_NEEDED = "no-longer-needed"
    CONSENT_WITHDRAWN = "consent-withdrawn"
    OBJECTION = "objection"
    UNLAWFUL = "unlawful"
    LEGAL_OBLIGATION = "legal-obligation"


class ErasureRequest(msgspec.Struct, frozen=True):
    """That somebody asked for the person's erasure, and on which ground."""

    ground: Ground
    by: str


class Grant(msgspec.Struct, frozen=True):
    """A consent as given; `version` is the ledger version that gave it."""

    consent_id: UUID
    version: int
    at: datetime
    expires_at: datetime


class Reliance(msgspec.Struct, frozen=True):
    """A consent that an act relied on: the event that gave it is version `version` of the stream `ledger`."""

    purpose: Purpose
    consent_id: UUID
    ledger: UUID
    version: int


class Decision(msgspec.Struct, frozen=True):
    """Whether a purpose is permitted, why, and by which grant."""

    permit: bool
    reason: str
    grant: Grant | None = None


class ConsentLedger(Aggregate):
    """Everything a person granted, refused or withdrew, and every act that relied on it."""

    person_id: UUID
    last_at: datetime | None = None

    def __init__(self, id: UUID) -> None:  # noqa: A002
        super().__init__(id)
        self.grants: dict[Purpose, Grant] = {}
        self.ended: dict[Purpose, str] = {}  # purpose -> why there is no grant
        self.erasure: ErasureRequest | None = None
        self.is_erased = False

    class Granted(Event, frozen=True, kw_only=True):
        """The person consented to a purpose until a day; a new grant replaces the one before."""

        TOPIC = "consent.granted"
        person_id: UUID
        consent_id: UUID
        purpose: Purpose
        audience: str
        method: Method
        expires_at: datetime

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            aggregate.grants[self.purpose] = Grant(self.consent_id, aggregate.version, self.at, self.expires_at)

    class Refused(Event, frozen=True, kw_only=True):
        """The person was asked and said no."""

        TOPIC = "consent.refused"
        person_id: UUID
        purpose: Purpose
        method: Method

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            aggregate.end(self.purpose, "refused")

    class Withdrawn(Event, frozen=True, kw_only=True):
        """The person took back a consent."""

        TOPIC = "consent.withdrawn"
        person_id: UUID
        consent_id: UUID
        purpose: Purpose
        method: Method

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            aggregate.end(self.purpose, "withdrawn")

    class ReliedOn(Event, frozen=True, kw_only=True):
        """An act used these consents. It stands in the ledger, so a withdrawal and the act cannot pass each other."""

        TOPIC = "consent.relied-on"
        person_id: UUID
        act: str
        reference: UUID
        consents: tuple[Reliance, ...]

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)

    class ErasureRequested(Event, frozen=True, kw_only=True):
        """Somebody asked that the person be erased; another has to confirm it."""

        TOPIC = "consent.erasure-requested"
        person_id: UUID
        ground: Ground

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            aggregate.erasure = ErasureRequest(self.ground, self.by)

    class ErasureCancelled(Event, frozen=True, kw_only=True):
        """What somebody asked for was taken back before anybody confirmed it."""

        TOPIC = "consent.erasure-cancelled"
        person_id: UUID

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            aggregate.erasure = None

    class Erased(Event, frozen=True, kw_only=True):
        """A second person confirmed: the person's key is destroyed, and every consent has ended."""

        TOPIC = "consent.erased"
        person_id: UUID
        ground: Ground
        requested_by: str

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            for purpose in Purpose:
                aggregate.end(purpose, "erased")
            aggregate.is_erased = True

    def note(self, event: Any) -> None:
        """Remember whose ledger it is and how far its time has come."""
        self.person_id = event.person_id
        self.last_at = event.at if self.last_at is None else max(self.last_at, event.at)

    def end(self, purpose: Purpose, reason: str) -> None:
        """Forget a grant and remember why it is gone."""
        self.grants.pop(purpose, None)
        self.ended[purpose] = reason

    @classmethod
    def of(cls, person: UUID) -> Self:
        """Give the empty ledger of a person."""
        ledger = cls(ledger_id(person))
        ledger.person_id = person
        return ledger

    def grant(
        self,
        purpose: Purpose,
        *,
        method: Method,
        at: datetime,
        by: str,
        expires_at: datetime | None = None,
    ) -> None:
        """Record that the person consents, for at most the purpose's usual life unless `expires_at` says otherwise."""
        self._must_be_here()
        at = self._no_earlier(at)
        expires_at = expires_at or at + TERMS[purpose].life
        if expires_at <= at:
            raise InvalidValue("A consent ends after it begins.")
        self.record(
            self.Granted(
                person_id=self.person_id,
                consent_id=uuid5(self.id, f"consent:{self.version + 1}"),
                purpose=purpose,
                audience=TERMS[purpose].audience,
                method=method,
                expires_at=expires_at,
                at=at,
                by=by,
            ),
        )

    def refuse(self, purpose: Purpose, *, method: Method, at: datetime, by: str) -> None:
        """Record that the person was asked and said no."""
        self._must_be_here()
        event = self.Refused(person_id=self.person_id, purpose=purpose, method=method, at=self._no_earlier(at), by=by)
        self.record(event)

    def withdraw(self, purpose: Purpose, *, method: Method, at: datetime, by: str) -> None:
        """Record that the person takes a consent back. An expired one can be withdrawn as well: it ends any doubt."""
        grant = self.grants.get(purpose)
        if grant is None:
            raise NothingToWithdraw(f"There is no consent to {purpose} to withdraw.")
        self.record(
            self.Withdrawn(
                person_id=self.person_id,
                consent_id=grant.consent_id,
                purpose=purpose,
                method=method,
                at=self._no_earlier(at),
                by=by,
            ),
        )

    def request_erasure(self, ground: Ground, *, at: datetime, by: str) -> None:
        """Ask that the person be erased, on a ground. A later request replaces an earlier one."""
        self._must_be_here()
        if self.erasure != ErasureRequest(ground, by):
            event = self.ErasureRequested(person_id=self.person_id, ground=ground, at=self._no_earlier(at), by=by)
            self.record(event)

    def cancel_erasure(self, *, at: datetime, by: str) -> None:
        """Take back what was asked for. Raises `ErasureNotAsked`."""
        self._must_be_here()
        self._must_be_asked()
        self.record(self.ErasureCancelled(person_id=self.person_id, at=self._no_earlier(at), by=by))

    def erase(self, *, at: datetime, by: str) -> None:
        """Confirm what somebody else asked for. Raises `ErasureNotAsked` or `SecondPersonNeeded`."""
        self._must_be_here()
        asked = self._must_be_asked()
        if asked.by == by:
            raise SecondPersonNeeded("An erasure needs two people: somebody else has to confirm what you asked for.")
        self.record(
            self.Erased(
                person_id=self.person_id,
                ground=asked.ground,
                requested_by=asked.by,
                at=self._no_earlier(at),
                by=by,
            ),
        )

    def rely_on(
        self,
        purposes: tuple[Purpose, ...],
        *,
        act: str,
        reference: UUID,
        at: datetime,
        judged_at: datetime,
        by: str,
    ) -> tuple[Reliance, ...]:
        """Record that an act uses these consents. Raises `ConsentMissing` unless every one of them is live.

        The act takes effect `at` one time, and the consents are judged at another, no earlier one: see `domain.clocks`.
        """
        at = self._no_earlier(at)
        reliances = tuple(self._live(purpose, max(at, judged_at)) for purpose in purposes)
        self.record(
            self.ReliedOn(person_id=self.person_id, act=act, reference=reference, consents=reliances, at=at, by=by),
        )
        return reliances

    def _live(self, purpose: Purpose, at: datetime) -> Reliance:
        decision = decide(self, purpose, at=at)
        if decision.grant is None:
            raise ConsentMissing(f"There is no live consent to {purpose} ({decision.reason}).")
        return Reliance(purpose, decision.grant.consent_id, self.id, decision.grant.version)

    def _must_be_here(self) -> None:
        if self.is_erased:
            raise PersonErased("This person was erased.")

    def _must_be_asked(self) -> ErasureRequest:
        if self.erasure is None:
            raise ErasureNotAsked("Nobody has asked for this erasure.")
        return self.erasure

    def _no_earlier(self, at: datetime) -> datetime:
        """Effective time never runs backward within a ledger."""
        return at if self.last_at is None else max(at, self.last_at)


def decide(ledger: ConsentLedger, purpose: Purpose, *, at: datetime) -> Decision:
    """Say whether a person's ledger permits a purpose at an instant. The default is no."""
    grant = ledger.grants.get(purpose)
    if grant is None:
        return Decision(permit=False, reason=ledger.ended.get(purpose, "never given"))
    if at < grant.at:
        return Decision(permit=False, reason="not yet given")
    if at >= grant.expires_at:
        return Decision(permit=False, reason="expired")
    return Decision(permit=True, reason="given", grant=grant)
