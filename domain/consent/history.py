"""What a ledger knows, each fact with when it was true and where it stands: nothing is ever overwritten."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

import msgspec

from domain.consent.words import Flaw, Giver, Ground, Wording
from domain.purposes import Condition, Field, Purpose


class Place(msgspec.Struct, frozen=True, gc=False):
    """Where an event stands: its version in the ledger, its position in the log (0 until it is stored)."""

    version: int
    position: int

    def is_known(self, known_at: int | None) -> bool:
        """Say whether whoever has read the log up to a position knows it."""
        return known_at is None or self.position <= known_at


class Fact(Protocol):
    """Something that is true from an instant on."""

    @property
    def place(self) -> Place:
        """Where it stands."""
        ...

    @property
    def said(self) -> datetime:
        """Since when it is true."""
        ...


F = TypeVar("F", bound=Fact)


def true_at(facts: Iterable[F], at: datetime, known_at: int | None) -> list[F]:
    """Give the facts that were true at an instant, on what was known up to a position of the log."""
    return [fact for fact in facts if fact.said <= at and fact.place.is_known(known_at)]


class Grant(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A consent as it was given. `at` is when it begins."""

    place: Place
    said: datetime
    consent_id: UUID
    purpose: Purpose
    at: datetime
    expires_at: datetime
    fields: frozenset[Field] | None
    named: str | None
    conditions: tuple[Condition, ...]
    giver: Giver
    authority: UUID | None
    wording: Wording | None
    supersedes: UUID | None

    @property
    def version(self) -> int:
        """The version of the ledger that gave it."""
        return self.place.version


class Ending(StrEnum):
    """How a consent ended, other than by running out. The words are those that people read."""

    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    INVALIDATED = "invalidated"


class Stop(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A no. `named` is whom it is about, nobody: all of the purpose; `consent_id` the one consent that it is about.

    `authority` is the standing of whoever said it for the person.
    """

    place: Place
    said: datetime
    purpose: Purpose
    ending: Ending
    giver: Giver
    authority: UUID | None = None
    named: str | None = None
    consent_id: UUID | None = None
    flaw: Flaw | None = None

    def ends(self, grant: Grant, named: str | None = None) -> bool:
        """Say whether it ends a consent: one that was recorded before it, or said before it.

        `named` is who asks: a no to them by name also ends, for them, a yes that was given to everybody.

        A no ends what stands in the ledger when it is recorded, so that a slip in the day that is written on paper
        does not void it; and what was signed before a no does not come to life by being recorded after it. Whoever
        speaks for somebody takes back what was given on their own standing, and nothing that others gave.
        """
        if self.flaw is not None and self.consent_id != grant.consent_id:
            return False
        if self.giver != Giver.SUBJECT and self.authority != grant.authority:
            return False
        is_about = self.named is None or self.named in {grant.named, named}
        return is_about and (self.place.version > grant.place.version or self.said > grant.said)


class Asking(msgspec.Struct, frozen=True, gc=False):
    """The person was asked, and may have put the answer off."""

    place: Place
    said: datetime
    purpose: Purpose
    is_deferred: bool


class Stage(StrEnum):
    """How far a match has come."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    ACCEPTED = "accepted"
    ENDED = "ended"


class Step(msgspec.Struct, frozen=True, gc=False):
    """A match with the person came to a stage; `side` is who accepted, `member` or `mentor`."""

    place: Place
    said: datetime
    stage: Stage
    counterpart: UUID | None = None
    side: str | None = None


class Block(msgspec.Struct, frozen=True, gc=False):
    """The person wants nothing to do with these people, until it is lifted."""

    place: Place
    said: datetime
    block_id: UUID
    persons: frozenset[UUID]
    is_lifted: bool = False


class Minority(msgspec.Struct, frozen=True, gc=False):
    """The person comes of age on a day; `alone` says that they may consent here without a guardian before."""

    place: Place
    said: datetime
    until: date
    alone: bool


class Standing(msgspec.Struct, frozen=True, gc=False):
    """Somebody may speak for the person, about some purposes, until a day; two people recorded it."""

    place: Place
    said: datetime
    standing_id: UUID
    giver: Giver
    purposes: frozenset[Purpose]
    expires_at: datetime
    fingerprints: frozenset[str]


class StandingEnd(msgspec.Struct, frozen=True, gc=False):
    """Somebody may no longer speak for the person."""

    place: Place
    said: datetime
    standing_id: UUID


class Harm(msgspec.Struct, frozen=True, gc=False):
    """Somebody, known by keyed fingerprints, harms the person, and may not speak for them."""

    place: Place
    said: datetime
    fingerprints: frozenset[str]


class Freeze(msgspec.Struct, frozen=True, gc=False):
    """Nothing of the person is told while it lasts, whatever they consented to."""

    place: Place
    said: datetime
    is_on: bool


class SpeakerState(StrEnum):
    """How far it has come that somebody speaks for the person."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    ENDED = "ended"


class Speaker(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody of whom it was said that they may speak for the person: who, on what evidence, and what became of it."""

    standing_id: UUID
    giver: Giver
    holder: str
    fingerprints: frozenset[str]
    evidence: str
    purposes: frozenset[Purpose]
    expires_at: datetime
    requested_at: datetime
    requested_by: str
    state: SpeakerState = SpeakerState.REQUESTED

    def at_state(self, state: SpeakerState) -> "Speaker":
        """Give it as it is from another state on."""
        return msgspec.structs.replace(self, state=state)


class ErasureRequest(msgspec.Struct, frozen=True):
    """That somebody asked for the person's erasure, and on which ground."""

    ground: Ground
    by: str


class Erasure(msgspec.Struct, frozen=True, gc=False):
    """The person was erased."""

    place: Place
    said: datetime


@dataclass
class History:
    """All facts of one ledger, in the order in which they were recorded."""

    grants: dict[Purpose, list[Grant]] = field(default_factory=dict)
    stops: dict[Purpose, list[Stop]] = field(default_factory=dict)
    askings: list[Asking] = field(default_factory=list)
    matches: dict[UUID, list[Step]] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    minorities: list[Minority] = field(default_factory=list)
    standings: list[Standing] = field(default_factory=list)
    standing_ends: list[StandingEnd] = field(default_factory=list)
    harms: list[Harm] = field(default_factory=list)
    freezes: list[Freeze] = field(default_factory=list)
    erasures: list[Erasure] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    """What those are called whom consents name, by the fingerprints of their names."""
