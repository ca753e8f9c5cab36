"""Was something that used a consent permitted? Decided anew, on what was known before it and on what is known now."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from domain.consent import ConsentLedger, Decision, Ending, Reason, Reliance, consent_at, decide
from domain.events import Entry, Event
from domain.purposes import Purpose

Use: TypeAlias = ConsentLedger.Disclosed | ConsentLedger.ReliedOn

PERMITTED: Final = "permitted"
NOT_PERMITTED: Final = "not permitted"

_SINCE: Final = {
    Reason.WITHDRAWN: "made after the member had withdrawn",
    Reason.REFUSED: "made after the member had refused",
    Reason.ERASED: "made after the member was erased",
    Reason.BLOCKED: "made after the two were kept apart",
    Reason.FROZEN: "made while everything of the member was held back",
}


@dataclass(frozen=True)
class Verdict:
    """Whether something was permitted, with the reason where it was not, and in words what came to be known since."""

    then: bool
    now: bool
    reason: str
    words: str


def judge(ledger: ConsentLedger, entry: Entry) -> Verdict:
    """Judge a telling or an act by the ledger that it stands in, read as far as it goes today."""
    then = denial(ledger, entry, known_at=entry.position - 1)
    now = denial(ledger, entry, known_at=None)
    if then is not None:
        return Verdict(then=False, now=now is None, reason=then, words=f"{NOT_PERMITTED}: {then}")
    if now is not None:
        since = _SINCE.get(now, f"as is now known: {now}") if isinstance(now, Reason) else now
        return Verdict(then=True, now=False, reason=now, words=f"{PERMITTED} on what was known; {since}")
    if _was_never_valid(ledger, entry.event):
        words = f"{PERMITTED} on what was known; the consent was found to be invalid since"
        return Verdict(then=True, now=False, reason=Reason.INVALIDATED, words=words)
    return Verdict(then=True, now=True, reason="", words=PERMITTED)


def denial(ledger: ConsentLedger, entry: Entry, *, known_at: int | None) -> str | None:
    """Say why something was not permitted when it took place, on what is known up to a position; none if it was.

    On what was known then, every consent that it names must be the one that permits. What was signed before and
    recorded later may permit it as well, by what is known now.
    """
    event = entry.event
    assert isinstance(event, ConsentLedger.Disclosed | ConsentLedger.ReliedOn), "nothing else uses a consent"
    if not event.consents:
        return "it names no consent"
    decisions = list(_decisions(ledger, event, known_at))
    denied = next((decision.reason for _, decision in decisions if not decision.permit), None)
    if denied is not None:
        return denied
    permitting = {_named(purpose, decision, ledger) for purpose, decision in decisions}
    is_named = known_at is None or permitting == set(event.consents)
    return None if is_named else "it names another consent than the one that permits"


def _decisions(ledger: ConsentLedger, event: Use, known_at: int | None) -> Iterator[tuple[Purpose, Decision]]:
    if isinstance(event, ConsentLedger.Disclosed):
        for field in event.fields:
            yield event.purpose, decide(ledger, event.purpose, field, event.audience, event.at, known_at)
        return
    for purpose in {used.purpose: None for used in event.consents}:
        yield (
            purpose,
            consent_at(ledger, purpose, at=event.at, known_at=known_at, counterpart=event.counterpart),
        )


def _named(purpose: Purpose, decision: Decision, ledger: ConsentLedger) -> Reliance:
    assert decision.grant is not None, "a permit has a consent"
    return Reliance(purpose, decision.grant.consent_id, ledger.id, decision.grant.version)


def _was_never_valid(ledger: ConsentLedger, event: Event) -> bool:
    assert isinstance(event, ConsentLedger.Disclosed | ConsentLedger.ReliedOn), "nothing else uses a consent"
    invalid = {
        stop.consent_id
        for stops in ledger.history.stops.values()
        for stop in stops
        if stop.ending is Ending.INVALIDATED
    }
    return any(used.consent_id in invalid for used in event.consents)
