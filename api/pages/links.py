"""How does somebody take a consent back who cannot, or would rather not, sign in?

These pages name neither the programme nor what the consent is for: somebody else may see the screen, or hold the paper.
"""

from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from api.access import MomentDep, ServiceDep
from api.pages import sentences
from api.pages.layout import render
from api.receipts.link import opened
from domain.consent.lineage import given_at, has_ended, last_of

router = APIRouter()

BY_LINK = "link"
"""Under this, acts of whoever holds a link are recorded: who it was is not known."""


@router.get("/r/{code}")
def show_link(code: str, service: ServiceDep) -> Response:
    """Show what can be taken back. It changes nothing: programs open links to look behind them."""
    ledger, version = opened(service, code)
    grant = given_at(ledger, version)
    assert grant is not None, "a code is of a consent"
    ended = has_ended(ledger, last_of(ledger, grant))
    return render("link.html", code=code, on=sentences.day(grant.said), is_taken_back=ended)


@router.post("/r/{code}")
def follow_link(code: str, service: ServiceDep, moment: MomentDep) -> Response:
    """Take it back; done twice, it is taken back once."""
    ledger, version = opened(service, code)
    service.alongside.take_back(ledger.person_id, version, at=moment.at, by=BY_LINK)
    return RedirectResponse(f"/r/{code}", HTTPStatus.SEE_OTHER)
