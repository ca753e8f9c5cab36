"""Waiting for more: PostgreSQL says that there is some, and as that may get lost, we also look now and then."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any, Final, cast

import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Identifier
from sqlalchemy import Engine, create_engine

from domain.log import LogUnavailable
from eventlog.recorder import CHANNEL

LOOK_EVERY_S: Final = 1.0
_PAUSE_S: Final = 0.05

_LISTEN: Final = SQL("LISTEN {channel}").format(channel=Identifier(CHANNEL))
_UNLISTEN: Final = SQL("UNLISTEN {channel}").format(channel=Identifier(CHANNEL))


class Listener:
    """Waits on connections beside the pool, one for each who waits at the same time; the last is kept for the next."""

    def __init__(self, engine: Engine, head: Callable[[], int]) -> None:
        self._engine = create_engine(engine.url, pool_size=1, max_overflow=-1)
        self._head = head

    def wait(self, after: int, timeout_s: float) -> int:
        """See `domain.log.Log.wait`. Takes another connection if its own is lost."""
        deadline = time.monotonic() + timeout_s
        while True:
            try:
                return self._listen(after, deadline)
            except (psycopg.OperationalError, LogUnavailable) as error:
                if time.monotonic() >= deadline:
                    raise LogUnavailable(str(error)) from error
            time.sleep(_PAUSE_S)

    def close(self) -> None:
        """Let go of the connection that is kept."""
        self._engine.dispose()

    @contextmanager
    def _connection(self) -> Iterator[Connection[Any]]:
        with closing(self._engine.raw_connection()) as pooled:
            connection = cast("Connection[Any]", pooled.driver_connection)
            connection.autocommit = True
            try:
                yield connection
            finally:
                if connection.closed:
                    pooled.invalidate()

    def _listen(self, after: int, deadline: float) -> int:
        with self._connection() as connection:
            # First listen, then look: what is appended between the two is seen, and what comes later is told.
            connection.execute(_LISTEN)
            while (head := self._head()) <= after and (left_s := deadline - time.monotonic()) > 0:
                for _ in connection.notifies(timeout=min(left_s, LOOK_EVERY_S), stop_after=1):
                    pass
            # An idle connection that goes on listening would fill up with what nobody reads.
            connection.execute(_UNLISTEN)
            return head
