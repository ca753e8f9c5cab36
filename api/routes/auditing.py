"""What auditors ask of people's consents: every question is noted before it is answered."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query

from api.access import Auditor, MomentDep, ReadModels, ServiceDep
from api.auditing.asking import KNOWN_AT, Clocks, clocks, instant_of, position_of
from api.auditing.audience import CouldSee, who_could_see
from api.auditing.changes import Changes, changes_between
from api.auditing.coordinators import coordinators
from api.auditing.disclosures import WhoSaw, who_saw
from api.auditing.proof import proof_of
from api.auditing.unjustified import Unjustified
from api.auditing.unjustified import unjustified as find_unjustified
from api.auditing.why import Why, why
from api.noting import NoteDep
from api.routes.consents import PersonInReach
from api.service import Service
from eventlog.schema import Role

router = APIRouter(prefix="/api", tags=["audits"])

LARGEST_POSITION = 2**63 - 1

Instant = Annotated[
    str | None, Query(max_length=40, description="A day (its last instant) or an instant; now if left out.")
]
Known = Annotated[str | None, Query(max_length=40, description=KNOWN_AT)]
Place = Annotated[str, Query(max_length=40, description="A position of the log, or an instant.")]


def asked(service: ServiceDep, moment: MomentDep, at: Instant = None, known_at: Known = None) -> Clocks:
    """Give what is asked as of."""
    return clocks(service.alongside, moment.at, at, known_at)


Asked = Annotated[Clocks, Depends(asked)]


@router.get("/people/{person_id}/audience")
def get_audience(
    _: Auditor, person: PersonInReach, service: ServiceDep, read_models: ReadModels, asked: Asked, note: NoteDep
) -> CouldSee:
    """Say who could have been told what of a person at an instant, by which consent."""
    note("who-could-see", person=person, asked=asked)
    accounts = partial(coordinators, read_models)
    return who_could_see(service.alongside, accounts, person, asked.at, known_at=asked.known_at)


@router.get("/people/{person_id}/disclosures")
def get_disclosures(_: Auditor, person: PersonInReach, service: ServiceDep, note: NoteDep) -> WhoSaw:
    """Say who was told what of a person, and which acts used their consents; emergencies first."""
    note("who-saw", person=person)
    return who_saw(person, service.alongside.ledger_entries(person))


@router.get("/disclosures/unjustified")
def get_unjustified(caller: Auditor, service: ServiceDep, note: NoteDep) -> list[Unjustified]:
    """List what was told or done in the programme without a consent: nothing, if all is well."""
    note("unjustified")
    return find_unjustified(service.alongside.log.read(), caller.programme_id)


@router.get("/disclosures/{position}")
def get_disclosure(
    caller: Auditor, service: ServiceDep, note: NoteDep, position: Annotated[int, Path(ge=1, le=LARGEST_POSITION)]
) -> Why:
    """Say why something was told or done: by which consents, on which wording, and whether they still carry it."""
    found = why_in(service, caller.programme_id, position)
    note("why", person=found.person)
    return found


@router.get("/consent-changes")
def get_changes(
    caller: Auditor,
    service: ServiceDep,
    note: NoteDep,
    earlier: Place,
    later: Place,
    at: Instant = None,
) -> Changes:
    """Say whose consents stand otherwise between two positions of the log."""
    note("diff")
    return changes_in(service, caller.programme_id, earlier, later, at)


def why_in(service: Service, programme: UUID, position: int) -> Why:
    """Explain what was told or done in a programme."""
    prove = partial(proof_of, service.engines[Role.AUDITOR])
    return why(service.alongside, position, prove, programme=programme)


def changes_in(service: Service, programme: UUID, earlier: str, later: str, at: str | None) -> Changes:
    """Compare two positions of the log, or two instants, for the people of a programme."""
    log = service.alongside.log
    return changes_between(
        service.alongside,
        position_of(earlier, log),
        position_of(later, log),
        at=instant_of(at) if at else None,
        programme=programme,
    )
