"""The command that shows what a programme has agreed on for its rounds, and changes it."""

from typing import Annotated

import msgspec
import typer

from api.cli.options import By, Json, ProgrammeName, Today, moment, opened_at
from api.cli.output import emit, show


def policy(
    programme: ProgrammeName,
    *,
    standing_hour: Annotated[
        bool | None,
        typer.Option("--standing-hour/--no-standing-hour", help="Whether each match has a weekly hour of its own."),
    ] = None,
    today: Today = None,
    by: By = "coordinator",
    json: Json = False,
) -> None:
    """Show the numbers of a programme's rounds, and turn the standing hour on or off for the rounds to come."""
    with opened_at(programme, today) as (service, found):
        held = found.policy
        if standing_hour is not None:
            held = msgspec.structs.replace(held, standing_hour=standing_hour)
            service.alongside.adopt_policy(found.id, held, at=moment(today).at, by=by)
    numbers = msgspec.structs.asdict(held)
    if json:
        emit(numbers)
        return
    for name, number in numbers.items():
        show(f"{name.replace('_', ' '):<24}{number}")
