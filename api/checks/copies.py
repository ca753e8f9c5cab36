"""Where does a check keep all that could ever be copied of a service? Its server's files, dumps, backups, bundles."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import psycopg

from api.backup import back_up
from api.backup.making import DUMP
from api.backup.programs import Programs, find_programs
from api.checks.marks import Marks
from api.checks.own_server import own_home, own_server
from api.checks.scratch import opened
from api.databases import Databases
from api.erasures import ErasureList
from api.safe import Safe, make, read
from api.service import Service
from eventlog.schema import KEYS_PLACE, LOG_PLACE, Role
from eventlog.transparency.bundle import write_bundle
from eventlog.transparency.folder import Folder
from eventlog.transparency.note import Signer
from eventlog.transparency.reading import read_records
from eventlog.transparency.sealer import Sealer
from projections.projection import SCHEMA

MASTER_KEY: Final = "master.key"
WHOLE_LOG: Final = "whole-log.sql"

_NOT_DURABLE: Final = {"fsync": "off"}  # nothing here outlives the check
_FILES_OF_READ_MODELS: Final = """
    SELECT pg_relation_filepath(c.oid) FROM pg_class c
    WHERE relnamespace = %(schema)s::regnamespace AND relkind IN ('r', 'i')
    OR c.oid IN (
        SELECT unnest(ARRAY[t.reltoastrelid, i.indexrelid])
        FROM pg_class t JOIN pg_index i ON indrelid = t.reltoastrelid
        WHERE t.relnamespace = %(schema)s::regnamespace
    )
"""


@dataclass(frozen=True)
class Site:
    """A service on a server of its own, and the folder for all that is ever copied from it."""

    home: Path
    copies: Path
    databases: Databases
    safe: Safe
    service: Service
    sealer: Sealer
    marks: Marks


@contextmanager
def site_of_its_own(*, connections: int) -> Iterator[Site]:
    """Run such a service for as long as the block lasts; so many threads can use it at once."""
    with ExitStack() as stack:
        copies = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        home = stack.enter_context(own_home())
        server = stack.enter_context(own_server(home, _NOT_DURABLE))
        databases = Databases.at(server.url)
        databases.migrate()
        key = copies / MASTER_KEY
        make(key)
        safe = Safe(partial(read, key), ErasureList(copies / "erasures.jsonl"))
        service = stack.enter_context(opened(databases, safe, connections=connections))
        signer, engine = Signer.make("shred.example"), service.engines[Role.PROJECTOR]
        folder = Folder(copies / "checkpoints", [signer.verifier])
        sealer = Sealer(engine, partial(read_records, engine), signer, [folder], kept=folder.kept)
        yield Site(home, copies, databases, safe, service, sealer, Marks())


def copy(site: Site, name: str) -> str:
    """Let everything be written down and copied that ever is; give the checkpoint of now."""
    with site.service.reading():
        pass
    for address in (site.databases.log, site.databases.keys):
        with psycopg.connect(address, autocommit=True) as server:
            server.execute("ANALYZE")
    flush(site)
    site.sealer.seal()
    note = site.sealer.newest()
    assert note is not None, "the log is not empty"
    write_bundle(site.copies / f"{name}.bundle", note, read_records(site.service.engines[Role.AUDITOR]))
    back_up(site.databases, LOG_PLACE, site.copies / f"log-{name}", say=_quiet)
    back_up(site.databases, KEYS_PLACE, site.copies / f"keys-{name}", say=_quiet)
    return note


def flush(site: Site) -> None:
    """Let everything in the server's memory be written to files, and files that are no longer needed go.

    A plain checkpoint leaves out the pages of unlogged tables. To copy a database's files, PostgreSQL makes one that
    does not: https://www.postgresql.org/docs/current/sql-createdatabase.html, STRATEGY.
    """
    with psycopg.connect(site.databases.log, autocommit=True) as server:
        server.execute("CREATE DATABASE flushed TEMPLATE template0 STRATEGY file_copy")
        server.execute("DROP DATABASE flushed")


def dump_everything(site: Site) -> None:
    """Write out as text what backups hold compressed, and both databases whole, with the read models."""
    with psycopg.connect(site.databases.log) as connection:
        programs = find_programs(connection.info.server_version // 10_000)
    for dump in site.copies.glob(f"*/{DUMP}"):
        _write_out(programs, dump, site.copies / f"{dump.parent.name}.sql")
    for address, name in ((site.databases.log, WHOLE_LOG), (site.databases.keys, "whole-keys.sql")):
        programs.run("pg_dump", address, "--format=plain", f"--file={site.copies / name}")


def files_of_read_models(site: Site) -> list[Path]:
    """Give the files of the read models' tables, with their indexes and what is stored apart for its length."""
    with psycopg.connect(site.databases.log) as server:
        rows = server.execute(_FILES_OF_READ_MODELS, {"schema": SCHEMA}).fetchall()
        (data,) = server.execute("SHOW data_directory").fetchone() or ("",)
    return [Path(data, name) for (name,) in rows]


def _write_out(programs: Programs, dump: Path, text: Path) -> None:
    """Write what a compressed dump holds as text."""
    subprocess.run(  # noqa: S603 - programs and arguments are ours
        [programs.folder / "pg_restore", f"--file={text}", dump], check=True, capture_output=True
    )


def _quiet(_: str) -> None:
    """Nobody waits for the steps of a check."""
