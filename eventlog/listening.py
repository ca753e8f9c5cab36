"""How does somebody who waits hear of an append? By a notification, which is a hint and may get lost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, Final, cast

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.exc import SQLAlchemyError

from domain.log import LogUnavailable

CHANNEL: Final = "eventlog"


class Listener:
    """A connection apart from the pool that listens for appends; made when first needed, closed with the engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: psycopg.Connection[Any] | None = None
        self._turn = Lock()
        event.listen(engine, "engine_disposed", lambda _: self._close())

    @contextmanager
    def listening(self, timeout_s: float) -> Iterator[Callable[[float], None]]:
        """Listen from now on; lend a function that returns at a notification, or after so many seconds.

        One thread listens at a time. Whoever has no turn within the timeout has waited long enough and hears nothing.
        """
        if not self._turn.acquire(timeout=timeout_s):
            yield lambda _: None
            return
        try:
            self._listen()
            yield self._hear
        finally:
            self._turn.release()

    def _listen(self) -> None:
        if self._connection is not None:
            return
        try:
            pooled = self._engine.raw_connection()
            self._connection = cast("psycopg.Connection[Any]", pooled.driver_connection)
            pooled.detach()
            self._connection.autocommit = True
            self._connection.execute(f"LISTEN {CHANNEL}")
        except (psycopg.Error, SQLAlchemyError) as error:
            self._close()
            raise LogUnavailable("The log's server does not take a connection to wait on.") from error

    def _hear(self, timeout_s: float) -> None:
        assert self._connection is not None
        try:
            for _ in self._connection.notifies(timeout=timeout_s, stop_after=1):
                pass
        except psycopg.Error as error:
            self._close()
            raise LogUnavailable("The connection that waits for appends was lost.") from error

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
