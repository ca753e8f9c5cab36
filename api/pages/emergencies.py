"""What is told in an emergency, by two people and once?"""

from functools import partial
from http import HTTPStatus
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from api.access import Coordinator, MomentDep, ServiceDep
from api.emergencies import MOST_HOURS, USUAL_HOURS, disclose, emergencies_of
from api.pages.forms import FormAct, new_key
from api.pages.layout import ShowDep
from api.pages.search import Found, search
from api.pages.sentences import code
from api.routes.consents import PersonInReach
from domain.consent import ConsentLedger
from domain.consent.emergency import LONGEST_REASON, LONGEST_RECIPIENT
from domain.errors import InvalidValue
from domain.purposes import Field

router = APIRouter()

# What is needed most often stands first.
FIELDS: Final = {
    field: code(field) for field in (Field.NAME, Field.PHONE, Field.EMAIL, *Field) if field != Field.BOUNDARIES
} | {
    Field.PHONE: "phone number",
    Field.EMAIL: "e-mail address",
}


@router.get("/people/{person_id}/emergencies")
def show_emergencies(show: ShowDep, caller: Coordinator, person: PersonInReach, service: ServiceDep) -> Response:
    """Show what was told of a person in an emergency and what waits for a second person, and ask for more."""
    with service.reading() as read_models:
        found = next(iter(search(read_models, caller.programme_id, str(person))), Found.erased(person))
    return show(
        "emergencies.html",
        person=found,
        emergencies=emergencies_of(service.alongside.ledger(person)),
        account=caller.account,
        fields=FIELDS,
        key=new_key(),
        most_hours=MOST_HOURS,
        usual_hours=USUAL_HOURS,
        longest_recipient=LONGEST_RECIPIENT,
        longest_reason=LONGEST_REASON,
    )


@router.post("/people/{person_id}/emergencies")
def ask(
    person: PersonInReach,
    act: FormAct,
    recipient: Annotated[str, Form(max_length=LONGEST_RECIPIENT)],
    reason: Annotated[str, Form(max_length=LONGEST_REASON)],
    field: Annotated[list[Field] | None, Form()] = None,
) -> Response:
    """Ask that the least be told that is needed."""
    request = partial(act.alongside.request_emergency, person, field or [])
    act.make(ConsentLedger, partial(request, recipient=recipient, reason=reason))
    return _back(person)


@router.post("/people/{person_id}/emergencies/{emergency}")
def decide(
    show: ShowDep,
    person: PersonInReach,
    emergency: UUID,
    caller: Coordinator,
    service: ServiceDep,
    moment: MomentDep,
    decision: Annotated[Literal["disclose", "cancel"], Form()],
    sure: Annotated[Literal["yes"] | None, Form()] = None,
    hours: Annotated[int, Form(ge=1, le=MOST_HOURS)] = USUAL_HOURS,
    untold_because: Annotated[str, Form(max_length=LONGEST_REASON)] = "",
) -> Response:
    """Disclose what somebody else asked for: this one page shows the values. Or turn it down."""
    alongside = service.alongside
    if decision == "cancel":
        alongside.cancel_emergency(person, emergency, at=moment.at, by=caller.account)
        return _back(person)
    if sure is None:
        raise InvalidValue("Say that a life is in danger and nothing else will do.")
    told = disclose(
        alongside,
        person,
        emergency,
        untold_because=untold_because.strip() or None,
        hours=hours,
        at=moment.at,
        by=caller.account,
    )
    return show("told.html", told=told, fields=FIELDS)


def _back(person: UUID) -> Response:
    return RedirectResponse(f"/people/{person}/emergencies", HTTPStatus.SEE_OTHER)
