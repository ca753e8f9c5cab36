"""Who asks over HTTP, of an application that this process serves?"""

import http.client
import json
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any, Final

import uvicorn
from fastapi import FastAPI

_HOST: Final = "127.0.0.1"
_ANSWER_S: Final = 30.0
_POLL_S: Final = 0.01


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the text, and whether a browser or a proxy may keep it."""

    status: int
    text: str
    may_be_kept: bool

    @property
    def document(self) -> Any:
        """Read it as JSON."""
        return json.loads(self.text)


@dataclass(frozen=True)
class Asking:
    """Asks at a port, as whoever a token stands for."""

    port: int

    def __call__(self, token: str, method: str, path: str, **headers: str) -> Answer:
        """Send a request without a body, on a connection of its own."""
        with closing(http.client.HTTPConnection(_HOST, self.port, timeout=_ANSWER_S)) as connection:
            connection.request(method, path, headers={"Authorization": f"Bearer {token}", **headers})
            answer = connection.getresponse()
            kept = answer.headers.get("Cache-Control", "") != "no-store"
            return Answer(answer.status, answer.read().decode(), kept)


@contextmanager
def asking(app: FastAPI) -> Iterator[Asking]:
    """Serve an application in a thread for as long as the block lasts."""
    with socket.socket() as listening:
        listening.bind((_HOST, 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
        thread = Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(_POLL_S)
        try:
            yield Asking(listening.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join()
