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

from api.databases import Databases
from api.erasures import ErasureList
from api.moment import Moment, start_of
from api.postgres import embedded_postgres
from api.safe import Safe
from api.service import Service, assemble
from eventlog.keys import MasterKeys
from eventlog.schema import KEYS_PLACE, LOG_PLACE, admit

SERVER = pytest.StashKey[str]()
STACK = pytest.StashKey[ExitStack]()
TEMPLATE = "alongside_template"
ROOM = 3 * 2**30  # bytes; PostgreSQL's journal takes the most of it

MASTERS = MasterKeys([b"\7" * 32])
TODAY = date(2026, 3, 2)


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        config.stash[SERVER] = config.workerinput["server"]
        return
    config.stash[STACK] = stack = ExitStack()
    config.stash[SERVER] = server = os.environ.get("DATABASE_URL") or stack.enter_context(_embedded())
    name = f"{TEMPLATE}_{uuid4().hex[:8]}"
    templates = stack.enter_context(_databases(server, name, template="template1"))
    templates.migrate()
    assemble(templates, Safe(lambda: MASTERS, ErasureList(Path("nowhere")))).close()
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
    home = Path(tempfile.mkdtemp(prefix="alongside-tests-", dir=_in_memory()))
    settings = {"fsync": "off", "max_connections": "200"}
    with embedded_postgres(home, say=lambda _: None, settings=settings) as server:
        yield server
    shutil.rmtree(home)


def _in_memory() -> str | None:
    """Give a folder that lies in memory, if it has room: there, a database is made in a tenth of the time."""
    folder = Path("/dev/shm")
    return str(folder) if folder.is_dir() and shutil.disk_usage(folder).free > ROOM else None


@contextmanager
def _databases(server: str, name: str, template: str) -> Iterator[Databases]:
    """Make the log's database and that of the keys for a while."""
    keys_template = template if template == "template1" else f"{template}_keys"
    with _database(server, name, template) as log, _database(server, f"{name}_keys", keys_template) as keys:
        yield Databases(log, keys)


@contextmanager
def _database(server: str, name: str, template: str) -> Iterator[str]:
    create = SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(create)
        yield _address(server, name)
        connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def _address(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """Two databases of this test's own, with empty tables."""
    server, template = request.config.stash[SERVER].split("|")
    with _databases(server, f"test_{uuid4().hex}", template) as databases:
        for place in (LOG_PLACE, KEYS_PLACE):
            with psycopg.connect(databases.address(place), autocommit=True) as connection:
                admit(connection, place)
        yield databases


@pytest.fixture(scope="module")
def shared_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database that the tests of a module share, each leaving it as it was."""
    server, template = request.config.stash[SERVER].split("|")
    with _database(server, f"test_{uuid4().hex}", template) as url:
        yield url


@pytest.fixture
def database_url(databases: Databases) -> str:
    """The address of the log's database; that of the keys is called after it."""
    return databases.log


@pytest.fixture
def master_key() -> str:
    """The master key of the service, as the environment holds it."""
    return MASTERS.text()


@pytest.fixture
def safe(tmp_path: Path) -> Safe:
    """What the service keeps outside of its databases."""
    return Safe(lambda: MASTERS, ErasureList(tmp_path / "erasures.jsonl"))


@pytest.fixture
def service(databases: Databases, safe: Safe) -> Iterator[Service]:
    """A service on databases of its own."""
    found = assemble(databases, safe, connections=10, second_clock=False)
    yield found
    found.close()


@pytest.fixture
def moment() -> Moment:
    """The first instant of the day on which tests take place."""
    return start_of(TODAY)
