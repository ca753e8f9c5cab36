"""Who asked to be erased, and who confirms it?"""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query
from fastapi.responses import RedirectResponse, Response

from api.access import Coordinator, MomentDep, ReadModels, ServiceDep
from api.erasing import confirm
from api.pages import sentences
from api.pages.layout import ShowDep
from api.routes.consents import PersonInReach
from domain.errors import InvalidValue
from projections import erasures

router = APIRouter()


@router.get("/erasures")
def show_erasures(
    show: ShowDep,
    caller: Coordinator,
    read_models: ReadModels,
    done: Annotated[Literal["erase", "keep"] | None, Query()] = None,
) -> Response:
    """Show whose erasure waits for a second person."""
    asked = erasures.asked(read_models, caller.programme_id)
    told = sentences.ERASING[done] if done else ""
    return show("erasures.html", asked=asked, grounds=sentences.GROUNDS, account=caller.account, done=told)


@router.post("/erasures/{person_id}")
def decide(
    caller: Coordinator,
    person: PersonInReach,
    service: ServiceDep,
    moment: MomentDep,
    decision: Annotated[Literal["erase", "keep"], Form()],
    sure: Annotated[Literal["yes"] | None, Form()] = None,
) -> Response:
    """Confirm that somebody be erased, for good, or turn it down."""
    if decision == "erase":
        if sure is None:
            raise InvalidValue("Say that you know that this cannot be undone.")
        confirm(service, caller.programme_id, person, at=moment.at, by=caller.account)
    else:
        service.alongside.cancel_erasure(person, at=moment.at, by=caller.account)
    return RedirectResponse(f"/erasures?done={decision}", HTTPStatus.SEE_OTHER)
