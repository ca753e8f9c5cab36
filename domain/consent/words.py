"""How a person's word was given, about what and for whom, and what an act that relied on it names."""

from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

import msgspec

from domain.purposes import AudienceKind, Field, Purpose


class Method(StrEnum):
    """How a person gave their word."""

    PAPER = "paper"
    WEB = "web"
    IN_PERSON = "in-person"
    PHONE = "phone"


class Giver(StrEnum):
    """Who gave the word: the person it is about, or somebody with standing to speak for them."""

    SUBJECT = "subject"
    GUARDIAN = "guardian"
    DELEGATE = "delegate"


class Flaw(StrEnum):
    """Why a consent was never valid, or the service takes it back."""

    COERCED = "coerced"
    WRONG_PERSON = "wrong-person"
    NO_STANDING = "no-standing"
    WORDING_RECALLED = "wording-recalled"
    PROGRAMME_ENDED = "programme-ended"


class Ground(StrEnum):
    """Why a person is erased: the grounds of Article 17(1) GDPR, (a) to (e)."""

    NO_LONGER_NEEDED = "no-longer-needed"
    CONSENT_WITHDRAWN = "consent-withdrawn"
    OBJECTION = "objection"
    UNLAWFUL = "unlawful"
    LEGAL_OBLIGATION = "legal-obligation"


class Channel(StrEnum):
    """On which way something of a person was told."""

    PAGE = "page"
    API = "api"
    COMMAND = "command"
    EXPORT = "export"
    MESSAGE = "message"
    CALENDAR = "calendar"
    EMERGENCY = "emergency"


class Wording(msgspec.Struct, frozen=True):
    """The text that was shown when a word was asked for: a version of a notice, and the SHA-256 of its bytes."""

    notice: UUID
    version: int
    language: str
    sha256: str


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """On whose word: who gave it and by which standing, who witnessed it, when they said it, and what they had read.

    `authority` is the standing of a guardian or delegate. `witness` is a member of staff, needed where the word was not
    given in the person's own session. `said_at` is for what is recorded later than it was said. `serving` is the one
    showing of the wording that was answered.
    """

    giver: Giver = Giver.SUBJECT
    authority: UUID | None = None
    witness: str | None = None
    said_at: datetime | None = None
    wording: Wording | None = None
    serving: UUID | None = None


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """How far a consent goes: which fields (none: all that the purpose covers), for whom by name, and how long."""

    fields: frozenset[Field] | None = None
    named: str | None = None
    not_before: datetime | None = None
    expires_at: datetime | None = None


class Audience(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks to be told: `named` is a programme, study, organisation or contact, `match` what the two share."""

    kind: AudienceKind
    named: str | None = None
    match: UUID | None = None
    person: UUID | None = None

    @classmethod
    def optimiser(cls, programme: UUID) -> Self:
        """Give the optimiser of a programme."""
        return cls(kind=AudienceKind.OPTIMISER, named=str(programme))

    @classmethod
    def coordinators(cls, programme: UUID) -> Self:
        """Give the coordinators of a programme."""
        return cls(kind=AudienceKind.COORDINATORS, named=str(programme))

    @classmethod
    def other_side(cls, match: UUID, person: UUID) -> Self:
        """Give the other person of a match."""
        return cls(kind=AudienceKind.OTHER_SIDE, match=match, person=person)


class Reliance(msgspec.Struct, frozen=True):
    """A consent that an act relied on: the event that gave it is version `version` of the stream `ledger`."""

    purpose: Purpose
    consent_id: UUID
    ledger: UUID
    version: int
