"""Commands that keep the house in order: rebuilding read models, checking promises."""

from typing import Annotated

import typer

from api.checks import CHECKS
from api.cli.options import Json, opened
from api.cli.output import emit, say, show
from api.service import database
from api.settings import Settings
from domain.errors import InvalidValue


def rebuild() -> None:
    """Build all read models anew from the log; readers go on meanwhile."""
    with opened() as service:
        position = service.projector.rebuild()
    show(f"Rebuilt up to position {position}.")


def check(
    name: Annotated[str | None, typer.Argument(help="Which promise; without it, they are listed.")] = None,
    *,
    full: Annotated[bool, typer.Option("--full", help="At the size that the promise is stated for.")] = False,
    json: Json = False,
) -> None:
    """Put a promise to the test, together with a broken variant that the test must catch.

    Ends with 0 only if the promise was kept and the variant caught, so not if the test cannot be run here.
    """
    if name is None:
        if json:
            emit({check.name: check.promise for check in CHECKS.values()})
        else:
            for each in CHECKS.values():
                show(f"{each.name:<15} {each.promise}")
        return
    if name not in CHECKS:
        raise InvalidValue(f"There is no check of this name: {', '.join(CHECKS)}.")
    say(f"{CHECKS[name].promise} ...")
    with database(Settings(), say) as databases:
        result = CHECKS[name].run(databases.log, full)
    if json:
        emit(
            {
                "check": name,
                "skipped": result.skipped,
                "kept": result.kept,
                "figure": result.figure,
                "control_caught": result.control_caught,
                "control": result.control,
            }
        )
    else:
        show(f"{result.verdict}: {result.figure}")
        if not result.skipped:
            show(f"control {'caught' if result.control_caught else 'NOT CAUGHT'}: {result.control}")
    if not (result.kept and result.control_caught):
        raise typer.Exit(1)
