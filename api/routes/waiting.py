"""The waiting list."""

from fastapi import APIRouter

from api.access import Coordinator, MomentDep, ReadModels
from api.routes.resources import Waiting
from projections import waiting_list

router = APIRouter(prefix="/api", tags=["waiting list"])


@router.get("/waiting-list")
def list_waiting(caller: Coordinator, read_models: ReadModels, moment: MomentDep) -> list[Waiting]:
    """List who waits, the most urgent and longest waiting first, each with the reason why."""
    found = waiting_list.waiting(read_models, caller.programme_id, at=moment.at)
    return [Waiting.model_validate(member) for member in found]
