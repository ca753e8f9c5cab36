"""Taking a backup: a dump and a manifest of one and the same snapshot, in a folder that appears whole or not at all."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import psycopg

from api.backup.contents import contents, newest_checkpoint
from api.backup.manifest import NAME, Manifest, digest, write
from api.backup.programs import find_programs
from api.backup.refused import BackupRefused, explained
from api.databases import Databases
from eventlog.files import sync
from eventlog.schema import LOG_PLACE, Place, Role

DUMP: Final = "database.dump"
COMPRESSION: Final = 1
"""Six times as fast as PostgreSQL's usual 6 for a dump a tenth larger: what is encrypted hardly compresses."""


def back_up(databases: Databases, place: Place, folder: Path, *, say: Callable[[str], None]) -> Manifest:
    """Write a backup of the log, or of the keys, into a new folder; read models are disposable and left out.

    Raises `BackupRefused` if that cannot be done; there is no folder then.
    """
    role = Role.BACKUP if place == LOG_PLACE else Role.KEY_KEEPER
    address = databases.entrance(role)
    with explained(role), _new_folder(folder) as partial, psycopg.connect(address) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert snapshot is not None, "a function gives its value"
        server = connection.info.server_version // 10_000
        programs = find_programs(server)
        say(f"Dumping with pg_dump {programs.major}")
        programs.run(
            "pg_dump",
            address,
            "--format=custom",
            f"--compress={COMPRESSION}",
            f"--schema={place.schema}",
            f"--snapshot={snapshot[0]}",
            f"--file={partial / DUMP}",
        )
        say("Reading all of it for its root")
        found = contents(connection, place)
        manifest = Manifest(
            schema=place.schema,
            taken_at=datetime.now(UTC),
            server=server,
            pg_dump=programs.major,
            schema_version=found.schema_version,
            size=found.size,
            root=found.root,
            checkpoint=newest_checkpoint(connection) if place == LOG_PLACE else None,
            files={DUMP: digest(partial / DUMP)},
        )
        write(partial, manifest)
    return manifest


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """Lend a folder of another name, which takes this one when all is on the disk, and is removed if anything fails."""
    folder = folder.absolute()
    _refuse_taken(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}.partial-", dir=folder.parent))
    try:
        yield partial
        for path in (*partial.iterdir(), partial):
            sync(path)
        partial.rename(folder)
        sync(folder.parent)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _refuse_taken(folder: Path) -> None:
    for around in (folder, *folder.parents):
        if (around / NAME).exists():
            raise BackupRefused(f"{around} holds a backup already: each goes into a folder of its own, keys apart.")
    if folder.exists():
        raise BackupRefused(f"{folder} is there already: name a folder that is not, and it will be made.")
