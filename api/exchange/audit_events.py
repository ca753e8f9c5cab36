"""Who was told what of a person, as FHIR R5 AuditEvents in the shape that IHE gives a privacy disclosure."""

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID, uuid5

from api.exchange import codes
from api.exchange.as_of import AsOf
from domain.consent import ConsentLedger
from domain.events import Entry
from domain.purposes import Field

Resource = dict[str, Any]

_DICOM: Final = "http://dicom.nema.org/resources/ontology/DCM"
_LIFECYCLE: Final = "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle"
_OUTCOME: Final = "http://hl7.org/fhir/issue-severity"
_REASON: Final = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
_PARTICIPATION: Final = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
_ROLE: Final = "http://terminology.hl7.org/CodeSystem/object-role"

_EXPORT, _SOURCE, _DESTINATION = "110106", "110153", "110152"
_PATIENT, _RULES = "1", "12"
_BREAK_THE_GLASS: Final = "BTG"


def audit_events(as_of: AsOf, entries: Sequence[Entry]) -> Iterator[Resource]:
    """Give the disclosures among the events of a ledger that had been made, and were known, by then."""
    for entry in entries:
        event = entry.event
        if event.at <= as_of.at and entry.position <= as_of.position:
            if isinstance(event, ConsentLedger.Disclosed):
                yield _told(as_of, entry) | _on_consent(event)
            elif isinstance(event, ConsentLedger.EmergencyDisclosed):
                yield _told(as_of, entry) | _in_emergency(event)


def _told(as_of: AsOf, entry: Entry) -> Resource:
    return {
        "resourceType": "AuditEvent",
        "id": str(uuid5(as_of.ledger.id, f"event:{entry.version}")),
        "extension": [{"url": codes.POSITION, "valuePositiveInt": max(entry.position, 1)}],
        "category": [_concept(_DICOM, _EXPORT)],
        "code": _concept(_LIFECYCLE, codes.DISCLOSE),
        "action": "R",
        "occurredDateTime": entry.event.at.isoformat(),
        "recorded": (entry.recorded_at or entry.event.at).isoformat(),
        "outcome": {"code": {"system": _OUTCOME, "code": "success"}},
        "source": {"observer": {"display": "Alongside"}},
        "patient": _identified(codes.PERSONS, str(as_of.ledger.person_id)),
    }


def _on_consent(event: ConsentLedger.Disclosed) -> Resource:
    return {
        "authorization": [_concept(codes.PURPOSES, event.purpose)],
        "agent": [_source(), _viewer(event)],
        "entity": [_subject(event.person_id, event.fields), *_consents(event), _request(event)],
    }


def _in_emergency(event: ConsentLedger.EmergencyDisclosed) -> Resource:
    """Give what was told without a consent; who was told stands in the request, whose id this has."""
    asking = {"type": _concept(_PARTICIPATION, "AUT"), "who": _identified(codes.ACCOUNTS, event.requested_by)}
    telling = {"type": _concept(_DICOM, _SOURCE), "who": _identified(codes.ACCOUNTS, event.by)}
    request = {"what": _identified(codes.EMERGENCIES, str(event.emergency_id))}
    return {
        "authorization": [_concept(_REASON, _BREAK_THE_GLASS)],
        "agent": [asking | {"requestor": True}, telling | {"requestor": False}],
        "entity": [_subject(event.person_id, event.fields), request],
    }


def _source() -> Resource:
    return {"type": _concept(_DICOM, _SOURCE), "who": {"display": "Alongside"}, "requestor": False}


def _viewer(event: ConsentLedger.Disclosed) -> Resource:
    who = (codes.ACCOUNTS, event.by) if event.viewer is None else (codes.PERSONS, str(event.viewer))
    return {
        "type": _concept(_DICOM, _DESTINATION),
        "role": [_concept(codes.AUDIENCES, event.role)],
        "who": _identified(*who),
        "requestor": True,
    }


def _subject(person: UUID, fields: Sequence[Field]) -> Resource:
    return {
        "what": _identified(codes.PERSONS, str(person)),
        "role": _concept(_ROLE, _PATIENT),
        "detail": [{"type": _concept(codes.FIELDS, field), "valueBoolean": True} for field in fields],
    }


def _consents(event: ConsentLedger.Disclosed) -> Iterator[Resource]:
    for reliance in event.consents:
        yield {"what": {"reference": f"urn:uuid:{reliance.consent_id}"}, "role": _concept(_ROLE, _RULES)}


def _request(event: ConsentLedger.Disclosed) -> Resource:
    told = {"type": _concept(codes.CHANNELS, event.channel), "valueBoolean": True}
    return {"what": _identified(codes.REQUESTS, event.request), "detail": [told]}


def _concept(system: str, code: str) -> Resource:
    return {"coding": [{"system": system, "code": str(code)}]}


def _identified(system: str, value: str) -> Resource:
    return {"identifier": {"system": system, "value": value}}
