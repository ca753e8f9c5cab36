"""Why was something told, or done? The consents that carried it, the wording of each, and whether they still do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from api.auditing.disclosures import Seen, who_saw
from api.auditing.judging import Verdict, judge
from api.auditing.proof import Proof
from domain.application import Alongside
from domain.consent import ConsentLedger, Giver, Method, Reliance
from domain.errors import NotFound
from domain.events import Entry
from domain.purposes import Purpose

Prove = Callable[[int], Proof | None]
"""Prove the event at a position of the log."""


class UnknownDisclosure(NotFound):
    """There is no telling and no act at this position of the log."""


_NOTHING: Final = "Nothing was told and no consent used at this position of the log."


@dataclass(frozen=True)
class Shown:
    """The text that was answered: a version of a notice, and the SHA-256 of its bytes."""

    notice: UUID
    version: int
    language: str
    sha256: str


@dataclass(frozen=True)
class Deciding:
    """The event that gave a consent: where it stands, what was shown, on whose word and how, and its proof."""

    position: int
    version: int
    purpose: Purpose
    consent: UUID
    said_at: datetime
    expires_at: datetime
    giver: Giver
    method: Method
    recorded_by: str
    witness: str | None
    wording: Shown | None
    proof: Proof | None


@dataclass(frozen=True)
class Why:
    """What was told or done, the events that decided it, and whether it was permitted then and is by what we know."""

    person: UUID
    what: Seen
    verdict: Verdict
    deciding: list[Deciding]
    proof: Proof | None


def why(alongside: Alongside, position: int, prove: Prove, *, programme: UUID | None = None) -> Why:
    """Explain what stands at a position of the log. Raises `UnknownDisclosure` if nothing was told or done there.

    With a programme, what was done about people of others is as if it were not there.
    """
    entry = next(iter(alongside.log.read(position - 1, position)), None) if position > 0 else None
    event = entry and entry.event
    if entry is None or not isinstance(event, ConsentLedger.Disclosed | ConsentLedger.ReliedOn):
        raise UnknownDisclosure(_NOTHING)
    if programme is not None and programme not in alongside.programmes_of(event.person_id):
        raise UnknownDisclosure(_NOTHING)
    entries = alongside.ledger_entries(event.person_id)
    (what,) = (seen for seen in who_saw(event.person_id, entries).seen if seen.position == position)
    return Why(
        person=event.person_id,
        what=what,
        verdict=judge(alongside.ledger_of(event.person_id, entries), entry),
        deciding=[found for used in event.consents for found in _deciding(entries, used, prove)],
        proof=prove(position),
    )


def _deciding(entries: Sequence[Entry], used: Reliance, prove: Prove) -> list[Deciding]:
    """Give the event that an act names; none, if there is no such consent at that place."""
    found = []
    for entry in entries[used.version - 1 : used.version]:
        event = entry.event
        if isinstance(event, ConsentLedger.Granted) and event.consent_id == used.consent_id:
            found.append(_granted(entry, event, prove(entry.position)))
    return found


def _granted(entry: Entry, event: ConsentLedger.Granted, proof: Proof | None) -> Deciding:
    shown = event.wording
    return Deciding(
        position=entry.position,
        version=entry.version,
        purpose=event.purpose,
        consent=event.consent_id,
        said_at=event.said_at or event.at,
        expires_at=event.expires_at,
        giver=event.giver,
        method=event.method,
        recorded_by=event.by,
        witness=event.witness,
        wording=None if shown is None else Shown(shown.notice, shown.version, shown.language, shown.sha256),
        proof=proof,
    )
