"""Consents: what a person says, and what an auditor replays."""

from collections.abc import Callable
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime

from api.access import CallerDep, MomentDep, ServiceDep
from api.auditing.asking import KNOWN_AT, clocks
from api.auditing.replaying import replay
from api.noting import NoteDep
from api.once import Change, WordDep
from api.routes.resources import Consents, Say
from domain.access import PERSONAL_ROLES, Actor
from domain.consent import ConsentLedger, Method, Scope
from domain.consent.served import Read
from domain.errors import NotYourRole, UnknownPerson
from domain.purposes import Purpose

router = APIRouter(prefix="/api", tags=["consents"])


def person_in_reach(person_id: UUID, caller: CallerDep, service: ServiceDep) -> UUID:
    """Give a person to themselves, and to coordinators and auditors of their programme."""
    if caller.role in PERSONAL_ROLES:
        caller.must_be(person_id)
    elif caller.programme_id not in service.alongside.programmes_of(person_id):
        raise UnknownPerson("There is no such person.")
    return person_id


PersonInReach = Annotated[UUID, Depends(person_in_reach)]


@router.get("/people/{person_id}/consents")
def get_consents(
    person: PersonInReach,
    caller: CallerDep,
    service: ServiceDep,
    moment: MomentDep,
    note: NoteDep,
    at: Annotated[AwareDatetime | None, Query(description="An instant with its offset; now if left out.")] = None,
    known_at: Annotated[str | None, Query(max_length=40, description=KNOWN_AT)] = None,
) -> Consents:
    """Replay a person's consents as of an instant, on what was known at another, from events."""
    asked = clocks(service.alongside, moment.at, at.isoformat() if at else None, known_at)
    note("replay", person=person, asked=asked)
    replayed = replay(service.alongside, person, asked.at, known_at=asked.known_at)
    return Consents.model_validate(replayed.report(whole=caller.role == Actor.AUDITOR))


@router.put("/people/{person_id}/consents/{purpose}")
def say(person: PersonInReach, purpose: Purpose, said: Say, caller: CallerDep, word: WordDep) -> Consents:
    """Say yes or no to a purpose. Only the person themselves can."""
    _only_themselves(caller.person_id, person)
    alongside, read = word.alongside, Read(caller.programme_id, said.language, said.wording)
    called = None if said.named is None else alongside.called(caller.programme_id, said.named)
    answer: Callable[..., ConsentLedger]
    if said.granted:
        scope = Scope(fields=said.fields, expires_at=said.expires_at)
        answer = partial(alongside.grant, person, purpose, scope=scope, read=read, called=called)
    else:
        named = None if called is None else called.fingerprint
        answer = partial(alongside.refuse, person, purpose, named=named, read=read)
    return _heard(word, word.make(ConsentLedger, partial(answer, method=Method.WEB)))


@router.delete("/people/{person_id}/consents/{purpose}")
def withdraw(
    person: PersonInReach,
    purpose: Purpose,
    caller: CallerDep,
    word: WordDep,
    named: Annotated[str | None, Query(description="Only the consent for this one; all if left out.")] = None,
) -> Consents:
    """Take a consent back. Only the person themselves can."""
    _only_themselves(caller.person_id, person)
    about = None if named is None else word.alongside.called(caller.programme_id, named).fingerprint
    answer = partial(word.alongside.withdraw, person, purpose, named=about, method=Method.WEB)
    return _heard(word, word.make(ConsentLedger, answer))


def _heard(word: Change, ledger: ConsentLedger) -> Consents:
    """Show the consents as they were once this was said, also to whoever sends it again later."""
    assert ledger.last_at is not None, "something was said"
    replayed = replay(word.alongside, ledger.person_id, ledger.last_at, version=ledger.version)
    return Consents.model_validate(replayed.report())


def _only_themselves(asking: UUID | None, person: UUID) -> None:
    if asking != person:
        raise NotYourRole("Only the person themselves can say this here.")
