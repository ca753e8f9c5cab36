"""Draws: what a programme has committed itself to, what its rounds revealed, and the lot of one's own pair."""

from fastapi import APIRouter

from api.access import CallerDep, ReadModels, ServiceDep
from api.draws import OwnDraw, own_draw
from api.routes.meeting import OwnMatch
from projections import draws

router = APIRouter(prefix="/api", tags=["draws"])


@router.get("/draws")
def list_draws(caller: CallerDep, read_models: ReadModels) -> list[draws.Draw]:
    """List the programme's draws, the latest first. Everybody in the programme may read them and keep them."""
    return draws.published(read_models, caller.programme_id)


@router.get("/people/{person_id}/matches/{match_id}/draw")
def get_own_draw(match: OwnMatch, service: ServiceDep) -> OwnDraw:
    """Give how one's own match was drawn: the round's draw, both names in it, and their lot."""
    return own_draw(service.alongside, match)
