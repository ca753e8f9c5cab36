"""How was it decided between equals, and how can I check it?"""

from fastapi import APIRouter
from fastapi.responses import Response

from api.access import CallerDep, ReadModels
from api.pages.layout import ShowDep
from projections import draws

router = APIRouter()


@router.get("/draws")
def list_draws(show: ShowDep, caller: CallerDep, read_models: ReadModels) -> Response:
    """Show what was committed to and what was revealed, to everybody in the programme."""
    return show("draws.html", draws=draws.published(read_models, caller.programme_id))
