"""How a refusal reads over HTTP: problem details (RFC 9457), one shape for everything that can go wrong."""

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from domain.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Stale, TokenRefused
from domain.log import LogUnavailable
from projections.stopping import ReadModelStopped

MEDIA_TYPE: Final = "application/problem+json"

Page = Callable[[Request, Mapping[str, Any]], Response]

STATUS: Final[Mapping[type[DomainError], HTTPStatus]] = {
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Stale: HTTPStatus.PRECONDITION_FAILED,
    TokenRefused: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
}


class Problem(BaseModel):
    """What went wrong: `type` leads to an explanation, `detail` says it of this request."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[dict[str, str]] | None = None


class PreconditionRequired(DomainError):
    """A change of this thing names the version that it changes, in `If-Match`."""


class MalformedRequest(Invalid):
    """A part of the request is missing, or is not of the form that this needs."""


class SentFromElsewhere(Forbidden):
    """A change is not made at the bidding of another site's page."""


def kebab(error: type[Exception]) -> str:
    """Give the last part of a problem's type, such as `caseload-full`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", error.__name__).lower()


def status_of(error: DomainError) -> HTTPStatus:
    """Give the status of a refusal: that of the nearest family in its line of descent."""
    if isinstance(error, PreconditionRequired):
        return HTTPStatus.PRECONDITION_REQUIRED
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def describe(error: Exception) -> dict[str, Any]:
    """Give a refusal as problem details; its message must be safe to show. HTTP adds its status, and what was asked."""
    return {"type": f"/problems/{kebab(type(error))}", "title": title(type(error)), "detail": str(error)}


def title(error: type[Exception]) -> str:
    """Give a problem's title: the first line of its docstring."""
    return (error.__doc__ or "").strip().splitlines()[0]


def refusals() -> dict[str, type[DomainError]]:
    """Give every kind of refusal by the last part of its type."""
    found, todo = {}, list(DomainError.__subclasses__())
    while todo:
        kind = todo.pop()
        found[kebab(kind)] = kind
        todo.extend(kind.__subclasses__())
    return found


def install(app: FastAPI, *, page: Page) -> None:
    """Answer every kind of failure with problem details, and none of them with what the request contained.

    `page` shows a problem to those who would rather have a page.
    """
    app.state.problem_page = page
    app.exception_handler(DomainError)(refused)

    @app.exception_handler(RequestValidationError)
    def _(request: Request, error: RequestValidationError) -> Response:
        # Where and what was expected, never the value: it may be personal.
        errors = [{"at": "/".join(str(part) for part in e["loc"]), "expected": e["msg"]} for e in error.errors()]
        refusal = MalformedRequest("The request is not of the form this needs.")
        return _answer(request, _refusal(request, refusal) | {"errors": errors})

    @app.exception_handler(HTTPException)
    def _(request: Request, error: HTTPException) -> Response:
        return _answer(request, _plain(HTTPStatus(error.status_code), str(error.detail), request), error.headers)

    @app.exception_handler(LogUnavailable)
    @app.exception_handler(OperationalError)
    def _(request: Request, _: Exception) -> Response:
        detail = "The database does not answer. Try again with the same idempotency key: nothing is done twice."
        return _answer(request, _plain(HTTPStatus.SERVICE_UNAVAILABLE, detail, request), {"Retry-After": "5"})

    @app.exception_handler(ReadModelStopped)
    def _(request: Request, stopped: ReadModelStopped) -> Response:
        return _answer(request, _plain(HTTPStatus.SERVICE_UNAVAILABLE, str(stopped), request), {"Retry-After": "60"})


def refused(request: Request, error: DomainError) -> Response:
    """Answer a request that was refused."""
    return _answer(request, _refusal(request, error))


def unexpected(request: Request) -> Response:
    """Answer a failure that nobody foresaw."""
    detail = "Something went wrong here. It was noted; nothing of what you sent is shown."
    return _answer(request, _plain(HTTPStatus.INTERNAL_SERVER_ERROR, detail, request))


def prefers_page(request: Request) -> bool:
    """Say whether whoever asks would rather have a page than JSON. Under /api there are no pages."""
    if request.url.path.startswith("/api/"):
        return False
    accepted = [kind.strip() for kind in request.headers.get("accept", "").split(",")]
    return min(accepted, key=_quality, default="").startswith("text/html")


def _quality(accepted: str) -> float:
    """Give 0 for what is wanted most; of equals, the first is meant."""
    found = re.search(r";\s*q=([01](?:\.\d*)?)", accepted)
    return 1 - float(found[1]) if found else 0


def _answer(request: Request, problem: dict[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    if prefers_page(request):
        page: Page = request.app.state.problem_page
        response = page(request, problem)
    else:
        response = JSONResponse(problem, status_code=problem["status"], media_type=MEDIA_TYPE)
        if problem["status"] == HTTPStatus.UNAUTHORIZED:
            response.headers["WWW-Authenticate"] = "Bearer"
    response.headers.update(headers or {})
    return response


def _refusal(request: Request, error: DomainError) -> dict[str, Any]:
    return describe(error) | {"status": int(status_of(error)), "instance": request.url.path}


def _plain(status: HTTPStatus, detail: str, request: Request) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": status.phrase,
        "status": int(status),
        "detail": detail,
        "instance": request.url.path,
    }
