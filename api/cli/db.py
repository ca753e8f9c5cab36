"""Commands for the databases: bringing their tables up to date, taking them away and bringing them back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.engine import make_url

from api import backup
from api.backup.manifest import Manifest
from api.cli.options import Json
from api.cli.output import emit, say, show
from api.databases import Databases
from api.postgres import embedded_postgres
from api.settings import Settings
from eventlog.schema import KEYS_PLACE, LOG_PLACE, Place

app = typer.Typer(no_args_is_help=True, help="Keep the databases: tables, roles, backups.")

NewFolder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to write it; must not be there yet.")]
Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the backup is.")]


@app.command()
def migrate() -> None:
    """Create the databases, roles and tables that are missing, and bring those there are up to date.

    The addresses of the settings name a user who may do that.
    """
    with _databases(Settings()) as databases, backup.explained(make_url(databases.log).username or "the user named"):
        databases.migrate()
    show(f"The log's tables are at version {LOG_PLACE.head}, those of the keys at {KEYS_PLACE.head}.")


@app.command("backup")
def back_up(folder: NewFolder, *, json: Json = False) -> None:
    """Back up the log, without the keys that open it: keep theirs elsewhere, by `backup-keys`."""
    _back_up(LOG_PLACE, folder, json=json)


@app.command("backup-keys")
def back_up_keys(folder: NewFolder, *, json: Json = False) -> None:
    """Back up the keys of people, still wrapped by the master key. Keep it apart from the log's backups."""
    _back_up(KEYS_PLACE, folder, json=json)


@app.command()
def verify(
    folder: Folder,
    *,
    restore: Annotated[bool, typer.Option("--restore", help="Restore it for a moment, and compare.")] = False,
    json: Json = False,
) -> None:
    """Say whether a backup, of the log or of the keys, is as it was written: that needs no database."""
    if restore:
        with _databases(Settings()) as databases:
            manifest = backup.prove(databases, folder, say=say)
    else:
        manifest = backup.verify(folder)
    _tell("Restored and found whole" if restore else "Not a bit has changed", manifest, json=json)


@app.command("restore")
def restore_log(folder: Folder, *, json: Json = False) -> None:
    """Bring the log back into an empty database. Whoever was erased since the backup stays erased."""
    _restore(LOG_PLACE, folder, json=json)


@app.command("restore-keys")
def restore_keys(folder: Folder, *, json: Json = False) -> None:
    """Bring the keys back into an empty database, without those of people who were erased since."""
    _restore(KEYS_PLACE, folder, json=json)


def _back_up(place: Place, folder: Path, *, json: bool) -> None:
    with _databases(Settings()) as databases:
        manifest = backup.back_up(databases, place, folder, say=say)
    _tell("Backed up", manifest, json=json)


def _restore(place: Place, folder: Path, *, json: bool) -> None:
    settings = Settings()
    erasures = settings.erasure_list.read()
    if not settings.erasure_list.path.exists():
        say(f"There is no list of erasures at {settings.erasure_list.path}: nobody is taken to have been erased.")
    with _databases(settings) as databases:
        manifest = backup.restore(databases, place, folder, erasures, say=say)
    _tell("Restored", manifest, json=json)


def _tell(done: str, manifest: Manifest, *, json: bool) -> None:
    if json:
        emit(manifest)
    else:
        what = "events" if manifest.schema == LOG_PLACE.schema else "keys"
        show(f"{done}: {manifest.size:,} {what} as of {manifest.taken_at:%Y-%m-%d %H:%M} UTC, root {manifest.root}.")


@contextmanager
def _databases(settings: Settings) -> Iterator[Databases]:
    """Give the addresses of the configured databases, or of those of an embedded server, as they are."""
    if settings.database_url:
        yield Databases.at(settings.database_url, settings.keys_database_url)
    else:
        with embedded_postgres(settings.home, say=say) as url:
            yield Databases.at(url)
