"""Whom do I not want to meet?"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import RedirectResponse, Response

from api.access import MomentDep, ServiceDep
from api.pages import sentences
from api.pages.layout import ShowDep
from api.pages.receipts import Person
from domain.blocks import LONGEST_VALUE
from domain.consent import Method
from domain.errors import InvalidValue
from domain.fingerprints import Mark

router = APIRouter()

Done = Literal["made", "lifted"]

DONE: Final[dict[Done, str]] = {
    "made": (
        "Noted. Whoever this is, now or later: you are not proposed to each other, and neither is shown anything of "
        "the other. They are not told."
    ),
    "lifted": "Taken off. What it ended is not brought back.",
}
MARKS: Final = {
    Mark.HANDLE: "a handle",
    Mark.NAME: "a name",
    Mark.PHONE: "a phone number",
    Mark.EMAIL: "an e-mail address",
}


@dataclass(frozen=True)
class Shown:
    """A block as its maker sees it: when it was made and by what kind of thing, never by which."""

    block_id: UUID
    made_on: str
    marks: str
    coordinators_may_know: bool


class OwnBlocks:
    """Shows people their own blocks."""

    def __init__(self, show: ShowDep, caller: Person, service: ServiceDep) -> None:
        assert caller.person_id is not None, "a token of this role names a person"
        self.person, self.by = caller.person_id, caller.role
        self.alongside, self._show = service.alongside, show

    def page(self, *, status: int = HTTPStatus.OK, done: str = "", refusal: str = "") -> Response:
        """Show the page."""
        blocks = [
            Shown(
                block_id=block.block_id,
                made_on=sentences.day(block.made_at),
                marks=" or ".join(MARKS[mark] for mark in block.marks),
                coordinators_may_know=block.coordinators_may_know,
            )
            for block in self.alongside.ledger(self.person).blocks.values()
        ]
        return self._show(
            "my_blocks.html", status=status, blocks=blocks, done=done, refusal=refusal, longest=LONGEST_VALUE
        )


OwnBlocksDep = Annotated[OwnBlocks, Depends()]


@router.get("/my-blocks")
def show_blocks(own: OwnBlocksDep, done: Annotated[Done | None, Query()] = None) -> Response:
    """Show people that they keep others away, and not whom."""
    return own.page(done=DONE[done] if done else "")


@router.post("/my-blocks")
def block(
    own: OwnBlocksDep,
    moment: MomentDep,
    value: Annotated[str, Form()] = "",
    coordinators: Annotated[Literal["yes"] | None, Form()] = None,
) -> Response:
    """Keep somebody away. The answer is the same whether or not anybody is known by what was typed."""
    may_know = coordinators is not None
    try:
        own.alongside.block(
            own.person, value, method=Method.WEB, coordinators_may_know=may_know, at=moment.at, by=own.by
        )
    except InvalidValue as refusal:
        return own.page(status=HTTPStatus.UNPROCESSABLE_ENTITY, refusal=refusal.message)
    return RedirectResponse("/my-blocks?done=made", HTTPStatus.SEE_OTHER)


@router.post("/my-blocks/{block_id}")
def lift(own: OwnBlocksDep, moment: MomentDep, block_id: UUID) -> Response:
    """Take a block off."""
    own.alongside.lift_block(own.person, block_id, at=moment.at, by=own.by)
    return RedirectResponse("/my-blocks?done=lifted", HTTPStatus.SEE_OTHER)
