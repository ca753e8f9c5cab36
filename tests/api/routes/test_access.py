"""Does every route ask who is there?"""

import re
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.routing import Mount

from domain.access import Actor
from tests.scenarios import programme

# Health is for whatever runs the service. /session is where a token is first shown and /session/end forgets it; the
# demo, which is off here, gives tokens out; /r/ asks for a code that stands on a receipt. Mounts serve files that every
# installation has alike.
OPEN = {"/healthz", "/readyz"}
SIGN_IN = re.compile(r"/session(/end)?|/demo(/.*)?|/r/.*")


def requests_of(app: FastAPI) -> set[tuple[str, str]]:
    """Every method and path of the application, with ids in place of parameters, except those open to all."""

    def leaves(routes: Any) -> Any:
        for route in routes:
            if isinstance(route, Mount):
                continue
            inner = getattr(getattr(route, "original_router", None), "routes", None)
            if inner is not None:
                yield from leaves(inner)
            else:
                yield route

    return {
        (method, re.sub(r"\{[^}]*\}", "00000000-0000-0000-0000-000000000001", route.path))
        for route in leaves(app.routes)
        for method in route.methods - {"HEAD"}
        if route.path not in OPEN and not SIGN_IN.fullmatch(route.path)
    }


def test_no_route_answers_without_a_token(app: FastAPI, refused: Any) -> None:
    visitor = TestClient(app, follow_redirects=False)
    requests = requests_of(app)

    for method, path in sorted(requests):
        response = visitor.request(method, path)
        assert response.status_code == 401, (method, path)
        if path != "/":  # which shows the form to sign in with
            refused(response, 401, "token-refused")
    assert {("PUT", "/api/mentors/00000000-0000-0000-0000-000000000001/capacity"), ("POST", "/api/rounds")} <= requests


def test_coordinators_lists_are_for_coordinators(client_of: Any, refused: Any, service: Any, moment: Any) -> None:
    auditor = client_of(Actor.AUDITOR, programme(service, moment))

    for path in ("proposals", "rounds", "waiting-list", "mentors"):
        refused(auditor.get(f"/api/{path}"), 403, "not-your-role")
