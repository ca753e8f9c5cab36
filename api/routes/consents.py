"""Consents: what a person says, and what an auditor replays."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime

from api.access import CallerDep, MomentDep, ServiceDep
from api.consents import replay
from api.once import Change, WordDep
from api.routes.resources import Consents, Say
from domain.access import PERSONAL_ROLES
from domain.consent import ConsentLedger, Method
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
    service: ServiceDep,
    moment: MomentDep,
    at: Annotated[AwareDatetime | None, Query(description="An instant with its offset; now if left out.")] = None,
) -> Consents:
    """Replay a person's consents as of an instant, from events."""
    as_of = at or service.alongside.read_clocks(moment.at).judged
    return Consents.model_validate(replay(service.alongside, person, as_of).report())


@router.put("/people/{person_id}/consents/{purpose}")
def say(person: PersonInReach, purpose: Purpose, said: Say, caller: CallerDep, word: WordDep) -> Consents:
    """Say yes or no to a purpose. Only the person themselves can."""
    _only_themselves(caller.person_id, person)
    speak = word.alongside.grant if said.granted else word.alongside.refuse
    return _heard(word, word.make(ConsentLedger, partial(speak, person, purpose, method=Method.WEB)))


@router.delete("/people/{person_id}/consents/{purpose}")
def withdraw(person: PersonInReach, purpose: Purpose, caller: CallerDep, word: WordDep) -> Consents:
    """Take a consent back. Only the person themselves can."""
    _only_themselves(caller.person_id, person)
    return _heard(word, word.make(ConsentLedger, partial(word.alongside.withdraw, person, purpose, method=Method.WEB)))


def _heard(word: Change, ledger: ConsentLedger) -> Consents:
    """Show the consents as they were once this was said, also to whoever sends it again later."""
    assert ledger.last_at is not None, "something was said"
    replayed = replay(word.alongside, ledger.person_id, ledger.last_at, version=ledger.version)
    return Consents.model_validate(replayed.report())


def _only_themselves(asking: UUID | None, person: UUID) -> None:
    if asking != person:
        raise NotYourRole("Only the person themselves can say this here.")
