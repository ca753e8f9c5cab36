"""The composition root: the one place that picks real things and puts them together."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection, Engine, func, select

from api.databases import Databases
from api.erasures import ErasureList
from api.postgres import embedded_postgres
from api.safe import Safe
from api.settings import Settings
from domain.application import Alongside
from eventlog.encoding import Encoding
from eventlog.keys import KeyVault
from eventlog.postgres import PostgresLog
from eventlog.schema import KEYS_PLACE, LOG_PLACE, Role, must_be_current
from eventlog.transparency.rooting import root_at
from projections.projector import Projector
from projections.read_models import PROJECTIONS
from projections.stopping import refuse_stopped

ROLES: Final = (Role.WRITER, Role.PROJECTOR, Role.READER, Role.AUDITOR, Role.KEY_KEEPER)


@dataclass(frozen=True)
class Service:
    """The use cases, and what can be seen of them; each part enters the database in a role of its own."""

    alongside: Alongside
    keys: KeyVault
    erasures: ErasureList
    projector: Projector
    engines: Mapping[Role, Engine]

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Lend a connection to read models that hold everything written before now.

        Reading one that cannot hold it, because its projection has stopped, raises `ReadModelStopped`.
        """
        caught_up = self.projector.catch_up()
        with self.engines[Role.READER].connect() as connection:
            refuse_stopped(connection, caught_up.stopped)
            yield connection

    def close(self) -> None:
        """Let all connections go."""
        self.alongside.log.close()
        for engine in self.engines.values():
            engine.dispose()


def assemble(databases: Databases, safe: Safe, *, connections: int = 10, second_clock: bool = True) -> Service:
    """Put a service together on databases that were migrated; raise `SchemaBehind` if they were not.

    The database's clock is the second that `domain.clocks` asks for, unless somebody names the time to work at by hand.
    """
    with ExitStack() as stack:
        engines = {role: databases.engine(role, connections) for role in ROLES}
        for engine in engines.values():
            stack.callback(engine.dispose)
        must_be_current(engines[Role.WRITER], LOG_PLACE)
        must_be_current(engines[Role.KEY_KEEPER], KEYS_PLACE)
        keys = KeyVault(engines[Role.KEY_KEEPER], safe.masters)
        log = PostgresLog(engines[Role.WRITER], Encoding(keys))
        stack.callback(log.close)
        projector = Projector(engines[Role.PROJECTOR], log, PROJECTIONS)
        projector.create()
        stack.pop_all()
    clock = partial(_database_time, engines[Role.READER]) if second_clock else None
    return Service(
        Alongside(
            log,
            second_clock=clock,
            fingerprint_key=partial(keys.derive, label="fingerprints"),
            log_root=partial(root_at, engines[Role.AUDITOR]),
        ),
        keys,
        safe.erasures,
        projector,
        engines,
    )


def _database_time(engine: Engine) -> datetime:
    with engine.connect() as connection:
        found: datetime = connection.scalars(select(func.clock_timestamp())).one()
    return found


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
def running(
    settings: Settings, say: Callable[[str], None], *, connections: int = 10, second_clock: bool = True
) -> Iterator[Service]:
    """Give a service on the configured databases, or on those of an embedded server that runs meanwhile."""
    with database(settings, say) as databases:
        service = assemble(databases, Safe.of(settings), connections=connections, second_clock=second_clock)
        try:
            yield service
        finally:
            service.close()
