"""What had a person agreed to at an instant, on which events, and who relied on it?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from api.access import Caller, MomentDep, ServiceDep, only
from api.consents import Replay, replay
from api.pages import sentences
from api.pages.layout import ShowDep
from api.pages.search import Found, search
from api.pages.timeline import timeline_of
from api.routes.consents import PersonInReach
from domain.access import Actor
from domain.consent import ConsentLedger
from domain.errors import InvalidValue
from domain.events import Entry
from domain.purposes import TERMS, Purpose

router = APIRouter()

LASTS: Final = {len("2026-03-02"): timedelta(days=1), len("2026-03-02T14:30"): timedelta(minutes=1)}

Reviewer = Annotated[Caller, Depends(only(Actor.AUDITOR, Actor.COORDINATOR))]


@dataclass(frozen=True)
class State:
    """Where a purpose stood, and the acts that had relied on it."""

    purpose: Purpose
    words: str
    is_permitted: bool
    reason: str
    given_at: datetime | None
    expires_at: datetime | None
    acts: list[str]


@router.get("/people/{person_id}/consents")
def show_consents(
    show: ShowDep,
    caller: Reviewer,
    person: PersonInReach,
    service: ServiceDep,
    moment: MomentDep,
    at: Annotated[str, Query(max_length=40)] = "",
    event: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    """Replay a person's consents as of an instant, of an event by its number in the ledger, or of now."""
    with service.reading() as read_models:
        found = next(iter(search(read_models, caller.programme_id, str(person))), Found.erased(person))
    entries = service.alongside.ledger_entries(person)
    latest = service.alongside.read_clocks(moment.at).judged
    as_of = _as_of(at, event, entries, latest)
    replayed = replay(service.alongside, person, as_of)
    return show(
        "consents.html",
        person=found,
        at=as_of,
        at_field=f"{as_of:%Y-%m-%dT%H:%M}",
        events=len(entries),
        seen=len(replayed.entries),
        states=[_state(replayed, purpose) for purpose in Purpose],
        lines=[sentences.ledger_line(entry) for entry in replayed.entries],
        timeline=timeline_of(replayed, begins=entries[0].event.at, ends=latest) if entries else None,
    )


def _as_of(at: str, event: int | None, entries: Sequence[Entry], now: datetime) -> datetime:
    if event is not None and entries:
        return entries[min(event, len(entries)) - 1].event.at
    return instant_of(at) if at else now


def instant_of(text: str) -> datetime:
    """Read an instant in ISO 8601, in UTC unless it says otherwise. A day or minute means its last instant."""
    try:
        found = datetime.fromisoformat(text)
        if len(text) in LASTS:
            found += LASTS[len(text)] - timedelta.resolution
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidValue("An instant is a day and a time, such as 2026-03-02T14:30, in UTC.") from None


def _state(replayed: Replay, purpose: Purpose) -> State:
    decision = replayed.decisions[purpose]
    return State(
        purpose=purpose,
        words=sentences.sentence(TERMS[purpose].words),
        is_permitted=decision.permit,
        reason=decision.reason,
        given_at=decision.grant.at if decision.grant else None,
        expires_at=decision.grant.expires_at if decision.grant else None,
        acts=[act for entry in replayed.entries for act in _acts_on(entry, purpose)],
    )


def _acts_on(entry: Entry, purpose: Purpose) -> list[str]:
    event = entry.event
    if isinstance(event, ConsentLedger.ReliedOn) and purpose in {used.purpose for used in event.consents}:
        return [f"{sentences.act(event.act)}, {sentences.instant(event.at)}"]
    return []
