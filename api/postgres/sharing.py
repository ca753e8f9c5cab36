"""Which of the processes on a home runs the server, and when may it stop?

One process, the owner, holds `owner.lock`; the others, its guests, share `guests.lock`. Both are flock(2) locks, which
end with their process however that ends.
"""

import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

from api.postgres.binaries import find_binaries
from api.postgres.cluster import check_version, ensure_database, make_cluster
from api.postgres.home import Home, open_home
from api.postgres.server import START_S, is_ready, running_server
from api.postgres.unavailable import PostgresUnavailable

POLL_S = 0.02


@contextmanager
def shared_server(home: Path, *, say: Callable[[str], None], settings: Mapping[str, str]) -> Iterator[str]:
    """See `api.postgres.embedded_postgres`."""
    assert threading.current_thread() is threading.main_thread(), (
        "call embedded_postgres from the main thread: Linux ends the server when the thread that started it ends"
    )
    place = open_home(home)
    with _lock_file(place, place.owner_lock) as owner_lock, _lock_file(place, place.guests_lock) as guests_lock:
        if _becomes_owner(place, owner_lock, guests_lock):
            with _owned_server(place, say, settings):
                try:
                    yield place.address()
                finally:
                    _wait_for_guests(guests_lock, say)
        else:
            yield place.address()


@contextmanager
def _lock_file(place: Home, path: Path) -> Iterator[int]:
    descriptor = place.open_private(path, os.O_RDWR)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _locked(lock: int, kind: int) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _becomes_owner(place: Home, owner_lock: int, guests_lock: int) -> bool:
    """Wait until this process holds the owner's lock, or is a guest of a server that answers."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if _locked(owner_lock, fcntl.LOCK_EX):
            return True
        # Before looking, so that an owner about to leave either sees this guest or has locked it out.
        if _locked(guests_lock, fcntl.LOCK_SH):
            if _answers(place):
                return False
            fcntl.flock(guests_lock, fcntl.LOCK_UN)
        time.sleep(POLL_S)
    message = f"Another process keeps {place.folder}, and its database does not answer. End it and try again."
    raise PostgresUnavailable(message)


def _answers(place: Home) -> bool:
    if not (is_ready(place) and place.has_private_sockets()):
        return False
    try:
        psycopg.connect(place.address()).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def _owned_server(place: Home, say: Callable[[str], None], settings: Mapping[str, str]) -> Iterator[None]:
    binaries = find_binaries(place.account)
    if not place.data.exists():
        say(f"Setting up a PostgreSQL database in {place.folder}")
        make_cluster(place, binaries, durable=settings.get("fsync") != "off")
    check_version(place, binaries)
    with running_server(place, binaries, settings):
        ensure_database(place)
        yield


def _wait_for_guests(guests_lock: int, say: Callable[[str], None]) -> None:
    if not _locked(guests_lock, fcntl.LOCK_EX):
        say("Waiting for other commands that use the database; Ctrl-C stops it without them.")
        fcntl.flock(guests_lock, fcntl.LOCK_EX)
