"""An event of a ledger as an auditor sees it: what happened, when, by whom, and never what somebody wrote."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from domain.consent import ConsentLedger, Reliance, Wording
from domain.events import Entry, Event
from domain.purposes import Purpose

NEUTRAL: Final = {
    "consent.blocked": "a block",
    "consent.block-matched": "a block",
    "consent.block-lifted": "a block taken off",
    "consent.harm-recorded": "a safeguarding record",
    "consent.minority-recorded": "under age",
}
"""What is told of events, by topic, that protect the person: that there is one, never whom it is about or who wrote it.

Other events that are not told in `_FACTS` go by the last part of their topic."""

PERSONALLY_NAMED: Final = Purpose.SAFE_SHARE
"""Of the purposes whose consents name somebody, the one where that is the name of a person."""


def line(entry: Entry) -> dict[str, Any]:
    """Give one event of a ledger as JSON."""
    tell = _FACTS.get(type(entry.event))
    return {
        "position": entry.position,
        "version": entry.version,
        "recorded_at": entry.recorded_at.isoformat() if entry.recorded_at else None,
        "at": entry.event.at.isoformat(),
        "by": entry.event.by if tell else "",
        **(tell(entry.event) if tell else {"event": _neutral(entry.event), "purposes": []}),
    }


def open_to_all(entries: Iterable[Entry]) -> Sequence[Entry]:
    """Give the events that the person and their coordinators may know of: not those that protect the person."""
    return [entry for entry in entries if type(entry.event) in _FACTS]


def unnumbered(told: dict[str, Any]) -> dict[str, Any]:
    """Leave out of what is told of a ledger the numbers that its events have in it."""
    return {
        name: [unnumbered(each) for each in value] if name == "relied_on" else value
        for name, value in told.items()
        if name != "version"
    }


def purposes_of(event: Event) -> set[Purpose]:
    """Give the purposes that an event of a ledger is about; an erasure is about all."""
    match event:
        case ConsentLedger.ReliedOn():
            return {used.purpose for used in event.consents}
        case ConsentLedger.Erased():
            return set(Purpose)
        case _:
            purpose = getattr(event, "purpose", None)
            return {purpose} if isinstance(purpose, Purpose) else set()


def _neutral(event: Event) -> str:
    return NEUTRAL.get(event.TOPIC, event.TOPIC.rpartition(".")[2].replace("-", " "))


def _asked(event: ConsentLedger.Requested | ConsentLedger.Deferred) -> dict[str, Any]:
    what = "asked" if isinstance(event, ConsentLedger.Requested) else "put off"
    return {"event": what, "purposes": [str(event.purpose)], "method": str(event.method)}


def _granted(event: ConsentLedger.Granted) -> dict[str, Any]:
    return {
        **_said("granted", event),
        "consent": str(event.consent_id),
        "expires_at": event.expires_at.isoformat(),
        "fields": None if event.fields is None else [str(field) for field in event.fields],
        "named": None if event.purpose is PERSONALLY_NAMED else event.named,
        "wording": wording(event.wording),
    }


def _refused(event: ConsentLedger.Refused) -> dict[str, Any]:
    return {**_said("refused", event), "wording": wording(event.wording)}


def _withdrawn(event: ConsentLedger.Withdrawn) -> dict[str, Any]:
    return {**_said("withdrawn", event), "consent": str(event.consent_id)}


def _given_up(event: ConsentLedger.Revoked | ConsentLedger.Invalidated) -> dict[str, Any]:
    what = "revoked" if isinstance(event, ConsentLedger.Revoked) else "invalidated"
    return {
        "event": what,
        "purposes": [str(event.purpose)],
        "consent": str(event.consent_id),
        "flaw": str(event.flaw),
    }


def _said(what: str, event: ConsentLedger.Granted | ConsentLedger.Refused | ConsentLedger.Withdrawn) -> dict[str, Any]:
    return {
        "event": what,
        "purposes": [str(event.purpose)],
        "method": str(event.method),
        "giver": str(event.giver),
        "witness": event.witness,
        "said_at": event.said_at.isoformat() if event.said_at else None,
    }


def _relied_on(event: ConsentLedger.ReliedOn) -> dict[str, Any]:
    return {
        "event": "relied on",
        "purposes": [str(reliance.purpose) for reliance in event.consents],
        "act": event.act,
        "reference": str(event.reference),
        "relied_on": [_reliance(reliance) for reliance in event.consents],
    }


def _disclosed(event: ConsentLedger.Disclosed) -> dict[str, Any]:
    return {
        "event": "disclosed",
        "purposes": [str(event.purpose)],
        "viewer": str(event.viewer) if event.viewer else None,
        "role": event.role,
        "fields": [str(field) for field in event.fields],
        "channel": str(event.channel),
        "request": event.request,
        "relied_on": [_reliance(reliance) for reliance in event.consents],
    }


def _match_accepted(event: ConsentLedger.MatchAccepted) -> dict[str, Any]:
    return {"event": f"match accepted by the {event.side}", "purposes": [], "reference": str(event.match_id)}


def _match_ended(event: ConsentLedger.MatchEnded) -> dict[str, Any]:
    return {"event": "match ended", "purposes": [], "reference": str(event.match_id)}


def _erasure_requested(event: ConsentLedger.ErasureRequested) -> dict[str, Any]:
    return {"event": "erasure requested", "purposes": [], "ground": str(event.ground)}


def _erasure_cancelled(_: ConsentLedger.ErasureCancelled) -> dict[str, Any]:
    return {"event": "erasure cancelled", "purposes": []}


def _erased(event: ConsentLedger.Erased) -> dict[str, Any]:
    return {"event": "erased", "purposes": [], "ground": str(event.ground), "requested_by": event.requested_by}


def _reliance(reliance: Reliance) -> dict[str, Any]:
    return {
        "purpose": str(reliance.purpose),
        "consent": str(reliance.consent_id),
        "ledger": str(reliance.ledger),
        "version": reliance.version,
    }


def wording(found: Wording | None) -> dict[str, Any] | None:
    """Give which text was shown: a version of a notice, and the digest of its bytes."""
    if found is None:
        return None
    return {
        "notice": str(found.notice),
        "version": found.version,
        "language": found.language,
        "sha256": found.sha256,
    }


_FACTS: Final[dict[type[Event], Callable[[Any], dict[str, Any]]]] = {
    ConsentLedger.Requested: _asked,
    ConsentLedger.Deferred: _asked,
    ConsentLedger.Granted: _granted,
    ConsentLedger.Refused: _refused,
    ConsentLedger.Withdrawn: _withdrawn,
    ConsentLedger.Revoked: _given_up,
    ConsentLedger.Invalidated: _given_up,
    ConsentLedger.ReliedOn: _relied_on,
    ConsentLedger.Disclosed: _disclosed,
    ConsentLedger.MatchAccepted: _match_accepted,
    ConsentLedger.MatchEnded: _match_ended,
    ConsentLedger.ErasureRequested: _erasure_requested,
    ConsentLedger.ErasureCancelled: _erasure_cancelled,
    ConsentLedger.Erased: _erased,
}
