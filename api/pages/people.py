"""Whose consents does an auditor want to see?"""

from typing import Annotated, Final

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.access import Auditor, ReadModels
from api.pages.layout import ShowDep
from api.pages.search import MOST_FOUND, search

router = APIRouter()

LONGEST_QUERY: Final = 100


@router.get("/people")
def find_people(
    show: ShowDep,
    caller: Auditor,
    read_models: ReadModels,
    q: Annotated[str, Query(max_length=LONGEST_QUERY, pattern=r"^[^\x00]*$")] = "",
) -> Response:
    """Find people of the programme by reference, id or part of a handle."""
    wanted = q.strip()
    found = search(read_models, caller.programme_id, wanted) if wanted else []
    return show("people.html", wanted=wanted, found=found, most_found=MOST_FOUND, longest_query=LONGEST_QUERY)
