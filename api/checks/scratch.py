"""Where does a check run? On a database that is there for the check alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy.engine import make_url

from api.service import assemble
from domain.log import Log


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
def scratch_log(server_url: str, *, connections: int) -> Iterator[Log]:
    """Give an empty log on a scratch database, for so many threads at once."""
    with scratch_database(server_url) as url, log_at(url, connections=connections) as log:
        yield log


@contextmanager
def log_at(url: str, *, connections: int) -> Iterator[Log]:
    """Give the log of a database, for so many threads at once."""
    service = assemble(url, connections=connections)
    try:
        yield service.alongside.log
    finally:
        service.engine.dispose()
