"""What can I keep in my hand of what I said?"""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from api.access import Caller, ServiceDep, only
from api.pages import receipt_words, sentences
from api.pages.layout import ShowDep
from api.receipts import Receipt, Receipts
from domain.access import Actor
from domain.purposes import TERMS

router = APIRouter()

Person = Annotated[Caller, Depends(only(Actor.MEMBER, Actor.MENTOR))]


@dataclass(frozen=True)
class Line:
    """A receipt in the list of them."""

    version: int
    on: str
    what: str
    words: str


def receipts(request: Request, caller: Person, service: ServiceDep) -> Receipts:
    """Give whoever asks their own receipts."""
    return Receipts.of(service, request.app.state.signer, themselves(caller))


Own = Annotated[Receipts, Depends(receipts)]


def themselves(caller: Caller) -> UUID:
    """Give the person of a token that names one."""
    assert caller.person_id is not None, "a token of this role names a person"
    return caller.person_id


@router.get("/my-receipts")
def show_receipts(show: ShowDep, own: Own) -> Response:
    """List the receipts, the newest first."""
    return show("receipts.html", receipts=[_line(receipt) for receipt in own.all])


@router.get("/my-receipts/{version}")
def show_receipt(request: Request, show: ShowDep, own: Own, version: int) -> Response:
    """Show a receipt, to read, to print, and to save."""
    receipt = own.at(version)
    way_back, wording = own.way_back(receipt), own.wording(receipt)
    return show(
        "receipt.html",
        receipt=_line(receipt),
        facts=receipt_words.facts(receipt),
        proof=receipt_words.proof(receipt),
        wording=wording.text.strip().split("\n\n") if wording else [],
        language=receipt.wording.language if receipt.wording else "en",
        way_back=way_back,
        address=f"{str(request.base_url).rstrip('/')}{way_back}",
        key=None if own.signer is None else str(own.signer.verifier),
    )


@router.get("/my-receipts/{version}/file")
def save_receipt(own: Own, version: int) -> Response:
    """Give a receipt as a file. Its name says nothing to somebody who sees the folder."""
    named = {"Content-Disposition": f'attachment; filename="receipt-{version}.json"'}
    return JSONResponse(own.document(own.at(version)), headers=named)


def _line(receipt: Receipt) -> Line:
    return Line(
        version=receipt.version,
        on=sentences.day(receipt.said_at),
        what=receipt_words.STATES[receipt.state],
        words=TERMS[receipt.purpose].words,
    )
