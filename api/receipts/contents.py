"""What a receipt says: one change of a person's consents, from the event that recorded it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from domain.consent import ConsentLedger, Flaw, Grant, State, Wording
from domain.consent.lineage import given_at
from domain.events import Entry
from domain.purposes import TERMS, Field, Purpose

CHANGES: Final = (
    ConsentLedger.Granted,
    ConsentLedger.Refused,
    ConsentLedger.Withdrawn,
    ConsentLedger.Deferred,
    ConsentLedger.Revoked,
    ConsentLedger.Invalidated,
)

_STATES: Final[dict[type, State]] = {
    ConsentLedger.Granted: State.GIVEN,
    ConsentLedger.Refused: State.REFUSED,
    ConsentLedger.Withdrawn: State.WITHDRAWN,
    ConsentLedger.Deferred: State.DEFERRED,
    ConsentLedger.Revoked: State.REVOKED,
    ConsentLedger.Invalidated: State.INVALIDATED,
}


@dataclass(frozen=True)
class Receipt:
    """One change. `grant` is the consent that it gave or ended, `state` what it came to, `said_at` when it was said."""

    person: UUID
    ledger: UUID
    version: int
    position: int
    recorded_at: datetime | None
    effective: datetime
    said_at: datetime
    recorded_by: str
    state: State
    purpose: Purpose
    grant: Grant | None
    named: str | None
    method: str | None
    giver: str | None
    authority: UUID | None
    witness: str | None
    wording: Wording | None
    serving: UUID | None
    flaw: Flaw | None

    @property
    def is_given(self) -> bool:
        """Whether this is the receipt of a consent."""
        return self.state in {State.GIVEN, State.RENEWED}

    @property
    def fields(self) -> list[Field]:
        """What the consent covers, in the order of the list of fields; nothing where there is none."""
        if self.grant is None:
            return []
        covered = TERMS[self.purpose].fields if self.grant.fields is None else self.grant.fields
        return [field for field in Field if field in covered]

    def facts(self, withdraw: str | None) -> dict[str, Any]:
        """Give what is signed, as JSON; `withdraw` is the path that takes the consent back."""
        grant, terms = self.grant, TERMS[self.purpose]
        return {
            "state": f"dpv:{self.state}",
            "person": str(self.person),
            "ledger": str(self.ledger),
            "version": self.version,
            "position": self.position,
            "recorded_at": _text(self.recorded_at),
            "effective": _text(self.effective),
            "said_at": _text(self.said_at),
            "recorded_by": self.recorded_by,
            "purpose": str(self.purpose),
            "purpose_in_words": terms.words,
            "consent": str(grant.consent_id) if grant else None,
            "fields": [str(field) for field in self.fields],
            "audience": terms.audience,
            "named": self.named,
            "conditions": [str(each) for each in grant.conditions] if grant else [],
            "begins": _text(grant.at) if grant else None,
            "expires": _text(grant.expires_at) if grant else None,
            "method": self.method,
            "given_by": self.giver,
            "authority": str(self.authority) if self.authority else None,
            "witness": self.witness,
            "wording": _wording(self.wording),
            "serving": str(self.serving) if self.serving else None,
            "reason": str(self.flaw) if self.flaw else None,
            "withdraw": withdraw,
        }


def receipts_of(ledger: ConsentLedger, entries: Sequence[Entry]) -> list[Receipt]:
    """Give the receipts of a ledger that these entries made, the newest first."""
    return [_receipt(ledger, entry) for entry in reversed(entries) if isinstance(entry.event, CHANGES)]


def _receipt(ledger: ConsentLedger, entry: Entry) -> Receipt:
    event: Any = entry.event
    grant = _grant(ledger, entry)
    state = _STATES[type(event)]
    if state == State.GIVEN and grant is not None and grant.supersedes is not None:
        state = State.RENEWED
    named = getattr(event, "named", None) or (grant.named if grant else None)
    return Receipt(
        person=event.person_id,
        ledger=ledger.id,
        version=entry.version,
        position=entry.position,
        recorded_at=entry.recorded_at,
        effective=event.at,
        said_at=getattr(event, "said_at", None) or event.at,
        recorded_by=event.by,
        state=state,
        purpose=event.purpose,
        grant=grant,
        named=None if named is None else ledger.history.names.get(named, named),
        method=getattr(event, "method", None),
        giver=getattr(event, "giver", None),
        authority=getattr(event, "authority", None),
        witness=getattr(event, "witness", None),
        wording=getattr(event, "wording", None) or (grant.wording if grant else None),
        serving=getattr(event, "serving", None),
        flaw=getattr(event, "flaw", None),
    )


def _grant(ledger: ConsentLedger, entry: Entry) -> Grant | None:
    if isinstance(entry.event, ConsentLedger.Granted):
        return given_at(ledger, entry.version)
    consent: UUID | None = getattr(entry.event, "consent_id", None)
    return None if consent is None else ledger.given(consent)


def _wording(wording: Wording | None) -> dict[str, Any] | None:
    if wording is None:
        return None
    return {
        "notice": str(wording.notice),
        "version": wording.version,
        "language": wording.language,
        "sha256": wording.sha256,
    }


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else instant.astimezone(UTC).isoformat()
