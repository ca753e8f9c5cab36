"""The waiting list."""

from fastapi import APIRouter

from api.access import MomentDep, ReadModels
from api.routes.paging import AskedPageDep
from api.showing import waiting
from api.showing.reader import ReaderDep
from projections.waiting_list import Waiting

router = APIRouter(prefix="/api", tags=["waiting list"])


@router.get("/waiting-list")
def list_waiting(reader: ReaderDep, read_models: ReadModels, moment: MomentDep, asked: AskedPageDep) -> list[Waiting]:
    """List who waits, the most urgent and longest waiting first, each with the reason why.

    What a member does not let coordinators read is null.
    """
    return asked.rows(waiting(reader, read_models, moment, asked.paging))
