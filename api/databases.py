"""Where the two databases are, and how each part of the service enters them: in a role of its own."""

from dataclasses import dataclass
from typing import Final, Self

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url

from domain.errors import InvalidValue
from eventlog.schema import KEYS_PLACE, LOG_PLACE, Place, Role, migrate
from projections.projection import SCHEMA

# Whoever reads names tables without their schema, so that each is looked up once in a statement: a rebuild that puts
# another schema in its place meanwhile is then not met half way.
_SEARCHING: Final = {"options": f"-csearch_path={SCHEMA}"}


@dataclass(frozen=True)
class Databases:
    """The addresses, as libpq URIs, of the log's database and of that of the keys.

    The user they name is used for migrations only. A role enters with the same address under its own name; if that
    holds no password, libpq looks for the role's in its password file.
    """

    log: str
    keys: str

    @classmethod
    def at(cls, log: str, keys: str | None = None) -> Self:
        """Give both; unless it is named, the keys lie on the same server in a database called after the log's."""
        if keys is None:
            url = make_url(log)
            if not url.database:
                raise InvalidValue("The address of the log's database names no database: postgresql://HOST/DATABASE.")
            keys = url.set(database=f"{url.database}_keys").render_as_string(hide_password=False)
        return cls(log, keys)

    def address(self, place: Place) -> str:
        """Give the address of one of the two."""
        return {LOG_PLACE: self.log, KEYS_PLACE: self.keys}[place]

    def engine(self, role: Role, connections: int) -> Engine:
        """Give a pool of connections under a role.

        The log itself notices lost connections, so that the writer need not try each before it is used. Errors do not
        repeat what was sent, which may be personal.
        """
        engine = create_engine(
            make_url(self.entrance(role)).set(drivername="postgresql+psycopg"),
            pool_size=connections,
            max_overflow=0,
            pool_pre_ping=role is not Role.WRITER,
            hide_parameters=True,
            connect_args=_SEARCHING if role is Role.READER else {},
        )
        return engine.execution_options(schema_translate_map={SCHEMA: None}) if role is Role.READER else engine

    def entrance(self, role: Role) -> str:
        """Give the address by which a role enters the database in which it has work."""
        address = self.keys if role is Role.KEY_KEEPER else self.log
        url = make_url(address).set(drivername="postgresql", username=role)
        return url.render_as_string(hide_password=False)

    def migrate(self) -> None:
        """Create what is missing and bring both to the newest version."""
        for place in (LOG_PLACE, KEYS_PLACE):
            migrate(self.address(place), place)
