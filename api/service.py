"""The composition root: the one place that picks real things and puts them together."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.engine import make_url

from api.postgres import embedded_postgres
from api.settings import Settings
from domain.application import Alongside
from eventlog.postgres import PostgresLog
from projections.projector import Projector
from projections.read_models import PROJECTIONS
from projections.stopping import refuse_stopped


@dataclass(frozen=True)
class Service:
    """The use cases, and what can be seen of them, on one connection pool."""

    engine: Engine
    alongside: Alongside
    projector: Projector

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Lend a connection to read models that hold everything written before now.

        Reading one that cannot hold it, because its projection has stopped, raises `ReadModelStopped`.
        """
        caught_up = self.projector.catch_up()
        with self.engine.connect() as connection:
            refuse_stopped(connection, caught_up.stopped)
            yield connection


def assemble(database_url: str, *, connections: int = 10) -> Service:
    """Put a service together on a PostgreSQL server, creating the tables that are missing."""
    url = make_url(database_url).set(drivername="postgresql+psycopg")
    engine = create_engine(url, pool_size=connections, max_overflow=0, pool_pre_ping=True)
    log = PostgresLog(engine)
    log.create()
    projector = Projector(engine, log, PROJECTIONS)
    projector.create()
    return Service(engine, Alongside(log), projector)


@contextmanager
def database(settings: Settings, say: Callable[[str], None]) -> Iterator[str]:
    """Give the address of the configured server, or of an embedded one that runs meanwhile."""
    if settings.database_url:
        yield settings.database_url
    else:
        with embedded_postgres(settings.home, say=say) as url:
            yield url


@contextmanager
def running(settings: Settings, say: Callable[[str], None], *, connections: int = 10) -> Iterator[Service]:
    """Give a service on the configured server, or on an embedded one that runs meanwhile."""
    with database(settings, say) as url:
        service = assemble(url, connections=connections)
        try:
            yield service
        finally:
            service.engine.dispose()
