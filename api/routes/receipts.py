"""Receipts: what a person was given of each change of their consents."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from api.access import CallerDep, ServiceDep
from api.receipts import Receipts
from api.routes.consents import PersonInReach
from api.routes.resources import Receipt
from domain.errors import NotYourRole

router = APIRouter(prefix="/api/people/{person_id}/receipts", tags=["consents"])


def own_receipts(request: Request, person: PersonInReach, caller: CallerDep, service: ServiceDep) -> Receipts:
    """Give a person's receipts to themselves alone: each holds an address that takes a consent back."""
    if caller.person_id != person:
        raise NotYourRole("Only the person themselves is given their receipts.")
    return Receipts.of(service, request.app.state.signer, person)


Own = Annotated[Receipts, Depends(own_receipts)]


@router.get("")
def list_receipts(own: Own) -> list[Receipt]:
    """Give all receipts, the newest first."""
    return [Receipt.model_validate(own.document(receipt)) for receipt in own.all]


@router.get("/{version}")
def get_receipt(own: Own, version: int) -> Receipt:
    """Give the receipt of the change at a version of the person's ledger."""
    return Receipt.model_validate(own.document(own.at(version)))
