"""Handing a person's consents over in a form of the field."""

from typing import Annotated

import typer

from api.auditing.asking import clocks
from api.cli.auditing import At, KnownAt
from api.cli.consents import InProgramme, Person, find
from api.cli.options import Asking, opened
from api.cli.output import emit
from api.exchange.exporting import Format
from api.exchange.exporting import export as exported
from api.moment import now
from domain.errors import InvalidValue


def export(
    person: Person,
    *,
    by: Asking,
    fhir: Annotated[bool, typer.Option("--fhir", help="As FHIR R5 Consents and AuditEvents.")] = False,
    dpv: Annotated[bool, typer.Option("--dpv", help="As records of ISO/IEC TS 27560 in DPV, JSON-LD.")] = False,
    at: At = None,
    known_at: KnownAt = None,
    programme: InProgramme = None,
) -> None:
    """Print a person's consents as one document that others can read and decide from: ids, no names."""
    if fhir == dpv:
        raise InvalidValue("Say in which form: --fhir or --dpv.")
    with opened() as service:
        alongside, who = service.alongside, find(service, person, programme)
        asked = clocks(alongside, now().at, at, known_at)
        alongside.note_query(
            "export",
            programme=min(alongside.programmes_of(who), default=None),
            person=who,
            as_of=asked.at,
            known_at=asked.known_at,
            at=now().at,
            by=by,
        )
        emit(exported(alongside, who, Format.FHIR if fhir else Format.DPV, asked.at, asked.known_at))
