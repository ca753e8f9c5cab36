"""What does every page have around it?"""

from http import HTTPStatus
from importlib.resources import files
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.access import CallerDep, ServiceDep
from api.assets import address_of
from api.pages import sentences
from domain.access import PERSONAL_ROLES, Actor
from domain.programme import Programme

HOME: Final = {
    Actor.COORDINATOR: "/proposals",
    Actor.MENTOR: "/availability",
    Actor.MEMBER: "/my-consents",
    Actor.AUDITOR: "/people",
}
MENU: Final = {
    Actor.COORDINATOR: {
        "/proposals": "Proposals",
        "/drafts": "Drafts",
        "/waiting": "Waiting list",
        "/mentors": "Mentors",
        "/erasures": "Erasures",
        "/speaking": "Speaking for others",
        "/draws": "Draws",
    },
    Actor.MENTOR: {
        "/availability": "My hours",
        "/my-members": "My members",
        "/my-consents": "My consents",
        "/my-contact": "My contact details",
        "/my-disclosures": "Who was told",
        "/my-blocks": "Not this person",
        "/draws": "Draws",
    },
    Actor.MEMBER: {
        "/my-match": "My match",
        "/my-consents": "My consents",
        "/my-contact": "My contact details",
        "/my-disclosures": "Who was told",
        "/my-blocks": "Not this person",
        "/draws": "Draws",
    },
    Actor.AUDITOR: {"/people": "People", "/audit": "Audit", "/draws": "Draws"},
}

_environment: Final = Environment(
    loader=FileSystemLoader(str(files("api") / "pages" / "templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters.update(address=address_of, day=sentences.day, instant=sentences.instant)


def render(template: str, *, status: int = HTTPStatus.OK, **facts: Any) -> HTMLResponse:
    """Give a page to somebody who is not known; it offers the quick exit, as it may be anyone."""
    around: dict[str, Any] = {"path": "", "role": None, "programme": None, "menu": {}, "quick_exit": True}
    return HTMLResponse(_environment.get_template(template).render(around | facts), status_code=status)


class Show:
    """Shows pages to whoever asks, under their role and programme."""

    def __init__(self, request: Request, caller: CallerDep, service: ServiceDep) -> None:
        self._around = {
            "path": request.url.path,
            "role": caller.role,
            "programme": service.alongside.load(Programme, caller.programme_id).slug,
            "menu": MENU[caller.role],
            "quick_exit": caller.role in PERSONAL_ROLES,
        }

    def __call__(self, template: str, *, status: int = HTTPStatus.OK, **facts: Any) -> HTMLResponse:
        """Show a page."""
        return render(template, status=status, **self._around, **facts)


ShowDep = Annotated[Show, Depends()]
