"""Handing a programme's pool over as a problem in a file."""

import sys
from pathlib import Path
from typing import Annotated, Final
from uuid import uuid4

import typer

from api.cli.options import Asking, ProgrammeName, Today, moment, opened_at
from api.cli.output import say
from api.draws import next_commitment
from api.exchange.pool import export_pool
from domain.access import Actor
from domain.consent import Channel
from domain.disclosing import Viewing
from eventlog.files import write_whole
from matching.files import written

_WARNING: Final = (
    "This file says what people said of themselves, by handles. Whoever knows a programme's people may know them "
    "again, and guess at boundaries from whom they may not meet. It is recorded with each of them that you have it: "
    "keep it as you would keep their records, and destroy it when it has served."
)


def pool(
    programme: ProgrammeName,
    *,
    by: Asking,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Where the problem goes, if not shown.")] = None,
    today: Today = None,
) -> None:
    """Give the problem that a round would solve now, as `solve` reads it: by handles, without boundaries."""
    with opened_at(programme, today) as (service, found):
        when = moment(today)
        viewing = Viewing(by, Actor.COORDINATOR, Channel.EXPORT, uuid4().hex)
        service.alongside.note_query("pool", programme=found.id, at=when.at, by=by)
        octets = written(export_pool(service.alongside, programme, viewing, when)) + b"\n"
        commitment = next_commitment(service.alongside, programme)
    if output is None:
        sys.stdout.buffer.write(octets)
        sys.stdout.flush()
    else:
        write_whole(output, octets)
    say(_WARNING)
    say(f"Equals are drawn between once the seed is known: its commitment is {commitment.digest}.")
