"""A stand-in for a bad network: carries what a client and the server say, and cuts the line where it is told to."""

import select
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from enum import Enum
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock, Thread
from typing import Final

from psycopg.conninfo import conninfo_to_dict
from sqlalchemy.engine import make_url

# https://www.postgresql.org/docs/current/protocol-message-formats.html: a request ends with Sync, its answer with
# ReadyForQuery, which also says whether the server is in a transaction.
_REQUEST_ENDS: Final = b"S\x00\x00\x00\x04"
_ANSWER_ENDS: Final = b"Z\x00\x00\x00\x05I"
_STEP_ENDS: Final = b"Z\x00\x00\x00\x05T"
_CHUNK: Final = 65_536
_PORT: Final = 5432


class Cut(Enum):
    """Where a request that the client has sent is cut off."""

    UNREAD = "before the server reads it"
    UNANSWERED = "before the answer"
    HALF_ANSWERED = "in the middle of the answer"
    ANSWERED = "after the answer"


_GIVEN: Final = {Cut.UNANSWERED: 0, Cut.HALF_ANSWERED: 1, Cut.ANSWERED: 2}
"""How many halves of the answer the client gets."""


class Proxy:
    """Listens on a Unix socket; after `arm`, cuts the next request that is meant, once."""

    def __init__(self, server_url: str, path: Path) -> None:
        self._server_url = server_url
        self._armed: tuple[Cut, Callable[[bytes], bool]] | None = None
        self._held: tuple[socket.socket, bytes] | None = None
        self._clients: set[socket.socket] = set()
        self._mutex = Lock()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen(64)
        Thread(target=self._accept, daemon=True).start()

    def arm(self, cut: Cut, is_meant: Callable[[bytes], bool]) -> None:
        """Cut the next request whose first bytes are meant."""
        self._armed = cut, is_meant

    @property
    def is_armed(self) -> bool:
        """Whether the cut is still to come."""
        return self._armed is not None

    def cut_all(self) -> None:
        """Cut every line now."""
        with self._mutex:
            clients = list(self._clients)
        for client in clients:
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)

    def deliver(self) -> None:
        """Let the server have, late, the request that was cut before it was read; return when it was answered."""
        if self._held is not None:
            (server, request), self._held = self._held, None
            with closing(server):
                server.sendall(request)
                _until(_ANSWER_ENDS, server, b"")

    def forget(self) -> None:
        """Let the server never have it."""
        if self._held is not None:
            (server, _), self._held = self._held, None
            server.close()

    def close(self) -> None:
        """Take no more connections, and end those there are."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut_all()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with self._mutex:
            self._clients.add(client)
        with suppress(OSError), ExitStack() as stack:
            server = stack.enter_context(_connect(self._server_url))
            cut_off = self._carry(client, server)
            if cut_off is not None:
                stack.pop_all()
                self._held = server, cut_off
        with self._mutex:
            self._clients.discard(client)
        client.close()

    def _carry(self, client: socket.socket, server: socket.socket) -> bytes | None:
        """Carry both ways until either ends or the line is cut; give a request that the server is not to read yet."""
        while True:
            ready, _, _ = select.select([client, server], [], [])
            for source in ready:
                data = source.recv(_CHUNK)
                if not data:
                    return None
                if source is client and (cut := self._take(data)):
                    if cut is Cut.UNREAD:
                        return _until(_REQUEST_ENDS, client, data)
                    server.sendall(data)
                    answer = _answer_between(client, server)
                    client.sendall(answer[: len(answer) * _GIVEN[cut] // 2])
                    return None
                (server if source is client else client).sendall(data)

    def _take(self, data: bytes) -> Cut | None:
        with self._mutex:
            if self._armed is None or not self._armed[1](data):
                return None
            (cut, _), self._armed = self._armed, None
            return cut


@contextmanager
def proxy_before(server_url: str) -> Iterator[tuple[Proxy, str]]:
    """Give a proxy before a server, and the address of the same database through it."""
    with TemporaryDirectory(prefix="alongside-proxy-") as folder:
        through = make_url(server_url).set(host=None, port=None, query={"host": folder, "port": str(_PORT)})
        with closing(Proxy(server_url, Path(folder) / f".s.PGSQL.{_PORT}")) as proxy:
            yield proxy, through.render_as_string(hide_password=False)


def _connect(server_url: str) -> socket.socket:
    address = conninfo_to_dict(server_url)
    host, port = str(address.get("host") or "127.0.0.1"), int(str(address.get("port") or _PORT))
    if host.startswith("/"):
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{host}/.s.PGSQL.{port}")
        return server
    return socket.create_connection((host, port))


def _answer_between(client: socket.socket, server: socket.socket) -> bytes:
    """Carry both ways until the server is done with its transaction; give what the client has not heard of that yet."""
    answer = b""
    while not answer.endswith(_ANSWER_ENDS):
        ready, _, _ = select.select([client, server], [], [])
        for source in ready:
            data = source.recv(_CHUNK)
            if not data:
                return b""
            if source is client:
                server.sendall(data)
            else:
                answer += data
        if answer.endswith(_STEP_ENDS):
            client.sendall(answer)
            answer = b""
    return answer


def _until(end: bytes, source: socket.socket, data: bytes) -> bytes:
    while not data.endswith(end):
        more = source.recv(_CHUNK)
        if not more:
            break
        data += more
    return data
