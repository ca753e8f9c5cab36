"""What serves the clients of a check? `alongside serve` in processes of their own, which it may kill.

Starting Python and importing everything takes seconds, so one process does that once and each of the others is forked
from it. From there on they are what the command line starts.
"""

import http.client
import os
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from typing import Final

from api.checks.scratch import MASTER_KEY
from api.databases import Databases
from api.postgres.process import die_with

HOST: Final = "127.0.0.1"

_POLL_S: Final = 0.02
_PATIENCE_S: Final = 60.0
_ANSWER_S: Final = 5.0


class DidNotStart(Exception):
    """The service did not start."""


@dataclass(frozen=True)
class Serving:
    """A process that serves, or will in a moment, on a port of this machine."""

    process: ForkServerProcess
    port: int

    def wait(self) -> None:
        """Wait until it answers. Raises `DidNotStart`."""
        deadline = time.monotonic() + _PATIENCE_S
        while not self._answers():
            if not self.process.is_alive() or time.monotonic() > deadline:
                raise DidNotStart("`alongside serve` did not start.")
            time.sleep(_POLL_S)

    def kill(self) -> None:
        """End it by SIGKILL."""
        self.process.kill()
        self.process.join()

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=_ANSWER_S)
        with closing(connection), suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/healthz")
            return connection.getresponse().status == HTTPStatus.OK
        return False


@contextmanager
def serving(databases: Databases) -> Iterator[Serving]:
    """Start a process that serves on these databases, and kill it after if it still runs."""
    forking = get_context("forkserver")
    forking.set_forkserver_preload(["api.cli"])
    port = _free_port()
    process = forking.Process(target=_serve, args=(databases, MASTER_KEY, port), daemon=True)
    process.start()
    found = Serving(process, port)
    try:
        yield found
    finally:
        found.kill()


def _serve(databases: Databases, master_key: str, port: int) -> None:
    die_with(os.getppid())
    with open(os.devnull, "r+b") as nowhere:  # noqa: PTH123 - a device, not a file
        for stream in range(3):
            os.dup2(nowhere.fileno(), stream)
    os.environ.update(DATABASE_URL=databases.log, KEYS_DATABASE_URL=databases.keys, ALONGSIDE_MASTER_KEY=master_key)
    from api.cli import app  # noqa: PLC0415 - the command line knows of the checks, so this is known last

    app(["serve", "--host", HOST, "--port", str(port)])


def _free_port() -> int:
    with socket.socket() as held:
        held.bind((HOST, 0))
        return int(held.getsockname()[1])
