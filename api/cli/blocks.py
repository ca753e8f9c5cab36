"""Commands about whom people do not want to meet, for coordinators who take it down."""

from typing import Annotated

import typer

from api.cli.consents import InProgramme, Person, find
from api.cli.options import By, Json, Today, moment, opened
from api.cli.output import emit, show
from domain.consent import ConsentLedger, Method
from domain.consent.blocking import LiveBlock
from domain.errors import InvalidValue, UnknownBlock
from domain.fingerprints import Mark


def block(
    person: Person,
    *,
    phone: Annotated[str | None, typer.Option(help="Of the person who is kept away.")] = None,
    email: Annotated[str | None, typer.Option(help="The same.")] = None,
    name: Annotated[str | None, typer.Option(help="The same.")] = None,
    handle: Annotated[str | None, typer.Option(help="The name they use here.")] = None,
    coordinators_may_know: Annotated[bool, typer.Option(help="That there is a block, not on whom.")] = False,
    method: Annotated[Method, typer.Option(help="How the person said it.")] = Method.PAPER,
    by: By,
    today: Today = None,
    programme: InProgramme = None,
) -> None:
    """Keep somebody away from a person, by one thing they are known by; left out, it is asked for and not shown."""
    given = {Mark.PHONE: phone, Mark.EMAIL: email, Mark.NAME: name, Mark.HANDLE: handle}
    mark, value = _one_of({mark: value for mark, value in given.items() if value is not None})
    with opened(today) as service:
        service.alongside.block(
            find(service, person, programme),
            value,
            mark,
            method=method,
            coordinators_may_know=coordinators_may_know,
            at=moment(today).at,
            by=by,
        )
    show("Noted.")


def list_blocks(person: Person, *, programme: InProgramme = None, json: Json = False) -> None:
    """List the blocks of a person that coordinators may know of: since when, and by what kind of thing."""
    with opened() as service:
        known = _known(service.alongside.ledger(find(service, person, programme)))
    if json:
        emit([_told(each) for each in known])
        return
    for each in known:
        show(f"{each.block_id}  {each.made_at.isoformat()}  {' or '.join(each.marks)}")


def unblock(
    person: Person,
    block: Annotated[str, typer.Argument(metavar="BLOCK", help="The id that `alongside blocks` gives.")],
    *,
    by: By,
    today: Today = None,
    programme: InProgramme = None,
) -> None:
    """Take a block off that coordinators may know of."""
    with opened(today) as service:
        who = find(service, person, programme)
        found = next((each for each in _known(service.alongside.ledger(who)) if str(each.block_id) == block), None)
        if found is None:
            raise UnknownBlock("There is no such block, or it was taken off.")
        service.alongside.lift_block(who, found.block_id, at=moment(today).at, by=by)
    show("Taken off.")


def _one_of(given: dict[Mark, str]) -> tuple[Mark | None, str]:
    if len(given) > 1:
        raise InvalidValue("Name one thing that they are known by; make another block for another.")
    if given:
        return next(iter(given.items()))
    return None, str(typer.prompt("Phone number, e-mail address, name or handle", hide_input=True))


def _known(ledger: ConsentLedger) -> list[LiveBlock]:
    return [block for block in ledger.blocks.values() if block.coordinators_may_know]


def _told(block: LiveBlock) -> dict[str, object]:
    return {"block": str(block.block_id), "made_at": block.made_at.isoformat(), "marks": list(block.marks)}
