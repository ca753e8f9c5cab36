"""The waiting list."""

from fastapi import APIRouter

from api.access import Coordinator, MomentDep, ReadModels
from projections import waiting_list

router = APIRouter(prefix="/api", tags=["waiting list"])


@router.get("/waiting-list")
def list_waiting(caller: Coordinator, read_models: ReadModels, moment: MomentDep) -> list[waiting_list.Waiting]:
    """List who waits, the most urgent and longest waiting first, each with the reason why."""
    return waiting_list.waiting(read_models, caller.programme_id, at=moment.at)
