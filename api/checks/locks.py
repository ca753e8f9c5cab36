"""How long does anybody keep the log's tables from those who read and append?"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Final

import psycopg

EVERY_S: Final = 0.02

_HELD: Final = """
    SELECT pid, virtualtransaction, relation, mode
    FROM pg_locks JOIN pg_class ON pg_class.oid = relation
    WHERE granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND relnamespace = to_regnamespace('eventlog')
    AND mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
"""
"""Locks on tables that an append, or an append and a read, must wait for (PostgreSQL manual, 13.3.1)."""


class LockWatch:
    """The longest time, in seconds, for which a lock was seen to be held; short by up to two looks."""

    longest_s = 0.0

    def __init__(self, url: str) -> None:
        self._url = url
        self._since: dict[tuple[object, ...], float] = {}

    def look_until(self, done: Event) -> None:
        """Look again and again."""
        with psycopg.connect(self._url, autocommit=True) as connection:
            while not done.wait(EVERY_S):
                now = time.monotonic()
                held = set(connection.execute(_HELD).fetchall())
                self._since = {lock: self._since.get(lock, now) for lock in held}
                self.longest_s = max([self.longest_s, *(now - since for since in self._since.values())])


@contextmanager
def watched(url: str) -> Iterator[LockWatch]:
    """Look at the locks of a database while the block runs."""
    watch, done = LockWatch(url), Event()
    looking = Thread(target=watch.look_until, args=(done,))
    looking.start()
    try:
        yield watch
    finally:
        done.set()
        looking.join()
