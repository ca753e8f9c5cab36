"""Commands that keep the house in order: rebuilding read models, checking promises."""

from pathlib import Path
from typing import Annotated

import typer

from api.checks import CHECKS, Check, Result
from api.cli.options import Json, opened
from api.cli.output import emit, say, show
from api.cli.progress import progress
from api.service import database
from api.settings import Settings
from domain.errors import InvalidValue


def rebuild(*, json: Json = False) -> None:
    """Build all read models anew from the log; readers go on meanwhile."""
    with opened() as service:
        if json:
            emit({"position": service.projector.rebuild()})
            return
        with progress("Rebuilding") as tell:
            position = service.projector.rebuild(tell)
    show(f"Rebuilt up to position {position}.")


def check(
    name: Annotated[str | None, typer.Argument(help="Which promise; without it, they are listed.")] = None,
    *,
    full: Annotated[bool, typer.Option("--full", help="At the size that the promise is stated for.")] = False,
    files: Annotated[
        Path | None,
        typer.Option(file_okay=False, exists=True, metavar="FOLDER", help="For `export`: FHIR R5 Consents of others."),
    ] = None,
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
    result = _tried(CHECKS[name], full=full, files=files)
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


def _tried(tried: Check, *, full: bool, files: Path | None) -> Result:
    if files is not None and tried.run_with is None:
        raise InvalidValue("This check has no use for files.")
    with database(Settings(), say) as databases:
        if files is not None and tried.run_with is not None:
            return tried.run_with(databases.log, full, files)
        return tried.run(databases.log, full)
