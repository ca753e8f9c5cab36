"""Emergency disclosures: asked by one coordinator, made by another."""

from functools import partial
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from api.access import CallerDep, Coordinator, MomentDep, ServiceDep
from api.emergencies import (
    MOST_HOURS,
    USUAL_HOURS,
    EmergencyShown,
    Told,
    ToldOfMe,
    disclose,
    emergencies_of,
    told_of_me,
)
from api.routes.consents import PersonInReach
from api.routes.standings import ActDep, CoordinatorsOnly
from domain import purposes
from domain.consent import ConsentLedger
from domain.consent.emergency import LONGEST_REASON, LONGEST_RECIPIENT

router = APIRouter(prefix="/api", tags=["emergencies"])


class AskEmergency(BaseModel):
    """The least that has to be told, to whom, and why a life is in danger."""

    fields: list[purposes.Field] = Field(min_length=1, max_length=len(purposes.Field))
    recipient: str = Field(min_length=1, max_length=LONGEST_RECIPIENT)
    reason: str = Field(min_length=1, max_length=LONGEST_REASON)


class Disclose(BaseModel):
    """For how long it may be used, and why it is unsafe that the person hears of it, if it is."""

    hours: int = Field(default=USUAL_HOURS, ge=1, le=MOST_HOURS)
    untold_because: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_REASON)] | None = None


@router.get("/people/{person_id}/emergencies", dependencies=[CoordinatorsOnly])
def list_emergencies(person: PersonInReach, service: ServiceDep) -> list[EmergencyShown]:
    """List the emergency disclosures of a person, and the requests for some."""
    return emergencies_of(service.alongside.ledger(person))


@router.get("/people/{person_id}/emergencies/told")
def list_told(person: PersonInReach, caller: CallerDep, service: ServiceDep) -> list[ToldOfMe]:
    """List to a person what was told of them in an emergency, unless it was said that this is unsafe."""
    caller.must_be(person)
    return told_of_me(service.alongside.ledger(person))


@router.post("/people/{person_id}/emergencies", status_code=HTTPStatus.CREATED)
def request_emergency(person: PersonInReach, ask: AskEmergency, act: ActDep) -> EmergencyShown:
    """Ask that the least be told that is needed. Nothing is told until a second coordinator does it."""
    use_case = partial(act.alongside.request_emergency, person, ask.fields)
    ledger = act.make(ConsentLedger, partial(use_case, recipient=ask.recipient, reason=ask.reason))
    return emergencies_of(ledger)[0]


@router.post("/people/{person_id}/emergencies/{emergency}/disclosure")
def disclose_emergency(
    person: PersonInReach,
    emergency: UUID,
    how: Disclose,
    caller: Coordinator,
    service: ServiceDep,
    moment: MomentDep,
) -> Told:
    """Disclose what another coordinator asked for. The answer holds the values, this once and never again."""
    return disclose(
        service.alongside,
        person,
        emergency,
        untold_because=how.untold_because,
        hours=how.hours,
        at=moment.at,
        by=caller.account,
    )


@router.delete("/people/{person_id}/emergencies/{emergency}")
def cancel_emergency(person: PersonInReach, emergency: UUID, act: ActDep) -> list[EmergencyShown]:
    """Take back or turn down what nobody has disclosed yet."""
    ledger = act.make(ConsentLedger, partial(act.alongside.cancel_emergency, person, emergency))
    return emergencies_of(ledger)
