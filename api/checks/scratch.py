"""Where does a check run? On databases that are there for the check alone."""

import tempfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from secrets import token_bytes
from typing import Final
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy.engine import make_url

from api.databases import Databases
from api.erasures import ErasureList
from api.safe import Safe
from api.service import Service, assemble
from domain.log import Log
from eventlog.keys import MasterKeys

MASTER_KEY: Final = b64encode(token_bytes(32)).decode()
"""What wraps the keys of a check's people, for as long as this process lives."""


@contextmanager
def scratch_database(server_url: str) -> Iterator[str]:
    """Create an empty database beside the one of the address, give its address, and drop it after."""
    server = make_url(server_url).set(drivername="postgresql")
    name = f"check_{uuid4().hex}"
    with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        try:
            yield server.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


@contextmanager
def scratch_databases(server_url: str) -> Iterator[Databases]:
    """Give both databases, with all their tables and nothing in them."""
    with scratch_database(server_url) as log, scratch_database(server_url) as keys:
        databases = Databases(log, keys)
        databases.migrate()
        yield databases


@contextmanager
def scratch_safe() -> Iterator[Safe]:
    """Give the checks' master key, and an empty list of erasures."""
    with tempfile.TemporaryDirectory() as folder:
        yield Safe(partial(MasterKeys.parse, MASTER_KEY), ErasureList(Path(folder) / "erasures.jsonl"))


@contextmanager
def scratch_service(server_url: str, *, connections: int) -> Iterator[Service]:
    """Give a service on scratch databases, for so many threads at once."""
    with scratch_databases(server_url) as databases, service_on(databases, connections=connections) as service:
        yield service


@contextmanager
def scratch_log(server_url: str, *, connections: int) -> Iterator[Log]:
    """Give an empty log on scratch databases."""
    with scratch_service(server_url, connections=connections) as service:
        yield service.alongside.log


@contextmanager
def service_on(databases: Databases, *, connections: int) -> Iterator[Service]:
    """Give a service on migrated databases, for so many threads at once."""
    with scratch_safe() as safe, opened(databases, safe, connections=connections) as service:
        yield service


@contextmanager
def opened(databases: Databases, safe: Safe, *, connections: int = 2) -> Iterator[Service]:
    """Give a service with what is kept outside of its databases, and close it.

    It asks no second clock: made-up people live on days of their own.
    """
    service = assemble(databases, safe, connections=connections, second_clock=False)
    try:
        yield service
    finally:
        service.close()
