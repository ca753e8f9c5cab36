"""Rounds: asking the optimiser, and what it found."""

from typing import Any

from fastapi import APIRouter

from api.access import Coordinator, MomentDep, ReadModels, ServiceDep
from api.rounds import hold_round
from domain.programme import Programme
from projections import programmes

router = APIRouter(prefix="/api", tags=["rounds"])


@router.get("/rounds")
def list_rounds(caller: Coordinator, read_models: ReadModels) -> list[programmes.HeldRound]:
    """List the programme's rounds, the latest first."""
    return programmes.held_rounds(read_models, caller.programme_id)


@router.post("/rounds", status_code=201)
def hold(caller: Coordinator, service: ServiceDep, moment: MomentDep) -> dict[str, Any]:
    """Hold a round over the whole pool. Its proposals replace the open ones that it does not come to again."""
    slug = service.alongside.load(Programme, caller.programme_id).slug
    return hold_round(service.alongside, slug, moment, by=caller.account).report()
