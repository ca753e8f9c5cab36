"""Blocks: whom a person does not want to meet. What they gave, and whether it fits anybody, is in no answer."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from api.access import Caller, CallerDep, MomentDep, ServiceDep, only
from api.once import Change, command
from api.routes.consents import PersonInReach
from api.routes.resources import Block, MakeBlock
from domain.access import PERSONAL_ROLES, Actor
from domain.consent import ConsentLedger, Method
from domain.errors import UnknownBlock
from domain.events import Command

router = APIRouter(prefix="/api", tags=["blocks"])

Speaker = Annotated[Caller, Depends(only(Actor.COORDINATOR, Actor.MEMBER, Actor.MENTOR))]


def saying(
    service: ServiceDep, moment: MomentDep, caller: CallerDep, command: Annotated[Command | None, Depends(command)]
) -> Change:
    """Give what a person's word needs, also one that a coordinator took down."""
    return Change(service.alongside, moment.at, caller.signs_as, None, command)


SayingDep = Annotated[Change, Depends(saying)]


@router.get("/people/{person_id}/blocks")
def list_blocks(person: PersonInReach, caller: Speaker, service: ServiceDep) -> list[Block]:
    """List a person's blocks: to themselves; to coordinators, those that the person lets them know of."""
    return _shown(service.alongside.ledger(person), caller)


@router.post("/people/{person_id}/blocks", status_code=201)
def block(person: PersonInReach, made: MakeBlock, caller: Speaker, saying: SayingDep) -> list[Block]:
    """Keep somebody away, by what they are known by. Coordinators record what a person told them."""
    act = partial(
        saying.alongside.block,
        person,
        made.value,
        made.mark,
        method=Method.WEB if caller.role in PERSONAL_ROLES else Method.PAPER,
        coordinators_may_know=made.coordinators_may_know,
    )
    return _shown(saying.make(ConsentLedger, act), caller)


@router.delete("/people/{person_id}/blocks/{block_id}")
def lift(person: PersonInReach, block_id: UUID, caller: Speaker, saying: SayingDep) -> list[Block]:
    """Take a block off. To coordinators one that they may not know of is as if it were not there."""
    known = _shown(saying.alongside.ledger(person), caller)
    if caller.role not in PERSONAL_ROLES and block_id not in {each.block for each in known}:
        raise UnknownBlock("There is no such block, or it was taken off.")
    return _shown(saying.make(ConsentLedger, partial(saying.alongside.lift_block, person, block_id)), caller)


def _shown(ledger: ConsentLedger, caller: Caller) -> list[Block]:
    is_own = caller.role in PERSONAL_ROLES
    return [Block.of(block) for block in ledger.blocks.values() if is_own or block.coordinators_may_know]
