"""Is there a database cluster in the home, and can these programs read it?"""

import os
import shutil

import psycopg
from psycopg import sql

from api.postgres.binaries import Binaries
from api.postgres.home import DATABASE, ROLE, Home
from api.postgres.process import run
from api.postgres.unavailable import PostgresUnavailable

FIRST_WITH_BUILTIN_LOCALES = 17


def make_cluster(home: Home, binaries: Binaries, *, durable: bool) -> None:
    """Make the cluster beside its place and move it there, so that an interrupted initdb leaves nothing half made."""
    for leftover in home.folder.glob("postgres.partial-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    partial = home.folder / f"postgres.partial-{os.getpid()}"
    status, printed = run(
        [
            *(binaries.folder / "initdb", "--pgdata", partial, "--username", ROLE, "--encoding=UTF8"),
            *("--auth-local=trust", "--auth-host=reject", "--data-checksums", *_locale(binaries)),
            *(() if durable else ("--no-sync",)),
        ],
        home.account,
    )
    if status:
        message = f"PostgreSQL could not set up its data in {home.folder}:\n{printed.strip()}"
        raise PostgresUnavailable(message)
    partial.rename(home.data)


def _locale(binaries: Binaries) -> tuple[str, ...]:
    if binaries.major < FIRST_WITH_BUILTIN_LOCALES:
        return ("--locale=C",)
    return ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")


def check_version(home: Home, binaries: Binaries) -> None:
    """Raise PostgresUnavailable if the data were written by another major version."""
    try:
        written_by = (home.data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        message = f"{home.data} holds something other than PostgreSQL's data. Move it away, or set ALONGSIDE_HOME."
        raise PostgresUnavailable(message) from None
    if written_by != str(binaries.major):
        message = (
            f"The data in {home.data} were written by PostgreSQL {written_by}, and the programs in {binaries.folder} "
            f"are PostgreSQL {binaries.major}. To go on, set ALONGSIDE_PG_BIN to the bin folder of a PostgreSQL "
            f"{written_by}. To move up, dump the database with its pg_dump and restore it into a new home."
        )
        raise PostgresUnavailable(message)


def ensure_database(home: Home) -> None:
    """Create our database unless the cluster has it; the server must be running."""
    with psycopg.connect(home.address("postgres"), autocommit=True) as connection:
        if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))
