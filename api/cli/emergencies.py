"""Commands about what is told in an emergency: by two people, and once."""

from typing import Annotated
from uuid import UUID

import typer

from api.cli.consents import InProgramme, Person, find
from api.cli.options import By, Json, Today, moment, opened
from api.cli.output import emit, show
from api.emergencies import MOST_HOURS, USUAL_HOURS, disclose, emergencies_of
from domain.purposes import Field

app = typer.Typer(
    no_args_is_help=True, help="Tell the least that is needed when a life is in danger: two people do it."
)

Request = Annotated[
    UUID, typer.Argument(metavar="REQUEST", help="The id of the request, as `emergency list` gives it.")
]


@app.command()
def request(
    person: Person,
    *,
    field: Annotated[list[Field], typer.Option(help="What has to be told; may be given several times.")],
    to: Annotated[str, typer.Option(help="Who is to be told, and how they are reached.")],
    reason: Annotated[str, typer.Option(help="Why a life is in danger.")],
    by: By,
    today: Today = None,
    programme: InProgramme = None,
    json: Json = False,
) -> None:
    """Ask that something be told of a person. Nothing is told until somebody else discloses it."""
    with opened(today) as service:
        who = find(service, person, programme)
        ledger = service.alongside.request_emergency(
            who, field, recipient=to, reason=reason, at=moment(today).at, by=by
        )
    asked = emergencies_of(ledger)[0]
    if json:
        emit(asked)
    else:
        show(f"{asked.emergency}  Asked for. Nothing is told until somebody else discloses it.")


@app.command("disclose")
def tell(
    person: Person,
    request: Request,
    *,
    by: By,
    hours: Annotated[int, typer.Option(min=1, max=MOST_HOURS, help="For how long they may use it.")] = USUAL_HOURS,
    untold_because: Annotated[
        str | None, typer.Option(help="Why it is unsafe that the person hears of it; without this they do.")
    ] = None,
    today: Today = None,
    programme: InProgramme = None,
    json: Json = False,
) -> None:
    """Disclose what somebody else asked for. It is recorded first, then printed, this once and never again."""
    with opened(today) as service:
        who = find(service, person, programme)
        told = disclose(
            service.alongside,
            who,
            request,
            untold_because=untold_because,
            hours=hours,
            at=moment(today).at,
            by=by,
        )
    if json:
        emit(told)
        return
    show(f"For {told.recipient}, until {told.expires_at:%Y-%m-%d %H:%M} UTC:")
    for field, value in told.told.items():
        show(f"  {field:<16} {value or 'not known'}")


@app.command()
def cancel(person: Person, request: Request, *, by: By, today: Today = None, programme: InProgramme = None) -> None:
    """Take back or turn down what nobody has disclosed yet."""
    with opened(today) as service:
        who = find(service, person, programme)
        service.alongside.cancel_emergency(who, request, at=moment(today).at, by=by)
    show("Nothing was told.")


@app.command("list")
def list_emergencies(person: Person, *, programme: InProgramme = None, json: Json = False) -> None:
    """List what was told of a person in an emergency, and what waits for a second person."""
    with opened() as service:
        found = emergencies_of(service.alongside.ledger(find(service, person, programme)))
    if json:
        emit(found)
        return
    for each in found:
        fields = ", ".join(each.fields)
        show(f"{each.emergency}  {each.status:<9}  {each.requested_at:%Y-%m-%d %H:%M}  {fields} to {each.recipient}")
    if not found:
        show("Nothing was told of them in an emergency.")
