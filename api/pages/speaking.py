"""Who speaks for somebody? One coordinator asks, another confirms; and anyone may freeze what is told."""

from datetime import date, datetime, time
from functools import partial
from http import HTTPStatus
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Query
from fastapi.responses import RedirectResponse, Response

from api.access import Coordinator, MomentDep, ReadModels, ServiceDep
from api.pages.forms import FormAct, new_key
from api.pages.layout import ShowDep
from api.pages.search import Found, Wanted, search, search_form
from api.routes.consents import PersonInReach
from api.speaking import LONGEST_MARK, marks_of, speaking_for
from domain.consent import ConsentLedger, Giver
from domain.consent.standing import LONGEST_EVIDENCE
from domain.purposes import TERMS, Purpose
from projections.second_person import waits

router = APIRouter()

DONE: Final = {
    "asked": "Asked for. Somebody else has to confirm it before it counts.",
    "confirmed": "Confirmed. They may speak for this person from now on.",
    "ended": "Ended. What was given on it counts no more.",
    "frozen": "Frozen. Nothing of this person is told, whatever they agreed to.",
    "thawed": "Thawed. What this person agreed to counts again.",
    "written": "Written down.",
}
STATES: Final = {
    "requested": "waits for a second person",
    "confirmed": "may speak",
    "ended": "may no longer speak",
    "expired": "has run out",
}

Done = Annotated[Literal["asked", "confirmed", "ended", "frozen", "thawed", "written"] | None, Query()]
Text = Annotated[str, Form(max_length=LONGEST_MARK)]


@router.get("/speaking")
def show_waiting(
    show: ShowDep,
    caller: Coordinator,
    read_models: ReadModels,
    q: Wanted = "",
) -> Response:
    """Show what waits for a second person, and find somebody to see who speaks for them."""
    wanted = q.strip()
    found = search(read_models, caller.programme_id, wanted) if wanted else []
    waiting = waits(read_models, caller.programme_id)
    return show("speaking.html", waiting=waiting, **search_form(wanted, found))


@router.get("/people/{person_id}/speaking")
def show_speakers(
    show: ShowDep,
    caller: Coordinator,
    person: PersonInReach,
    service: ServiceDep,
    moment: MomentDep,
    done: Done = None,
) -> Response:
    """Show who speaks for a person, whether they are of age, and whether all is frozen."""
    with service.reading() as read_models:
        found = next(iter(search(read_models, caller.programme_id, str(person))), Found.erased(person))
    facts = speaking_for(service.alongside.ledger(person), moment.at)
    is_minor = facts.of_age_on is not None and moment.today < facts.of_age_on
    return show(
        "speakers.html",
        person=found,
        facts=facts,
        is_minor=is_minor,
        account=caller.account,
        states=STATES,
        purposes={purpose: TERMS[purpose].words for purpose in Purpose},
        told=DONE[done] if done else "",
        key=new_key(),
        longest=LONGEST_MARK,
        longest_evidence=LONGEST_EVIDENCE,
    )


@router.post("/people/{person_id}/speaking")
def ask(
    person: PersonInReach,
    act: FormAct,
    giver: Annotated[Literal[Giver.GUARDIAN, Giver.DELEGATE], Form()],
    name: Text,
    evidence: Annotated[str, Form(max_length=LONGEST_EVIDENCE)],
    purpose: Annotated[list[Purpose], Form()],
    phone: Text = "",
    email: Text = "",
    expires_on: Annotated[date | Literal[""], Form()] = "",
) -> Response:
    """Ask that somebody may speak for a person."""
    expires_at = datetime.combine(expires_on, time(), act.at.tzinfo) if isinstance(expires_on, date) else None
    request = partial(act.alongside.request_standing, person, giver, marks_of(name, phone, email, None))
    act.make(ConsentLedger, partial(request, evidence=evidence, purposes=purpose, expires_at=expires_at))
    return _back(person, "asked")


@router.post("/people/{person_id}/speaking/{standing}")
def decide(
    person: PersonInReach, standing: UUID, act: FormAct, decision: Annotated[Literal["confirm", "end"], Form()]
) -> Response:
    """Confirm what somebody else asked for, or let somebody no longer speak for a person."""
    if decision == "confirm":
        act.make(ConsentLedger, partial(act.alongside.confirm_standing, person, standing))
        return _back(person, "confirmed")
    act.make(ConsentLedger, partial(act.alongside.end_standing, person, standing))
    return _back(person, "ended")


@router.post("/people/{person_id}/freeze")
def freeze(person: PersonInReach, act: FormAct, decision: Annotated[Literal["freeze", "thaw"], Form()]) -> Response:
    """Let nothing of a person be told, or let consents count again."""
    if decision == "freeze":
        act.make(ConsentLedger, partial(act.alongside.freeze, person))
        return _back(person, "frozen")
    act.make(ConsentLedger, partial(act.alongside.thaw, person))
    return _back(person, "thawed")


@router.post("/people/{person_id}/minority")
def say_age(
    person: PersonInReach,
    act: FormAct,
    of_age_on: Annotated[date, Form()],
    alone: Annotated[Literal["yes"] | None, Form()] = None,
) -> Response:
    """Record the day from which a person is of age."""
    record = partial(act.alongside.record_minority, person, of_age_on, consents_alone=alone is not None)
    act.make(ConsentLedger, record)
    return _back(person, "written")


@router.post("/people/{person_id}/harm")
def bar(person: PersonInReach, act: FormAct, name: Text, phone: Text = "", email: Text = "") -> Response:
    """Record who must never speak for a person. No page shows that it was."""
    act.make(ConsentLedger, partial(act.alongside.record_harm, person, marks_of(name, phone, email, None)))
    return _back(person, "written")


def _back(person: UUID, done: str) -> Response:
    return RedirectResponse(f"/people/{person}/speaking?done={done}", HTTPStatus.SEE_OTHER)
