"""Who speaks for whom: asked by one coordinator, confirmed by another."""

from collections.abc import Callable
from datetime import date
from functools import partial
from http import HTTPStatus
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel, Field

from api.access import Coordinator, MomentDep, ReadModels, ServiceDep, only
from api.once import Change, command
from api.routes.consents import PersonInReach
from api.speaking import LONGEST_MARK, SpeakingFor, marks_of, speaking_for
from domain import purposes
from domain.access import Actor
from domain.consent import ConsentLedger, Giver, Method, Scope, Word
from domain.consent.standing import LONGEST_EVIDENCE
from domain.events import Command
from domain.fingerprints import Mark
from domain.purposes import Purpose
from projections.second_person import Waiting, waits

router = APIRouter(prefix="/api", tags=["standings"])

Text = Annotated[str, Field(min_length=1, max_length=LONGEST_MARK)]


class Somebody(BaseModel):
    """What somebody is known by."""

    name: Text
    phone: Text | None = None
    email: Text | None = None
    handle: Text | None = None

    def marks(self) -> dict[Mark, str]:
        """Give it by its kind."""
        return marks_of(self.name, self.phone, self.email, self.handle)


class AskStanding(Somebody):
    """Who is to speak for a person, as what, about what, on what evidence and until when: a year if nothing is said."""

    giver: Literal[Giver.GUARDIAN, Giver.DELEGATE]
    evidence: str = Field(min_length=1, max_length=LONGEST_EVIDENCE)
    purposes: list[Purpose] = Field(min_length=1, max_length=len(Purpose))
    expires_at: AwareDatetime | None = None


class StandingState(BaseModel):
    """How far it has come that somebody speaks for a person."""

    person: UUID
    standing: UUID
    status: str


class SayFor(BaseModel):
    """What whoever speaks for a person says to a purpose. The coordinator who writes it down is the witness."""

    said: Literal["yes", "no", "taken back"]
    method: Method = Method.IN_PERSON
    said_at: AwareDatetime | None = None
    fields: list[purposes.Field] | None = None
    named: Text | None = None


class SaidFor(BaseModel):
    """What was said for a person, and written down."""

    person: UUID
    standing: UUID
    purpose: Purpose
    said: str


class Minority(BaseModel):
    """The day from which a person is of age, and whether they consent without a guardian before."""

    of_age_on: date
    consents_alone: bool = False


def coordinators_change(
    service: ServiceDep, moment: MomentDep, caller: Coordinator, command: Annotated[Command | None, Depends(command)]
) -> Change:
    """Give what a coordinator's act needs: it counts whatever was done before, so it is of no version."""
    return Change(service.alongside, moment.at, caller.account, None, command)


ActDep = Annotated[Change, Depends(coordinators_change)]
CoordinatorsOnly = Depends(only(Actor.COORDINATOR))


@router.get("/standings")
def list_waiting(caller: Coordinator, read_models: ReadModels) -> list[Waiting]:
    """List what waits for a second person: emergencies first, then standings."""
    return waits(read_models, caller.programme_id)


@router.get("/people/{person_id}/standings", dependencies=[CoordinatorsOnly])
def list_standings(person: PersonInReach, service: ServiceDep, moment: MomentDep) -> SpeakingFor:
    """List who speaks for a person, and who did."""
    return speaking_for(service.alongside.ledger(person), moment.at)


@router.post("/people/{person_id}/standings", status_code=HTTPStatus.CREATED)
def request_standing(person: PersonInReach, ask: AskStanding, act: ActDep) -> StandingState:
    """Ask that somebody may speak for a person. Nothing comes of it until a second coordinator confirms it."""
    ledger = act.make(
        ConsentLedger,
        partial(
            act.alongside.request_standing,
            person,
            ask.giver,
            ask.marks(),
            evidence=ask.evidence,
            purposes=ask.purposes,
            expires_at=ask.expires_at,
        ),
    )
    return _state(ledger, list(ledger.speakers)[-1])


@router.put("/people/{person_id}/standings/{standing}/confirmation")
def confirm_standing(person: PersonInReach, standing: UUID, act: ActDep) -> StandingState:
    """Confirm what another coordinator asked for, having seen the evidence."""
    return _state(act.make(ConsentLedger, partial(act.alongside.confirm_standing, person, standing)), standing)


@router.delete("/people/{person_id}/standings/{standing}")
def end_standing(person: PersonInReach, standing: UUID, act: ActDep) -> StandingState:
    """Let somebody no longer speak for a person, or turn down what was asked for."""
    return _state(act.make(ConsentLedger, partial(act.alongside.end_standing, person, standing)), standing)


@router.post("/people/{person_id}/standings/{standing}/consents/{purpose}")
def say_for(person: PersonInReach, standing: UUID, purpose: Purpose, say: SayFor, act: ActDep) -> SaidFor:
    """Write down what whoever has a standing says for a person: yes, no, or that it is taken back."""
    spoken = act.alongside.speaking_for(person, standing)
    word = Word(giver=spoken.giver, authority=spoken.authority, witness=act.by, said_at=say.said_at)
    use_cases: dict[str, Callable[..., ConsentLedger]] = {
        "yes": partial(act.alongside.grant, scope=_scope(say)),
        "no": partial(act.alongside.refuse, named=say.named),
        "taken back": act.alongside.withdraw,
    }
    act.make(ConsentLedger, partial(use_cases[say.said], person, purpose, method=say.method, word=word))
    return SaidFor(person=person, standing=standing, purpose=purpose, said=say.said)


@router.post("/people/{person_id}/harm", status_code=HTTPStatus.NO_CONTENT)
def record_harm(person: PersonInReach, somebody: Somebody, act: ActDep) -> None:
    """Record that somebody harms a person. They can have no standing, and nothing that they are told shows it."""
    act.make(ConsentLedger, partial(act.alongside.record_harm, person, somebody.marks()))


@router.put("/people/{person_id}/minority")
def record_minority(person: PersonInReach, minority: Minority, act: ActDep) -> SpeakingFor:
    """Record the day from which a person is of age."""
    use_case = partial(act.alongside.record_minority, person, minority.of_age_on)
    return speaking_for(act.make(ConsentLedger, partial(use_case, consents_alone=minority.consents_alone)), act.at)


@router.put("/people/{person_id}/freeze")
def freeze(person: PersonInReach, act: ActDep) -> SpeakingFor:
    """Let nothing of a person be told, whatever they consented to."""
    return speaking_for(act.make(ConsentLedger, partial(act.alongside.freeze, person)), act.at)


@router.delete("/people/{person_id}/freeze")
def thaw(person: PersonInReach, act: ActDep) -> SpeakingFor:
    """Let consents count again. Whoever froze them cannot."""
    return speaking_for(act.make(ConsentLedger, partial(act.alongside.thaw, person)), act.at)


def _scope(say: SayFor) -> Scope:
    return Scope(fields=None if say.fields is None else frozenset(say.fields), named=say.named)


def _state(ledger: ConsentLedger, standing: UUID) -> StandingState:
    return StandingState(person=ledger.person_id, standing=standing, status=ledger.speaker(standing).state)
