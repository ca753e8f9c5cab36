"""Who plans? A coordinator of a programme, on a draft of that programme."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from api.access import Coordinator, MomentDep, ServiceDep
from api.planning.planning import Planning
from api.planning.plans import Plans
from domain.draft import Draft
from domain.errors import UnknownDraft


def planning(request: Request, service: ServiceDep, caller: Coordinator, moment: MomentDep) -> Planning:
    """Give what a coordinator plans with."""
    plans: Plans = request.app.state.plans
    return Planning(service.alongside, plans, caller.programme_id, moment)


def open_to_caller(draft_id: UUID, caller: Coordinator, service: ServiceDep) -> Draft:
    """Give a draft of the coordinator's programme."""
    draft = service.alongside.load(Draft, draft_id)
    if draft.programme_id != caller.programme_id:
        raise UnknownDraft("There is no such draft.")
    return draft


PlanningDep = Annotated[Planning, Depends(planning)]
OpenDraft = Annotated[Draft, Depends(open_to_caller)]
