"""Commands about people who are to be forgotten, and about the keys that this rests on."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.consents import InProgramme, Person, find
from api.cli.options import By, Json, ProgrammeName, Today, moment, opened, opened_at
from api.cli.output import emit, say, show
from api.erasing import ask_or_confirm, finish
from api.rotating import rewrap as wrap_anew
from api.rotating import rotate as replace_master_key
from api.safe import Safe, make, master_key_file
from api.service import database
from api.settings import Settings
from domain.consent import Ground
from domain.errors import InvalidValue
from projections import erasures

keys = typer.Typer(no_args_is_help=True, help="Keep the master keys, which people's keys are wrapped with.")


def erase(
    person: Person,
    *,
    by: By,
    reason: Annotated[Ground, typer.Option(help="On which ground; those of Article 17(1) GDPR.")],
    today: Today = None,
    programme: InProgramme = None,
    json: Json = False,
) -> None:
    """Ask that a person be erased; given by a second person, erase them for good.

    Their key is destroyed: what they said and what was said of them can be read no more, here or in any backup. What
    was done stays in the log, under an id. A member's own request on their page counts as the first of the two.
    """
    with opened(today) as service:
        who = find(service, person, programme)
        (where,) = service.alongside.programmes_of(who)
        done = ask_or_confirm(service, where, who, reason, at=moment(today).at, by=by)
    if json:
        emit({"person": str(who), "status": "erased" if done else "requested", "ground": str(reason)})
    elif done:
        show("Erased. Destroy older backups of the keys, or let `alongside keys rotate` make them useless.")
    else:
        show("Asked for. Nothing is erased until somebody else gives the same command.")


def list_erasures(programme: ProgrammeName, *, json: Json = False) -> None:
    """List those whose erasure waits for a second person."""
    with opened_at(programme) as (service, found), service.reading() as read_models:
        asked = erasures.asked(read_models, found.id)
    if json:
        emit(asked)
        return
    for each in asked:
        show(f"{each.person_id}  {each.ground:<18} asked for by {each.requested_by} on {each.requested_at:%Y-%m-%d}")
    if not asked:
        show("Nobody's erasure waits for a second person.")


def finish_erasures() -> None:
    """Carry out what an interrupted erasure, or a restored database, left undone."""
    with opened() as service:
        count = finish(service)
    show(f"{count} erasures finished." if count else "Nothing was left undone.")


@keys.command()
def create(file: Annotated[Path, typer.Argument(help="Where to write it; must not be there yet.")]) -> None:
    """Make the first master key. Keep a copy where neither database nor its backups are: without it all is lost."""
    make(file)
    show(f"A master key is in {file}, readable to its owner alone. Set ALONGSIDE_MASTER_KEY_FILE={file}.")


@keys.command()
def rotate() -> None:
    """Replace the master key and wrap every person's key anew; what the old one wrapped, in any backup, opens no more.

    For master keys in a file. A service that runs meanwhile takes the new key up by itself.
    """
    settings = Settings()
    if settings.master_key or settings.master_key_command:
        raise InvalidValue(
            "These master keys are not in a file. Put a new one in front of them where they are, then give "
            "`alongside keys rewrap`, then remove the old one."
        )
    file = master_key_file(settings)
    with database(settings, say) as databases:
        changed = replace_master_key(databases, file)
    show(f"{changed} keys are wrapped by the new master key; the old one is gone from {file}.")


@keys.command()
def rewrap() -> None:
    """Wrap every person's key under the first master key; the others can then be destroyed."""
    settings = Settings()
    with database(settings, say) as databases:
        changed = wrap_anew(databases, Safe.of(settings).masters())
    show(f"{changed} keys were wrapped anew. Only the first master key is needed now.")
