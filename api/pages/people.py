"""Whose consents does an auditor want to see?"""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.access import Auditor, ReadModels, ServiceDep
from api.noting import NoteDep
from api.pages.layout import ShowDep
from api.pages.search import MOST_FOUND, Found, search
from domain.application import Alongside

router = APIRouter()

LONGEST_QUERY: Final = 100


@router.get("/people")
def find_people(
    show: ShowDep,
    caller: Auditor,
    read_models: ReadModels,
    service: ServiceDep,
    note: NoteDep,
    q: Annotated[str, Query(max_length=LONGEST_QUERY, pattern=r"^[^\x00]*$")] = "",
) -> Response:
    """Find people of the programme by reference, id or part of a handle."""
    wanted = q.strip()
    if wanted:
        note("find people")  # and not what they wrote, which is most often a name
    found = search(read_models, caller.programme_id, wanted) if wanted else []
    if not found:
        found = _erased(service.alongside, caller.programme_id, wanted)
    return show("people.html", wanted=wanted, found=found, most_found=MOST_FOUND, longest_query=LONGEST_QUERY)


def _erased(alongside: Alongside, programme: UUID, wanted: str) -> list[Found]:
    """Give the erased person of an id: of them there is nothing else to be found by."""
    try:
        person = UUID(wanted)
    except ValueError:
        return []
    is_here = programme in alongside.programmes_of(person)
    return [Found.erased(person)] if is_here and alongside.ledger(person).is_erased else []
