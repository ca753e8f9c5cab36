"""Commands about what people read before they answer."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import By, Json, ProgrammeName, Today, moment, opened_at
from api.cli.output import emit, say, show
from domain.errors import UnknownNotice
from domain.notice import Notice
from domain.purposes import Purpose
from domain.wordings import LANGUAGE

app = typer.Typer(no_args_is_help=True, help="What people read before they agree to something, version after version.")

InLanguage = Annotated[str, typer.Option("--language", metavar="CODE", help="Such as `pt` or `pt-BR`.")]


@app.command()
def publish(
    programme: ProgrammeName,
    purpose: Purpose,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The text, in UTF-8; its first line is the question.")],
    *,
    by: By,
    language: InLanguage = LANGUAGE,
    today: Today = None,
) -> None:
    """Show a text from now on. Consents that were given under another stay what they are."""
    text = file.read_text("utf-8", errors="replace")
    with opened_at(programme, today) as (service, found):
        at = moment(today).at
        notice = service.alongside.publish_notice(found.id, purpose, language, text, at=at, by=by)
    show(f"{purpose} in {language}: version {notice.versions[-1].number}, SHA-256 {notice.versions[-1].sha256}.")


@app.command()
def recall(
    programme: ProgrammeName,
    purpose: Purpose,
    version: int,
    *,
    why: Annotated[str, typer.Option(metavar="TEXT", help="What was wrong with it.")],
    by: By,
    language: InLanguage = LANGUAGE,
    today: Today = None,
) -> None:
    """Take a text back, with every consent that was given under it. Done again, it finishes what was interrupted."""
    with opened_at(programme, today) as (service, found):
        at = moment(today).at
        people = service.alongside.recall_notice(found.id, purpose, language, version, why, at=at, by=by)
    show(f"{purpose} in {language}: version {version} is recalled. People who had agreed under it: {people}.")


@app.command("show")
def show_notice(
    programme: ProgrammeName,
    purpose: Purpose,
    *,
    language: InLanguage = LANGUAGE,
    version: Annotated[int | None, typer.Option(help="The one that is shown now, if left out.")] = None,
    json: Json = False,
) -> None:
    """Print a text as people read it, and the digest that consents know it by."""
    with opened_at(programme) as (service, found):
        notice = service.alongside.notice(found.id, purpose, language)
    wanted = notice.current if version is None else notice.version_of(version)
    if wanted is None:
        raise UnknownNotice("Nothing is shown for this purpose in this language.")
    if json:
        emit(_described(notice) | {"version": wanted.number, "sha256": wanted.sha256, "text": wanted.text})
        return
    show(wanted.text.removesuffix("\n"))
    state = "recalled" if wanted.number in notice.recalled else "shown" if wanted == notice.current else "replaced"
    say(f"Version {wanted.number}, {state}, SHA-256 {wanted.sha256}")


def _described(notice: Notice) -> dict[str, object]:
    return {
        "purpose": notice.purpose,
        "language": notice.language,
        "versions": [each.sha256 for each in notice.versions],
        "recalled": sorted(notice.recalled),
    }
