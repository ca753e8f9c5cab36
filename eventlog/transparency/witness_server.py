"""A witness on HTTP: one route, small requests, one process a folder."""

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from eventlog.transparency.note import NoteRefused
from eventlog.transparency.witness import Verdict, Witness

ADD_CHECKPOINT: Final = "/add-checkpoint"
LONGEST_REQUEST: Final = 200_000
"""Bytes: 63 hashes, and a note of the longest kind that is read."""
PATIENCE_S: Final = 10.0


class FolderInUse(Exception):
    """Another process is a witness with this folder: two would forget each other's checkpoints."""


@contextmanager
def owned(folder: Path) -> Iterator[None]:
    """Keep other processes from being a witness with this folder. Raises `FolderInUse`."""
    import fcntl  # noqa: PLC0415 - Windows has none, and everything else runs there

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise FolderInUse(f"Another process is a witness with {folder}.") from None
    finally:
        os.close(descriptor)


def server(witness: Witness, host: str, port: int, say: Callable[[str], None]) -> ThreadingHTTPServer:
    """Give a server that listens already; port 0 takes a free one."""

    class Handler(BaseHTTPRequestHandler):
        timeout = PATIENCE_S
        protocol_version = "HTTP/1.1"
        server_version = sys_version = ""

        def do_POST(self) -> None:
            self._answer(self._verdict())

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the server passes it by this name
            say(format % args)

        def _verdict(self) -> Verdict:
            length = _length(self.headers.get("Content-Length", ""))
            if length is None:
                self.close_connection = True
                return Verdict(413, "A request says its length, and is short.\n")
            return _judge(witness, self.path, self.rfile.read(length), say)

        def _answer(self, verdict: Verdict) -> None:
            content = verdict.text.encode()
            self.send_response(verdict.status)
            self.send_header("Content-Type", verdict.content_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - the server passes them
            say(f"A request failed: {type(sys.exc_info()[1]).__name__}")

    return Server((host, port), Handler)


def _judge(witness: Witness, path: str, body: bytes, say: Callable[[str], None]) -> Verdict:
    if path != ADD_CHECKPOINT:
        return Verdict(404, f"A witness has one route, {ADD_CHECKPOINT}.\n")
    try:
        return witness.add_checkpoint(body.decode())
    except UnicodeDecodeError:
        return Verdict(400, "A request is UTF-8.\n")
    except (OSError, NoteRefused) as fault:
        say(f"The checkpoints that are kept here cannot be used: {fault}")
        return Verdict(500, "This witness cannot use its memory at the moment.\n")


def _length(said: str) -> int | None:
    """Give the length of a request, unless it is too long or not said as a number."""
    if not re.fullmatch(r"[0-9]{1,9}", said) or int(said) > LONGEST_REQUEST:
        return None
    return int(said)
