"""What had a person agreed to at an instant, on which events, who could be told by it, and who was?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from sqlalchemy import Connection

from api.access import Caller, MomentDep, ServiceDep, only
from api.auditing.asking import Clocks, clocks
from api.auditing.audience import who_could_see
from api.auditing.coordinators import coordinators
from api.auditing.disclosures import who_saw
from api.auditing.lines import open_to_all
from api.auditing.replaying import Replay, replay_of, said_at
from api.noting import NoteDep
from api.pages import sentences
from api.pages.layout import ShowDep
from api.pages.search import Found, handles, search
from api.pages.timeline import timeline_of
from api.routes.consents import PersonInReach
from api.service import Service
from domain.access import Actor
from domain.consent import ConsentLedger
from domain.events import Entry
from domain.purposes import TERMS, Purpose

router = APIRouter()

MOST_SEEN: Final = 200

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
    note: NoteDep,
    at: Annotated[str, Query(max_length=40)] = "",
    known_at: Annotated[str, Query(max_length=40)] = "",
    event: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    """Replay a person's consents as of an instant, of an event by its number in the ledger, or of now."""
    entries = service.alongside.ledger_entries(person)
    shown = entries if caller.role == Actor.AUDITOR else open_to_all(entries)
    asked = clocks(service.alongside, moment.at, at, known_at)
    if event is not None and shown:
        asked = Clocks(said_at(shown[min(event, len(shown)) - 1]), asked.known_at)
    note("replay", person=person, asked=asked)
    replayed = _replayed(service.alongside.ledger_of(person, entries), shown, asked)
    replayed = replayed if caller.role == Actor.AUDITOR else replayed.openly()
    with service.reading() as read_models:
        found = next(iter(search(read_models, caller.programme_id, str(person))), Found.erased(person))
        seeing = _seeing(service, read_models, person, entries, asked) if caller.role == Actor.AUDITOR else None
    return show(
        "consents.html",
        person=found,
        at=asked.at,
        at_field=f"{asked.at:%Y-%m-%dT%H:%M}",
        known_at=asked.known_at,
        known_at_field=known_at,
        events=len(shown),
        seen=len(replayed.entries),
        states=[_state(replayed, purpose) for purpose in Purpose],
        lines=[sentences.ledger_line(entry) for entry in replayed.entries],
        timeline=_timeline(replayed, shown, service.alongside.read_clocks(moment.at).judged),
        seeing=seeing,
    )


def _replayed(ledger: ConsentLedger, shown: Sequence[Entry], asked: Clocks) -> Replay:
    return replay_of(ledger, shown, asked.at, asked.known_at)


def _timeline(replayed: Replay, entries: Sequence[Entry], latest: datetime) -> object:
    begins = min(map(said_at, entries), default=None)
    return None if begins is None else timeline_of(replayed, begins=begins, ends=latest)


def _seeing(
    service: Service, read_models: Connection, person: UUID, entries: Sequence[Entry], asked: Clocks
) -> dict[str, Any]:
    """Give who could have been told, and who was: for auditors."""
    accounts = partial(coordinators, read_models)
    could = who_could_see(service.alongside, accounts, person, asked.at, known_at=asked.known_at)
    saw = [seen for seen in who_saw(person, entries).seen if seen.position <= asked.known_at and seen.at <= asked.at]
    others = {seen.viewer for seen in saw if seen.viewer} | {
        UUID(viewer.who) for consent in could.consents for viewer in consent.viewers if viewer.match
    }
    return {
        "could": could.consents,
        "saw": saw[:MOST_SEEN],
        "more": max(0, len(saw) - MOST_SEEN),
        "handles": {str(other): handle for other, handle in handles(read_models, others).items()},
    }


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
