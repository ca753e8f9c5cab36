"""What have I agreed to, and how do I take it back?"""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import RedirectResponse, Response

from api.access import Caller, MomentDep, ServiceDep, only
from api.consents import Replay, replay
from api.pages import sentences
from api.pages.layout import ShowDep
from domain.access import Actor
from domain.application import Alongside
from domain.consent import ConsentLedger, Ground, Method
from domain.errors import NothingToWithdraw
from domain.identity import member_id, mentor_id
from domain.member import Member
from domain.mentor import Mentor
from domain.purposes import TERMS, Purpose

router = APIRouter()

Said = Literal["grant", "refuse", "withdraw"]
Person = Annotated[Caller, Depends(only(Actor.MEMBER, Actor.MENTOR))]

GROUPS: Final = {
    "So that a match can be found": (Purpose.MATCH_CONSIDER, Purpose.MATCH_PROPOSE, Purpose.CONTACT_SHARE),
    "So that the programme can look after you": (Purpose.CONTACT_SERVICE, Purpose.COORD_NOTES, Purpose.SAFE_SHARE),
    "Only if you like": (Purpose.STATS, Purpose.RESEARCH_CONTACT, Purpose.RESEARCH_DATA, Purpose.TRANSFER),
}


@dataclass(frozen=True)
class Consent:
    """A purpose in the person's words, where it stands, and the answers that can be given now."""

    purpose: Purpose
    words: str
    state: str
    is_given: bool
    audience: str
    life: str
    after_no: str
    can_refuse: bool


@router.get("/my-consents")
def show_consents(
    show: ShowDep,
    caller: Person,
    service: ServiceDep,
    moment: MomentDep,
    said: Annotated[Said | None, Query()] = None,
    purpose: Annotated[Purpose | None, Query()] = None,
) -> Response:
    """Show people what they have agreed to, and where they stand."""
    heard = "" if said is None or purpose is None else sentences.heard(said, TERMS[purpose].words)
    return _page(show, caller, service.alongside, moment.at, heard=heard)


@router.post("/my-consents/{purpose}")
def say(
    show: ShowDep,
    caller: Person,
    service: ServiceDep,
    moment: MomentDep,
    purpose: Purpose,
    decision: Annotated[Said, Form()],
) -> Response:
    """Say yes or no to a purpose, or take back a yes: one act each."""
    alongside, person = service.alongside, _themselves(caller)
    speak = {"grant": alongside.grant, "refuse": alongside.refuse, "withdraw": alongside.withdraw}[decision]
    try:
        speak(person, purpose, method=Method.WEB, at=moment.at, by=caller.role)
    except NothingToWithdraw:
        refusal = "There was nothing to take back: this is not agreed to."
        return _page(show, caller, alongside, moment.at, status=HTTPStatus.CONFLICT, refusal=refusal)
    return RedirectResponse(f"/my-consents?said={decision}&purpose={purpose}", HTTPStatus.SEE_OTHER)


@router.post("/my-erasure")
def leave(
    caller: Person, service: ServiceDep, moment: MomentDep, decision: Annotated[Literal["ask", "cancel"], Form()]
) -> Response:
    """Ask to be erased, or take that back."""
    alongside, person = service.alongside, _themselves(caller)
    if decision == "ask":
        alongside.request_erasure(person, Ground.CONSENT_WITHDRAWN, at=moment.at, by=caller.role)
    else:
        alongside.cancel_erasure(person, at=moment.at, by=caller.role)
    return RedirectResponse("/my-consents#leaving", HTTPStatus.SEE_OTHER)


def _page(
    show: ShowDep,
    caller: Caller,
    alongside: Alongside,
    at: datetime,
    *,
    status: int = HTTPStatus.OK,
    heard: str = "",
    refusal: str = "",
) -> Response:
    replayed = replay(alongside, _themselves(caller), alongside.read_clocks(at).judged)
    groups = {title: [_consent(replayed, purpose) for purpose in purposes] for title, purposes in GROUPS.items()}
    if caller.role == Actor.MEMBER:
        member = alongside.load(Member, member_id(replayed.person_id))
        handle, standing = member.profile.handle, _standing(member, replayed)
    else:
        handle, standing = alongside.load(Mentor, mentor_id(replayed.person_id)).profile.handle, []
    return show(
        "my_consents.html",
        status=status,
        groups=groups,
        handle=handle,
        standing=standing,
        heard=heard,
        refusal=refusal,
        erasure_asked_at=_erasure_asked_at(replayed),
    )


def _erasure_asked_at(replayed: Replay) -> str | None:
    last: str | None = None
    for event in (entry.event for entry in replayed.entries):
        if isinstance(event, ConsentLedger.ErasureRequested):
            last = sentences.day(event.at)
        elif isinstance(event, ConsentLedger.ErasureCancelled):
            last = None
    return last


def _consent(replayed: Replay, purpose: Purpose) -> Consent:
    decision, terms = replayed.decisions[purpose], TERMS[purpose]
    return Consent(
        purpose=purpose,
        words=sentences.sentence(terms.words),
        state=sentences.consent(decision),
        is_given=decision.permit,
        audience=terms.audience,
        life=sentences.life(terms.life),
        after_no=sentences.AFTER_NO.get(purpose, "it is not done from that moment on."),
        can_refuse=not decision.permit and decision.reason not in {"refused", "withdrawn"},
    )


def _standing(member: Member, replayed: Replay) -> list[str]:
    return sentences.standing(
        is_matched=member.match_id is not None,
        may_be_considered=replayed.decisions[Purpose.MATCH_CONSIDER].permit,
        since=member.profile.waiting_since,
        today=replayed.at.date(),
    )


def _themselves(caller: Caller) -> UUID:
    assert caller.person_id is not None, "a token of this role names a person"
    return caller.person_id
