"""Bringing a database back from a backup, and proving that it came back whole."""

from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy.engine import make_url

from api.backup.contents import contents
from api.backup.making import DUMP
from api.backup.manifest import BackupDamaged, Manifest, verify
from api.backup.programs import find_programs
from api.backup.refused import BackupRefused, explained
from api.backup.target import make_room, refuse_foreign, removed_on_failure
from api.databases import Databases
from api.erasures import Erasure
from eventlog.keys import destroy
from eventlog.schema import KEYS_PLACE, LOG_PLACE, Place, Role, migrate, prepare


def restore(
    databases: Databases, place: Place, folder: Path, erasures: Sequence[Erasure], *, say: Callable[[str], None]
) -> Manifest:
    """Bring back the log, or the keys, into an empty database; whoever was erased since the backup stays erased.

    Raises `BackupRefused` if that cannot be done; the database is as empty as before then.
    """
    manifest = _of(place, verify(folder))
    address = databases.address(place)
    with explained(make_url(address).username or "the user of the settings"):
        refuse_foreign(address, place)
        prepare(address, place)
        known = make_room(databases, place)
        say(f"Restoring {manifest.size:,} {'events' if place == LOG_PLACE else 'keys'}")
        with removed_on_failure(databases, place):
            _load(address, folder, manifest)
            migrate(address, place)
            say("Reading all of it for its root")
            _compare(address, place, manifest)
            migrate(databases.keys, KEYS_PLACE)
            erase_again(databases, [*known, *erasures])
    return manifest


def prove(databases: Databases, folder: Path, *, say: Callable[[str], None]) -> Manifest:
    """Restore a backup into a database of its own, beside the one that it is of; compare, and drop that again."""
    manifest = verify(folder)
    place = {place.schema: place for place in (LOG_PLACE, KEYS_PLACE)}[manifest.schema]
    url = make_url(databases.address(place)).set(drivername="postgresql")
    name = f"verify_{uuid4().hex}"
    address = url.set(database=name).render_as_string(hide_password=False)
    with explained(url.username or "the user of the settings"):
        try:
            prepare(address, place)
            say(f"Restoring into {name} for a moment")
            _load(address, folder, manifest)
            _compare(address, place, manifest)
        finally:
            with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
                connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
    return manifest


def erase_again(databases: Databases, erasures: Sequence[Erasure]) -> None:
    """Take away the keys of all who were erased, and leave a mark that they were."""
    engine = databases.engine(Role.KEY_KEEPER, connections=1)
    try:
        with engine.begin() as connection:
            for erasure in erasures:
                destroy(connection, [erasure.person], at=erasure.at)
    finally:
        engine.dispose()


def _of(place: Place, manifest: Manifest) -> Manifest:
    if manifest.schema != place.schema:
        raise BackupRefused(f"This is a backup of the {_name(manifest.schema)}, not of the {_name(place.schema)}.")
    if manifest.schema_version > place.head:
        raise BackupRefused(
            f"The backup's tables are at version {manifest.schema_version}, and this program knows only {place.head}: "
            "restore it with the version of the program that wrote it, or a newer one."
        )
    return manifest


def _name(schema: str) -> str:
    return "log" if schema == LOG_PLACE.schema else "keys"


def _load(address: str, folder: Path, manifest: Manifest) -> None:
    with psycopg.connect(address) as connection:
        server = connection.info.server_version // 10_000
    if server < manifest.server:
        raise BackupRefused(f"The backup is of PostgreSQL {manifest.server}, and this server is only {server}.")
    find_programs(server, written_by=manifest.pg_dump).run(
        "pg_restore",
        address,
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        f"--role={Role.OWNER}",
        str(folder / DUMP),
    )


def _compare(address: str, place: Place, manifest: Manifest) -> None:
    with psycopg.connect(address) as connection:
        found = contents(connection, place)
    if (found.size, found.root) != (manifest.size, manifest.root):
        raise BackupDamaged(
            f"What came back is not what was backed up: size {found.size:,} with root {found.root}, "
            f"and the manifest says {manifest.size:,} with root {manifest.root}."
        )
