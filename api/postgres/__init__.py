"""Where is the database when nobody has set one up? In a PostgreSQL server that this process starts, or joins."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from api.postgres.unavailable import PostgresUnavailable

__all__ = ["PostgresUnavailable", "default_home", "embedded_postgres"]

NO_SETTINGS: Mapping[str, str] = MappingProxyType({})


def default_home() -> Path:
    """Give the folder to use where none is configured."""
    if sys.platform != "win32" and os.geteuid() == 0:
        return Path("/var/lib/alongside")
    data_home = os.environ.get("XDG_DATA_HOME", "")
    base = Path(data_home) if data_home.startswith("/") else Path.home() / ".local" / "share"
    return base / "alongside"


@contextmanager
def embedded_postgres(
    home: Path, *, say: Callable[[str], None], settings: Mapping[str, str] = NO_SETTINGS
) -> Iterator[str]:
    """Run, or join, the PostgreSQL server whose data lie in `home`, and give its address.

    The address is a libpq URI over a Unix socket, `postgresql://alongside@/alongside?host=...&port=5432`; with the
    scheme replaced by `postgresql+psycopg` SQLAlchemy takes it too. The first process on a home owns the server:
    leaving the block, it waits for the others and stops it. A killed owner takes the server with it, on Linux at once;
    that is bound to the thread that starts it, so call from the main thread.

    `settings` are server settings (name to value) and count only for the owner; `say` is told what a person waits for.
    Raises PostgresUnavailable where no server can be had.
    """
    if sys.platform == "win32":
        message = "The embedded PostgreSQL does not run on Windows. Set DATABASE_URL to a PostgreSQL server."
        raise PostgresUnavailable(message)
    from api.postgres.sharing import shared_server  # noqa: PLC0415 -- needs modules that Windows has not

    with shared_server(home, say=say, settings=settings) as address:
        yield address
