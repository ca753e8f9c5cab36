"""A person's consents in the forms of the field."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Response

from api.access import Auditor, ServiceDep
from api.exchange.exporting import MEDIA_TYPES, Format, export
from api.noting import NoteDep
from api.routes.auditing import Asked
from api.routes.consents import PersonInReach

router = APIRouter(prefix="/api", tags=["audits"])


@router.get(
    "/people/{person_id}/consents/export",
    response_class=Response,
    responses={200: {"content": {media_type: {} for media_type in MEDIA_TYPES.values()}}},
)
def export_consents(
    _: Auditor,
    person: PersonInReach,
    service: ServiceDep,
    asked: Asked,
    note: NoteDep,
    form: Annotated[Format, Query(alias="format", description="FHIR R5, or DPV of ISO/IEC TS 27560.")],
) -> Response:
    """Give a person's consents as one document that others can read and decide from: ids, no names."""
    note("export", person=person, asked=asked)
    document = export(service.alongside, person, form, asked.at, asked.known_at)
    return Response(msgspec.json.encode(document), media_type=MEDIA_TYPES[form])
