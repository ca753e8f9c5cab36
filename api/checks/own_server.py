"""Where can a check do what no server should suffer? On a PostgreSQL server of its own, which it may kill."""

import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg

from api.postgres import embedded_postgres

_POLL_S: Final = 0.005
_PATIENCE_S: Final = 5.0


@contextmanager
def own_home() -> Iterator[Path]:
    """Give an empty folder for a server's data, and remove it with all that came into it."""
    with tempfile.TemporaryDirectory(prefix="alongside-check-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@dataclass(frozen=True)
class OwnServer:
    """A running server: its address, its first process, and a connection that sees all others."""

    url: str
    postmaster: int
    watching: psycopg.Connection[tuple[int]]

    def kill(self) -> None:
        """End all processes of the server by SIGKILL, at once and for good."""
        # Stopped first, it neither starts another process nor begins to tidy up after the first that dies.
        os.kill(self.postmaster, signal.SIGSTOP)
        others = [pid for (pid,) in self.watching.execute("SELECT pid FROM pg_stat_activity")]
        for pid in (self.postmaster, *others):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        # As long as one is left, PostgreSQL refuses to start again on the same data.
        _wait_until_ended(others)


@contextmanager
def own_server(home: Path, settings: Mapping[str, str]) -> Iterator[OwnServer]:
    """Run the server whose data lie in a folder, for as long as the block lasts or until it is killed."""
    with (
        embedded_postgres(home, say=lambda _: None, settings=settings) as url,
        closing(psycopg.connect(url, autocommit=True)) as connection,
    ):
        found = connection.execute("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::integer").fetchone()
        assert found is not None, "a running server has its number there"
        yield OwnServer(url, found[0], connection)


def _wait_until_ended(processes: Sequence[int]) -> bool:
    deadline = time.monotonic() + _PATIENCE_S
    while not all(map(_has_ended, processes)):
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_S)
    return True


def _has_ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        # What nobody has reaped is still there by number, but runs no program.
        return sys.platform == "linux" and not Path(f"/proc/{pid}/cmdline").read_bytes()
    except (ProcessLookupError, FileNotFoundError):
        return True
