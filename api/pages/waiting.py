"""Who waits, and why still?"""

from fastapi import APIRouter
from fastapi.responses import Response

from api.access import Coordinator, MomentDep, ReadModels
from api.pages import sentences
from api.pages.layout import ShowDep
from projections import waiting_list

router = APIRouter()


@router.get("/waiting")
def list_waiting(show: ShowDep, caller: Coordinator, read_models: ReadModels, moment: MomentDep) -> Response:
    """Show the waiting list, the most urgent and longest waiting first."""
    waiting = waiting_list.waiting(read_models, caller.programme_id, at=moment.at)
    rows = [
        {
            "member": member,
            "urgency": sentences.URGENCY.get(member.urgency, member.urgency),
            "days": sentences.count(member.days, "day"),
            "needs": sentences.codes(member.needs),
            "reason": sentences.sentence(waiting_list.REASONS[member.reason]),
        }
        for member in waiting
    ]
    return show("waiting.html", rows=rows)
