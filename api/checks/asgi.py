"""Asking an application without a network between: every byte of its answer, as a server would send it."""

import asyncio
from collections.abc import MutableMapping
from typing import Any, Final
from urllib.parse import urlsplit

from fastapi import FastAPI

Answer = tuple[int, tuple[tuple[bytes, bytes], ...], bytes]
"""Status, headers in their order, body."""

_VERSION: Final = {"version": "3.0", "spec_version": "2.4"}


def ask(app: FastAPI, method: str, address: str, headers: dict[str, str], body: bytes = b"") -> Answer:
    """Send one request to an application and give its answer (https://asgi.readthedocs.io/en/latest/specs/www.html)."""
    return asyncio.run(_ask(app, method, address, headers, body))


async def _ask(app: FastAPI, method: str, address: str, headers: dict[str, str], body: bytes) -> Answer:
    parts = urlsplit(address)
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": _VERSION,
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 50_000),
        "server": ("localhost", 80),
    }
    sent: list[MutableMapping[str, Any]] = []
    asked = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> MutableMapping[str, Any]:
        if asked:
            return asked.pop()
        await asyncio.Event().wait()  # whoever asked stays until the answer is there
        raise AssertionError("nothing sets the event")

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    status, answered = int(sent[0]["status"]), tuple((bytes(name), bytes(value)) for name, value in sent[0]["headers"])
    return status, answered, b"".join(message.get("body", b"") for message in sent[1:])
