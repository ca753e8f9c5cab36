"""A person's consents as of an instant, replayed from events: for the auditor, the API and the pages alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.application import Alongside
from domain.consent import ConsentLedger, Decision, Method, Reliance, decide
from domain.events import Entry, Event
from domain.purposes import Purpose


@dataclass(frozen=True)
class Replay:
    """What was permitted at an instant, for every purpose, and the events that had taken effect by then."""

    person_id: UUID
    at: datetime
    decisions: dict[Purpose, Decision]
    entries: Sequence[Entry]

    def report(self) -> dict[str, Any]:
        """Give the replay as one JSON object."""
        return {
            "person": str(self.person_id),
            "at": self.at.isoformat(),
            "consents": [
                {
                    "purpose": str(purpose),
                    "permitted": decision.permit,
                    "reason": decision.reason,
                    "given_at": decision.grant.at.isoformat() if decision.grant else None,
                    "expires_at": decision.grant.expires_at.isoformat() if decision.grant else None,
                }
                for purpose, decision in self.decisions.items()
            ],
            "events": [line(entry) for entry in self.entries],
        }


def replay(alongside: Alongside, person: UUID, at: datetime, *, version: int | None = None) -> Replay:
    """Replay a person's ledger as of an instant, up to a version of it if one is named."""
    entries = alongside.ledger_entries(person, as_of=at)[:version]
    ledger = alongside.ledger_of(person, entries)
    return Replay(person, at, {purpose: decide(ledger, purpose, at=at) for purpose in Purpose}, entries)


def line(entry: Entry) -> dict[str, Any]:
    """Give one event of a ledger as JSON."""
    event = entry.event
    common = {
        "position": entry.position,
        "version": entry.version,
        "recorded_at": entry.recorded_at.isoformat() if entry.recorded_at else None,
        "at": event.at.isoformat(),
        "by": event.by,
    }
    return common | _facts(event)


def _facts(event: Event) -> dict[str, Any]:
    facts: dict[str, Any]
    match event:
        case ConsentLedger.Granted():
            facts = {
                **_said("granted", event.purpose, event.method),
                "consent": str(event.consent_id),
                "expires_at": event.expires_at.isoformat(),
            }
        case ConsentLedger.Refused():
            facts = _said("refused", event.purpose, event.method)
        case ConsentLedger.Withdrawn():
            facts = {**_said("withdrawn", event.purpose, event.method), "consent": str(event.consent_id)}
        case ConsentLedger.ReliedOn():
            facts = {
                "event": "relied on",
                "purposes": [str(reliance.purpose) for reliance in event.consents],
                "act": event.act,
                "reference": str(event.reference),
                "relied_on": [_reliance(reliance) for reliance in event.consents],
            }
        case ConsentLedger.ErasureRequested():
            facts = {"event": "erasure requested", "purposes": [], "ground": str(event.ground)}
        case ConsentLedger.ErasureCancelled():
            facts = {"event": "erasure cancelled", "purposes": []}
        case ConsentLedger.Erased():
            ground, requested_by = str(event.ground), event.requested_by
            facts = {"event": "erased", "purposes": [], "ground": ground, "requested_by": requested_by}
        case _:
            raise AssertionError("a ledger holds no other events")
    return facts


def _said(what: str, purpose: Purpose, method: Method) -> dict[str, Any]:
    return {"event": what, "purposes": [str(purpose)], "method": str(method)}


def _reliance(reliance: Reliance) -> dict[str, Any]:
    return {
        "purpose": str(reliance.purpose),
        "consent": str(reliance.consent_id),
        "ledger": str(reliance.ledger),
        "version": reliance.version,
    }
