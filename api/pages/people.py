"""Whose consents does an auditor want to see?"""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from api.access import Auditor, ReadModels, ServiceDep
from api.noting import NoteDep
from api.pages.layout import ShowDep
from api.pages.search import Found, Wanted, search, search_form
from domain.application import Alongside

router = APIRouter()


@router.get("/people")
def find_people(
    show: ShowDep,
    caller: Auditor,
    read_models: ReadModels,
    service: ServiceDep,
    note: NoteDep,
    q: Wanted = "",
) -> Response:
    """Find people of the programme by reference, id or part of a handle."""
    wanted = q.strip()
    if wanted:
        note("find people")  # and not what they wrote, which is most often a name
    found = search(read_models, caller.programme_id, wanted) if wanted else []
    if not found:
        found = _erased(service.alongside, caller.programme_id, wanted)
    return show("people.html", **search_form(wanted, found))


def _erased(alongside: Alongside, programme: UUID, wanted: str) -> list[Found]:
    """Give the erased person of an id: of them there is nothing else to be found by."""
    try:
        person = UUID(wanted)
    except ValueError:
        return []
    is_here = programme in alongside.programmes_of(person)
    return [Found.erased(person)] if is_here and alongside.ledger(person).is_erased else []
