"""A person's consents in one of the forms of the field, ready to be handed over."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from api.exchange import dpv, fhir
from api.exchange.handles import new_salt
from domain.application import Alongside


class Format(StrEnum):
    """In which form."""

    FHIR = "fhir"
    DPV = "dpv"


MEDIA_TYPES: Final = {Format.FHIR: "application/fhir+json", Format.DPV: "application/ld+json"}


def export(alongside: Alongside, person: UUID, form: Format, at: datetime, known_at: int | None) -> Mapping[str, Any]:
    """Give a person's consents as of an instant, on what was known up to a position of the log.

    Nothing that is not valid is handed over: what FHIR refuses raises `pydantic.ValidationError`.
    """
    entries = alongside.ledger_entries(person)
    ledger = alongside.ledger_of(person, entries)
    if form == Format.DPV:
        return dpv.export(ledger, at, known_at, salt=new_salt())
    exported = fhir.export(ledger, entries, at, known_at, salt=new_salt())
    fhir.validate(exported)
    return exported
