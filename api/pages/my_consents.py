"""What have I agreed to, what am I asked, and how do I take it back?"""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Query
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from api.access import Caller, MomentDep, ServiceDep
from api.pages import sentences
from api.pages.consent_choices import Choosing
from api.pages.layout import ShowDep
from api.pages.receipts import Own, Person, themselves
from api.problems import status_of
from api.service import Service
from domain.access import Actor
from domain.application import Alongside
from domain.consent import ConsentLedger, Ground, Method, Scope
from domain.consent.served import Read
from domain.errors import InvalidValue, NothingToWithdraw, WordingChanged
from domain.member import Member
from domain.purposes import TERMS, Field, Purpose
from domain.wordings import LANGUAGE

router = APIRouter()

Said = Literal["grant", "choose", "refuse", "withdraw", "defer"]

GROUPS: Final = {
    "So that a match can be found": (Purpose.MATCH_CONSIDER, Purpose.MATCH_PROPOSE, Purpose.CONTACT_SHARE),
    "So that the programme can look after you": (Purpose.CONTACT_SERVICE, Purpose.COORD_NOTES, Purpose.SAFE_SHARE),
    "Only if you like": (Purpose.STATS, Purpose.RESEARCH_CONTACT, Purpose.RESEARCH_DATA, Purpose.TRANSFER),
}
ASKED: Final = "You are asked"
HEARD: Final = {
    "grant": "You agreed",
    "choose": "You agreed",
    "refuse": "You said no",
    "withdraw": "You took this back",
    "defer": "You put this off",
}


class Answer(BaseModel):
    """What the form of a purpose sends: `wording` is the digest of the text that was read.

    Who chooses agrees to the ticked fields, who grants to all that the text is about. `name` is what somebody typed
    whom a consent is for, `named` what stands for such a name in a consent that was given before.
    """

    decision: Said
    wording: str = ""
    language: str = LANGUAGE
    serving: UUID | None = None
    field: frozenset[Field] = frozenset()
    name: str = ""
    named: str | None = None


@router.get("/my-consents")
def show_consents(
    show: ShowDep,
    caller: Person,
    service: ServiceDep,
    moment: MomentDep,
    own: Own,
    said: Annotated[Said | None, Query()] = None,
    purpose: Annotated[Purpose | None, Query()] = None,
) -> Response:
    """Show people what they have agreed to, and where they stand."""
    heard, receipt = "", None
    if said is not None and purpose is not None:
        heard, receipt = _heard(said, purpose), own.latest(purpose)
    return _page(show, caller, service, moment.at, heard=heard, receipt=receipt.version if receipt else None)


@router.post("/my-consents/{purpose}")
def say(
    show: ShowDep,
    caller: Person,
    service: ServiceDep,
    moment: MomentDep,
    purpose: Purpose,
    answer: Annotated[Answer, Form()],
) -> Response:
    """Say yes, no or not now to a purpose, or take back a yes: one act each."""
    choosing = Choosing(service, caller.programme_id, themselves(caller), moment.at)
    try:
        _say(service.alongside, caller, choosing, purpose, answer, moment.at)
    except NothingToWithdraw:
        refusal = "There was nothing to take back: this is not agreed to."
        return _page(show, caller, service, moment.at, status=HTTPStatus.CONFLICT, refusal=refusal)
    except (WordingChanged, InvalidValue) as error:
        refusal = f"{error.message} Nothing was written down."
        return _page(show, caller, service, moment.at, status=status_of(error), refusal=refusal, opened=purpose)
    return RedirectResponse(f"/my-consents?said={answer.decision}&purpose={purpose}", HTTPStatus.SEE_OTHER)


@router.post("/my-erasure")
def leave(
    caller: Person, service: ServiceDep, moment: MomentDep, decision: Annotated[Literal["ask", "cancel"], Form()]
) -> Response:
    """Ask to be erased, or take that back."""
    alongside, person = service.alongside, themselves(caller)
    if decision == "ask":
        alongside.request_erasure(person, Ground.CONSENT_WITHDRAWN, at=moment.at, by=caller.role)
    else:
        alongside.cancel_erasure(person, at=moment.at, by=caller.role)
    return RedirectResponse("/my-consents#leaving", HTTPStatus.SEE_OTHER)


def _say(
    alongside: Alongside, caller: Caller, choosing: Choosing, purpose: Purpose, answer: Answer, at: datetime
) -> None:
    person = themselves(caller)
    how: dict[str, Any] = {"method": Method.WEB, "at": at, "by": caller.role}
    read = Read(caller.programme_id, answer.language, answer.wording, answer.serving)
    if answer.decision in {"grant", "choose"}:
        fields = answer.field if answer.decision == "choose" else frozenset(choosing.fields(purpose))
        if not fields:
            raise InvalidValue("Tick at least one thing, or say no.")
        called = alongside.called(caller.programme_id, answer.name.strip()) if TERMS[purpose].is_named else None
        alongside.grant(person, purpose, scope=Scope(fields=fields), read=read, called=called, **how)
    elif answer.decision == "refuse":
        alongside.refuse(person, purpose, read=read, **how)
    elif answer.decision == "withdraw":
        alongside.withdraw(person, purpose, named=answer.named or None, **how)
    else:
        alongside.defer(person, purpose, **how)


def _page(
    show: ShowDep,
    caller: Caller,
    service: Service,
    at: datetime,
    *,
    status: int = HTTPStatus.OK,
    heard: str = "",
    receipt: int | None = None,
    refusal: str = "",
    opened: Purpose | None = None,
) -> Response:
    choosing = Choosing(service, caller.programme_id, themselves(caller), at)
    choices = {purpose: choosing.choice(purpose) for purpose in Purpose}
    asked = [choice for choice in choices.values() if choice.is_asked]
    groups = {ASKED: asked} if asked else {}
    for title, purposes in GROUPS.items():
        groups[title] = [choices[purpose] for purpose in purposes if not choices[purpose].is_asked]
    role = choosing.member if caller.role == Actor.MEMBER else choosing.mentor
    assert role is not None, "a token of this role is of somebody in it"
    return show(
        "my_consents.html",
        status=status,
        groups={title: found for title, found in groups.items() if found},
        handle=role.profile.handle,
        standing=_standing(role, choosing) if isinstance(role, Member) else [],
        heard=heard,
        receipt=receipt,
        refusal=refusal,
        opened=opened,
        erasure_asked_at=_erasure_asked_at(choosing),
    )


def _heard(said: Said, purpose: Purpose) -> str:
    after = "You are asked again another time." if said == "defer" else "It holds from now on."
    return f"{HEARD[said]}: {TERMS[purpose].words}. {after}"


def _erasure_asked_at(choosing: Choosing) -> str | None:
    if choosing.ledger.erasure is None:
        return None
    asked = [entry.event for entry in choosing.entries if isinstance(entry.event, ConsentLedger.ErasureRequested)]
    return sentences.day(asked[-1].at)


def _standing(member: Member, choosing: Choosing) -> list[str]:
    return sentences.standing(
        is_matched=member.match_id is not None,
        may_be_considered=bool(choosing.choice(Purpose.MATCH_CONSIDER).given),
        since=member.profile.waiting_since,
        today=choosing.at.date(),
    )
