"""How can I be reached, by the one person who may know it?"""

from http import HTTPStatus
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Query
from fastapi.responses import RedirectResponse, Response

from api.access import Caller, MomentDep, ServiceDep
from api.pages.layout import ShowDep
from api.pages.my_matches import Person
from api.problems import status_of
from domain.contact import LONGEST_EMAIL, LONGEST_NAME, ContactDetails
from domain.errors import InvalidValue

router = APIRouter()


@router.get("/my-contact")
def show_contact(
    show: ShowDep, caller: Person, service: ServiceDep, saved: Annotated[Literal["yes"] | None, Query()] = None
) -> Response:
    """Show people their own contact details."""
    contact = service.alongside.contact_of(_themselves(caller))
    typed = {"name": contact.name or "", "phone": contact.phone or "", "email": contact.email or ""}
    return _page(show, typed, saved=saved is not None)


@router.post("/my-contact")
def change_contact(
    show: ShowDep,
    caller: Person,
    service: ServiceDep,
    moment: MomentDep,
    name: Annotated[str, Form()] = "",
    phone: Annotated[str, Form()] = "",
    email: Annotated[str, Form()] = "",
) -> Response:
    """Replace one's own contact details; what is left blank is not there any more."""
    try:
        contact = ContactDetails.read(name=name, phone=phone, email=email)
    except InvalidValue as refusal:
        typed = {"name": name, "phone": phone, "email": email}
        return _page(show, typed, status=status_of(refusal), refusal=f"{refusal.message} Nothing is saved yet.")
    service.alongside.change_contact_details(_themselves(caller), contact, at=moment.at, by=caller.role)
    return RedirectResponse("/my-contact?saved=yes", HTTPStatus.SEE_OTHER)


def _page(
    show: ShowDep, typed: dict[str, str], *, status: int = HTTPStatus.OK, saved: bool = False, refusal: str = ""
) -> Response:
    limits = {"longest_name": LONGEST_NAME, "longest_email": LONGEST_EMAIL}
    return show("my_contact.html", status=status, typed=typed, saved=saved, refusal=refusal, **limits)


def _themselves(caller: Caller) -> UUID:
    assert caller.person_id is not None, "a token of this role names a person"
    return caller.person_id
