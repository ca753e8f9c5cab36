"""The PostgreSQL server that the tests run on, a database a test, and a service on it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from sqlalchemy.engine import make_url

from api.moment import Moment, start_of
from api.postgres import embedded_postgres
from api.service import Service, assemble

SERVER = pytest.StashKey[str]()
STACK = pytest.StashKey[ExitStack]()
TEMPLATE = "alongside_template"

TODAY = date(2026, 3, 2)


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        config.stash[SERVER] = config.workerinput["server"]
        return
    config.stash[STACK] = stack = ExitStack()
    config.stash[SERVER] = server = os.environ.get("DATABASE_URL") or stack.enter_context(_embedded())
    name = f"{TEMPLATE}_{uuid4().hex[:8]}"
    stack.enter_context(_database(server, name, template="template1"))
    assemble(_address(server, name)).engine.dispose()
    config.stash[SERVER] = f"{server}|{name}"


def pytest_configure_node(node: object) -> None:
    """Tell a worker of pytest-xdist which server to use."""
    node.workerinput["server"] = node.config.stash[SERVER]


def pytest_unconfigure(config: pytest.Config) -> None:
    if STACK in config.stash:
        config.stash[STACK].close()


@contextmanager
def _embedded() -> Iterator[str]:
    """Run a server for these tests alone: what it holds need not outlive a power cut."""
    home = Path(tempfile.mkdtemp(prefix="alongside-tests-"))
    settings = {"fsync": "off", "max_connections": "200"}
    with embedded_postgres(home, say=lambda _: None, settings=settings) as server:
        yield server
    shutil.rmtree(home)


@contextmanager
def _database(server: str, name: str, template: str) -> Iterator[str]:
    """Make a database that is there for a while."""
    create = SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(create)
        yield _address(server, name)
        connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def _address(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """An own database with empty tables."""
    server, template = request.config.stash[SERVER].split("|")
    with _database(server, f"test_{uuid4().hex}", template) as url:
        yield url


@pytest.fixture(scope="module")
def shared_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database that the tests of a module share, each leaving it as it was."""
    server, template = request.config.stash[SERVER].split("|")
    with _database(server, f"test_{uuid4().hex}", template) as url:
        yield url


@pytest.fixture
def service(database_url: str) -> Iterator[Service]:
    """A service on a database of its own."""
    found = assemble(database_url, connections=10)
    yield found
    found.engine.dispose()


@pytest.fixture
def moment() -> Moment:
    """The first instant of the day on which tests take place."""
    return start_of(TODAY)
