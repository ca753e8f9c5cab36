"""The files that are alike in every installation: where do they come from, and how long may a browser keep them?"""

import hashlib
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.responses import Response
from starlette.types import Scope

# RFC 8246: as the address changes with the contents, what stands there never does.
FOR_EVER: Final = "public, max-age=31536000, immutable"
ASK_AGAIN: Final = "no-cache"


class Assets(StaticFiles):
    """Serves a folder. Under the address that `address_of` gives, a browser need not ask for a file again."""

    def version_of(self, name: str) -> str | None:
        """Give what the contents of a file are known by, or nothing if there is no such file."""
        path, found = self.lookup_path(name)
        return None if found is None else _version(path, found.st_mtime_ns)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Serve a file; under another version than it has, a browser asks each time whether it is still the same."""
        response = await super().get_response(path, scope)
        is_current = scope["query_string"].decode("latin-1") == self.version_of(path)
        response.headers["Cache-Control"] = FOR_EVER if is_current else ASK_AGAIN
        return response


FOLDERS: Final = {
    "static": Assets(directory=str(files("api") / "pages" / "static")),
    "vendor": Assets(packages=[("django_htmx", "static/django_htmx")]),
    "swagger": Assets(packages=[("fastapi_offline", "static")]),
}


def mount(app: FastAPI) -> None:
    """Serve every folder under its name."""
    for name, folder in FOLDERS.items():
        app.mount(f"/{name}", folder, name=name)


def address_of(path: str) -> str:
    """Give the address of a file, such as `static/exit.js`, with the version of its contents."""
    folder, _, name = path.partition("/")
    version = FOLDERS[folder].version_of(name)
    assert version is not None, f"there is a file {path}"
    return f"/{path}?{version}"


@lru_cache
def _version(path: str, _changed_ns: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:16]
