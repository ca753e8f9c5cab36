"""Erasures: who asks, who confirms."""

from fastapi import APIRouter

from api.access import CallerDep, Coordinator, MomentDep, ReadModels, ServiceDep
from api.erasing import ask_or_confirm
from api.routes.consents import PersonInReach
from api.routes.resources import AskErasure, Erasure
from domain.access import PERSONAL_ROLES, Actor
from domain.errors import NotYourRole
from projections import erasures
from projections.erasures import Asked

router = APIRouter(prefix="/api", tags=["erasures"])


@router.get("/erasures")
def list_erasures(caller: Coordinator, read_models: ReadModels) -> list[Asked]:
    """List those whose erasure waits for a second person."""
    return erasures.asked(read_models, caller.programme_id)


@router.put("/people/{person_id}/erasure")
def erase(person: PersonInReach, ask: AskErasure, caller: CallerDep, service: ServiceDep, moment: MomentDep) -> Erasure:
    """Ask that a person be erased; asked by somebody else before, erase them for good.

    A member or mentor can ask for their own; a coordinator can ask, and confirm what somebody else asked for.
    """
    by = _account(caller)
    if caller.role in PERSONAL_ROLES:
        service.alongside.request_erasure(person, ask.ground, at=moment.at, by=by)
        return Erasure(person=person, status="requested")
    done = ask_or_confirm(service, caller.programme_id, person, ask.ground, at=moment.at, by=by)
    return Erasure(person=person, status="erased" if done else "requested")


@router.delete("/people/{person_id}/erasure")
def keep(person: PersonInReach, caller: CallerDep, service: ServiceDep, moment: MomentDep) -> Erasure:
    """Take back a request that nobody has confirmed."""
    service.alongside.cancel_erasure(person, at=moment.at, by=_account(caller))
    return Erasure(person=person, status="none")


def _account(caller: CallerDep) -> str:
    """Give the name under which this is recorded; auditors have none."""
    if caller.role == Actor.AUDITOR:
        raise NotYourRole("Auditors change nothing.")
    return caller.signs_as
