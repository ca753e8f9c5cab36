"""Commands about consents: what a person said, and what an auditor replays."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer

from api.cli.options import By, Json, Today, moment, opened
from api.cli.output import emit, show
from api.consents import replay
from api.moment import now
from api.service import Service
from domain.application import Alongside
from domain.consent import ConsentLedger, Method
from domain.errors import InvalidValue
from domain.purposes import Purpose
from projections import programmes

Person = Annotated[str, typer.Argument(metavar="PERSON", help="The organisation's reference, or the person's id.")]
InProgramme = Annotated[
    str | None, typer.Option("--programme", metavar="PROGRAMME", help="Where several programmes know the reference.")
]
How = Annotated[Method, typer.Option(help="How the person said it.")]


def show_consents(
    person: Person,
    *,
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help="A day, or an instant such as 2016-09-01T12:00+02:00.")
    ] = None,
    programme: InProgramme = None,
    json: Json = False,
) -> None:
    """Replay a person's consents as of an instant (a day means its first one, in UTC), from events."""
    with opened() as service:
        as_of = service.alongside.read_clocks(now().at).judged if at is None else _instant(at)
        report = replay(service.alongside, find(service, person, programme), as_of).report()
    if json:
        emit(report)
        return
    show(f"As of {report['at']}:")
    for consent in report["consents"]:
        until = f" until {consent['expires_at']}" if consent["permitted"] else ""
        show(f"  {consent['purpose']:<17} {'yes' if consent['permitted'] else 'no':<4} {consent['reason']}{until}")
    for event in report["events"]:
        what = f"{event['event']} {', '.join(event['purposes'])}"
        show(f"  #{event['position']}  {event['at']}  {what}  by {event['by']}")


def saying(use_case: Callable[..., ConsentLedger], said: str) -> Callable[..., None]:
    """Make a command of a use case in which a person says something to a purpose."""

    def command(
        person: Person,
        purpose: Purpose,
        *,
        by: By,
        method: How = Method.PAPER,
        today: Today = None,
        programme: InProgramme = None,
    ) -> None:
        with opened(today) as service:
            who = find(service, person, programme)
            use_case(service.alongside, who, purpose, method=method, at=moment(today).at, by=by)
        show(f"{purpose}: {said}.")

    command.__doc__ = use_case.__doc__
    return command


grant = saying(Alongside.grant, "granted")
refuse = saying(Alongside.refuse, "refused")
withdraw = saying(Alongside.withdraw, "withdrawn")


def find(service: Service, reference: str, programme: str | None) -> UUID:
    """Find a person by reference or id, in one programme or in all."""
    if programme is not None:
        return service.alongside.find_person(reference, [programme])
    with service.reading() as read_models:
        slugs = programmes.slugs(read_models)
    return service.alongside.find_person(reference, slugs)


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        message = "A time is a day such as 2016-09-01, or an instant such as 2016-09-01T12:00+02:00."
        raise InvalidValue(message) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
