"""A database with the tables of the tree, and a log of records in memory."""

import pytest
from sqlalchemy import create_engine, make_url, text

from eventlog.transparency.sealer import Sealer
from tests.eventlog.transparency.given import SIGNER


@pytest.fixture(scope="module")
def shared_engine(shared_database_url):
    made = create_engine(
        make_url(shared_database_url).set(drivername="postgresql+psycopg"), pool_size=5, max_overflow=0
    )
    yield made
    made.dispose()


@pytest.fixture
def engine(shared_engine):
    yield shared_engine
    with shared_engine.begin() as connection:
        connection.execute(text("TRUNCATE eventlog.tiles, eventlog.checkpoints"))


class LogInMemory:
    """Committed records, which tests add to and change."""

    def __init__(self):
        self.records = []

    def read_after(self, position):
        return iter(self.records[position:])


@pytest.fixture
def log():
    return LogInMemory()


@pytest.fixture
def sealer(engine, log):
    """A sealer of the log in memory; arguments of its own replace the usual ones."""

    def made(*publishers, signer=SIGNER, **more):
        return Sealer(engine, log.read_after, signer, publishers, **more)

    return made
