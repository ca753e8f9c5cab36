"""Finding the people that commands are about, and reading the times that they name."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer

from api.service import Service
from domain.consent import Method
from domain.errors import InvalidValue
from projections import programmes

Person = Annotated[str, typer.Argument(metavar="PERSON", help="The organisation's reference, or the person's id.")]
InProgramme = Annotated[
    str | None, typer.Option("--programme", metavar="PROGRAMME", help="Where several programmes know the reference.")
]
How = Annotated[Method, typer.Option(help="How the person said it.")]


def find(service: Service, reference: str, programme: str | None) -> UUID:
    """Find a person by reference or id, in one programme or in all."""
    if programme is not None:
        return service.alongside.find_person(reference, [programme])
    with service.reading() as read_models:
        slugs = programmes.slugs(read_models)
    return service.alongside.find_person(reference, slugs)


def instant(text: str) -> datetime:
    """Read a time; a day means its first instant, in UTC. Raises `InvalidValue`."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        message = "A time is a day such as 2016-09-01, or an instant such as 2016-09-01T12:00+02:00."
        raise InvalidValue(message) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
