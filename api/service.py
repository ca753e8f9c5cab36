"""The composition root: the one place that picks real things and puts them together."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from api.databases import Databases
from api.postgres import embedded_postgres
from api.settings import Settings
from domain.application import Alongside
from eventlog.postgres import PostgresLog
from eventlog.schema import LOG_PLACE, Role, must_be_current
from projections.projector import Projector
from projections.read_models import PROJECTIONS


@dataclass(frozen=True)
class Service:
    """The use cases, and what can be seen of them; each part enters the database in a role of its own."""

    alongside: Alongside
    projector: Projector
    engines: Mapping[Role, Engine]

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Lend a connection to read models that hold everything written before now."""
        self.projector.catch_up()
        with self.engines[Role.READER].connect() as connection:
            yield connection

    def close(self) -> None:
        """Let all connections go."""
        self.alongside.log.close()
        for engine in self.engines.values():
            engine.dispose()


def assemble(databases: Databases, *, connections: int = 10) -> Service:
    """Put a service together on databases that were migrated; raise `SchemaBehind` if they were not."""
    engines = {role: databases.engine(role, connections) for role in (Role.WRITER, Role.PROJECTOR, Role.READER)}
    must_be_current(engines[Role.WRITER], LOG_PLACE)
    log = PostgresLog(engines[Role.WRITER])
    projector = Projector(engines[Role.PROJECTOR], log, PROJECTIONS, reader=Role.READER)
    projector.create()
    return Service(Alongside(log), projector, engines)


@contextmanager
def database(settings: Settings, say: Callable[[str], None]) -> Iterator[Databases]:
    """Give the addresses of the configured databases, or of those of an embedded server that runs meanwhile."""
    if settings.database_url:
        yield Databases.at(settings.database_url, settings.keys_database_url)
    else:
        with embedded_postgres(settings.home, say=say) as url:
            databases = Databases.at(url)
            databases.migrate()
            yield databases


@contextmanager
def running(settings: Settings, say: Callable[[str], None], *, connections: int = 10) -> Iterator[Service]:
    """Give a service on the configured databases, or on those of an embedded server that runs meanwhile."""
    with database(settings, say) as databases:
        service = assemble(databases, connections=connections)
        try:
            yield service
        finally:
            service.close()
