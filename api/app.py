"""The web application: routes, pages, and the headers that every answer carries."""

import logging
import traceback
from collections.abc import Awaitable, Callable
from importlib.metadata import version
from typing import Final
from uuid import uuid4

from fastapi import FastAPI, Request, Response

from api import assets, health, openapi, problems
from api.moment import Clock, now
from api.pages import pages
from api.pages.problem import problem_page
from api.planning import Plans
from api.problems import SentFromElsewhere
from api.routes import routers
from api.service import Service
from eventlog.transparency.note import Signer

logger = logging.getLogger(__name__)

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "interest-cohort=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}

SAFE_METHODS: Final = {"GET", "HEAD", "OPTIONS"}


def create_app(
    service: Service, *, clock: Clock = now, demo: str | None = None, signer: Signer | None = None
) -> FastAPI:
    """Make the application. `demo` names the programme that anyone on this machine may enter in any role.

    `signer` signs receipts; without one they say that they are not signed.
    """
    app = FastAPI(
        title="Alongside",
        version=version("alongside"),
        summary="Mentors and peer navigators for people who must be able to ask for help unseen.",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        responses=openapi.PROBLEMS,
    )
    app.state.service, app.state.clock, app.state.demo, app.state.signer = service, clock, demo, signer
    app.state.plans = Plans()
    problems.install(app, page=problem_page)
    app.middleware("http")(_guard)
    assets.mount(app)
    app.include_router(health.router)
    for router in (*routers, pages, openapi.router):
        app.include_router(router)
    return app


async def _guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Refuse changes that another site's page sends along, and give every answer its headers."""
    request.state.id = uuid4().hex
    if request.method not in SAFE_METHODS and _is_from_elsewhere(request):
        response = problems.refused(request, SentFromElsewhere("This request came from another site."))
    else:
        try:
            response = await call_next(request)
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not be shown
            logger.error("a request failed: %s", _where(error))  # noqa: TRY400 - a message may tell
            response = problems.unexpected(request)
    response.headers["X-Request-Id"] = request.state.id
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _where(error: Exception) -> str:
    """Give the type of a failure and the lines that led to it: its message may hold what somebody said."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__}\n{''.join(traceback.format_list(frames))}"


def _is_from_elsewhere(request: Request) -> bool:
    """Browsers say where a request comes from; programs that send neither header carry their token themselves."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is not None and origin != f"{request.url.scheme}://{request.url.netloc}"
