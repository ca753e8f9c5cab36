"""A witness on HTTP: one route, small requests, one process a folder."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

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
            length = self.headers.get("Content-Length", "")
            if not length.isdecimal() or int(length) > LONGEST_REQUEST:
                self.close_connection = True
                return Verdict(413, "A request says its length, and is short.\n")
            body = self.rfile.read(int(length))
            if self.path != ADD_CHECKPOINT:
                return Verdict(404, f"A witness has one route, {ADD_CHECKPOINT}.\n")
            try:
                return witness.add_checkpoint(body.decode())
            except UnicodeDecodeError:
                return Verdict(400, "A request is UTF-8.\n")

        def _answer(self, verdict: Verdict) -> None:
            content = verdict.text.encode()
            self.send_response(verdict.status)
            self.send_header("Content-Type", verdict.content_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return ThreadingHTTPServer((host, port), Handler)
