"""Who waits, and why still?"""

from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.access import MomentDep, ReadModels
from api.pages import sentences
from api.pages.layout import ShowDep
from api.showing import page_or_last, waiting
from api.showing.reader import ReaderDep
from projections.waiting_list import REASONS, Waiting

router = APIRouter()

ROWS_A_PAGE: Final = 50
PARTS: Final = ("urgency", "waiting_since", "days", "needs")


@router.get("/waiting")
def list_waiting(
    show: ShowDep,
    reader: ReaderDep,
    read_models: ReadModels,
    moment: MomentDep,
    page: Annotated[int, Query(ge=1)] = 1,
) -> Response:
    """Show the waiting list, the most urgent and longest waiting first."""
    shown = page_or_last(partial(waiting, reader, read_models, moment, parts=PARTS), page, ROWS_A_PAGE)
    return show("waiting.html", rows=[_row(member) for member in shown.rows], list=shown, address="/waiting")


def _row(member: Waiting) -> dict[str, Any]:
    return {
        "member": member,
        "urgency": sentences.shared(member.urgency, sentences.urgency),
        "days": sentences.shared(member.days, sentences.days),
        "since": "" if member.waiting_since is None else f"since {sentences.day(member.waiting_since)}",
        "needs": sentences.shared(member.needs, sentences.codes),
        "reason": sentences.sentence(REASONS[member.reason]),
    }
