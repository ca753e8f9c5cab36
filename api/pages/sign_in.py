"""How does somebody come in, and leave?"""

import re
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access import COOKIE, MomentDep, ServiceDep
from api.pages.layout import HOME, render
from domain.access import Actor
from domain.errors import TokenRefused

router = APIRouter()

# One slash, then anything but a second slash or backslash, which browsers take for another site.
_LOCAL_PATH: Final = re.compile(r"/(?![/\\])[\x21-\x7e]*")


@router.get("/")
def home(request: Request, service: ServiceDep, moment: MomentDep) -> Response:
    """Lead to the start page of the role, or ask who it is."""
    try:
        token = service.alongside.token(request.cookies.get(COOKIE, ""), at=moment.at)
    except TokenRefused:
        return sign_in_page(request)
    return RedirectResponse(HOME[token.role], HTTPStatus.SEE_OTHER)


@router.post("/session")
def sign_in(
    request: Request,
    service: ServiceDep,
    moment: MomentDep,
    token: Annotated[str, Form(max_length=200)] = "",
    wanted: Annotated[str, Form()] = "/",
) -> Response:
    """Keep a good token in a cookie and go on to the page that was wanted."""
    try:
        service.alongside.token(token.strip(), at=moment.at)
    except TokenRefused:
        return sign_in_page(request, wanted=wanted, refused=True)
    return with_cookie(request, token.strip(), local(wanted))


@router.post("/session/end")
def sign_out() -> Response:
    """Forget the token."""
    response = RedirectResponse("/", HTTPStatus.SEE_OTHER)
    response.delete_cookie(COOKIE, path="/")
    return response


def with_cookie(request: Request, secret: str, destination: str) -> Response:
    """Go on with a token in a cookie, which lasts no longer than the browser is open."""
    response = RedirectResponse(destination, HTTPStatus.SEE_OTHER)
    is_secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, secret, path="/", httponly=True, samesite="strict", secure=is_secure)
    return response


def sign_in_page(request: Request, *, wanted: str = "/", refused: bool = False) -> Response:
    """Ask for a token; `wanted` is where to go with it."""
    response = render(
        "sign_in.html",
        status=HTTPStatus.UNAUTHORIZED,
        wanted=local(wanted),
        refused=refused,
        demo_roles=list(Actor) if request.app.state.demo else [],
    )
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


def local(wanted: str) -> str:
    """Give a path of this site, whatever was asked for."""
    return wanted if _LOCAL_PATH.fullmatch(wanted) else "/"
