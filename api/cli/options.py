"""The arguments and options that several commands take, and the service that they work on."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from getpass import getuser
from typing import Annotated

import typer

from api.cli.output import say
from api.moment import Moment, now, start_of
from api.service import Service, running
from api.settings import Settings
from domain.programme import Programme

ProgrammeName = Annotated[str, typer.Argument(metavar="PROGRAMME", help="The programme's short name.")]
Today = Annotated[
    datetime | None,
    typer.Option(metavar="DATE", formats=["%Y-%m-%d"], help="Work as of this day; the real one if left out."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
By = Annotated[str, typer.Option(metavar="NAME", help="The account under which this is recorded.")]
Asking = Annotated[
    str,
    typer.Option(
        "--by",
        metavar="NAME",
        default_factory=getuser,
        show_default="your name on this machine",
        help="Who asks: the account under which the question is recorded.",
    ),
]


def moment(today: datetime | None) -> Moment:
    """Give the time that a command works at."""
    return now() if today is None else start_of(today.date())


@contextmanager
def opened(today: datetime | None = None) -> Iterator[Service]:
    """Give the service on the configured database, to work as of a day if one is named."""
    with running(Settings(), say, second_clock=today is None) as service:
        yield service


@contextmanager
def opened_at(slug: str, today: datetime | None = None) -> Iterator[tuple[Service, Programme]]:
    """Give the service and one of its programmes."""
    with opened(today) as service:
        yield service, service.alongside.programme(slug)
