"""What is answered when somebody asks whether a thing may be told: yes or no, why, and in what state the consent is."""

from enum import StrEnum

import msgspec

from domain.consent.history import Grant, Place
from domain.purposes import Field, Obligation


class Reason(StrEnum):
    """Why something may be told, or not."""

    GIVEN = "given"
    NEVER_GIVEN = "never given"
    ASKED = "asked"
    DEFERRED = "put off"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    INVALIDATED = "invalidated"
    NOT_YET_GIVEN = "not yet given"
    EXPIRED = "expired"
    ERASED = "erased"
    FROZEN = "frozen"
    BLOCKED = "blocked"
    NO_STANDING = "no standing"
    GUARDIAN_NEEDED = "guardian needed"
    CAME_OF_AGE = "came of age"
    FIELD_NOT_COVERED = "field not covered"
    OTHER_AUDIENCE = "other audience"
    CONDITION_NOT_MET = "condition not met"


class State(StrEnum):
    """The states of a consent record of ISO/IEC TS 27560:2023, as W3C DPV names them."""

    UNKNOWN = "ConsentUnknown"
    REQUESTED = "ConsentRequested"
    DEFERRED = "ConsentRequestDeferred"
    REFUSED = "ConsentRefused"
    GIVEN = "ConsentGiven"
    RENEWED = "RenewedConsentGiven"
    EXPIRED = "ConsentExpired"
    WITHDRAWN = "ConsentWithdrawn"
    REVOKED = "ConsentRevoked"
    INVALIDATED = "ConsentInvalidated"


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """Whether something may be told, and why.

    `deciding` are the events that made it so, `fields` what the consent covers, `as_of` the position of the log up to
    which the ledger was read. `grant` is the consent of a permit.
    """

    permit: bool
    reason: Reason
    deciding: tuple[Place, ...] = ()
    fields: frozenset[Field] = frozenset()
    obligations: tuple[Obligation, ...] = ()
    as_of: int = 0
    grant: Grant | None = None
