"""A person's consents as records of ISO/IEC TS 27560:2023 in the W3C Data Privacy Vocabulary, written as JSON-LD.

One record a purpose that the person has heard of: whose it is, what is processed and for whom, on which notice, how it
stands, and every event that brought it there. The context stands in the document, so that reading it asks nobody.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from api.exchange import codes
from api.exchange.as_of import ENDED, AsOf
from api.exchange.handles import handle
from domain.consent import ConsentLedger, Decision, Giver, Grant, State, consent_at, state_at
from domain.consent.history import Asking, Ending, Stop
from domain.purposes import TERMS, Purpose

Node = dict[str, Any]

_CONTEXT: Final = {
    "dpv": "https://w3id.org/dpv#",
    "dct": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_PROFILE: Final = "https://w3id.org/dpv/schema/dpv-27560#record"
_BY_SERVICE: Final = {Ending.REVOKED, Ending.INVALIDATED}


def export(ledger: ConsentLedger, at: datetime, known_at: int | None = None, *, salt: str) -> Mapping[str, Any]:
    """Give the records as of an instant, on what was known up to a position of the log.

    `salt` is of this document alone, in hexadecimal digits (`handles.new_salt`).
    """
    as_of = AsOf(ledger, at, known_at)
    heard = {word.purpose for word in _words(as_of)}
    return {
        "@context": _CONTEXT,
        "@id": f"urn:uuid:{uuid5(ledger.id, f'dpv:{as_of.position}:{as_of.at.isoformat()}')}",
        "dct:created": _instant(as_of.at),
        "dct:identifier": f"{ledger.id}:{as_of.position}",
        codes.SALT: salt,
        "dct:hasPart": [_record(as_of, purpose, salt) for purpose in Purpose if purpose in heard],
    }


def _record(as_of: AsOf, purpose: Purpose, salt: str) -> Node:
    grants = [grant for grant in as_of.grants if grant.purpose == purpose]
    decision = consent_at(as_of.ledger, purpose, at=as_of.at, known_at=as_of.known_at)
    record_id = uuid5(as_of.ledger.id, f"record:{purpose}")
    return {
        "@id": _urn(record_id),
        "@type": "dpv:ConsentRecord",
        "dct:conformsTo": {"@id": _PROFILE},
        "dct:identifier": str(record_id),
        "dpv:hasDataSubject": _party(as_of.ledger.person_id, "dpv:DataSubject"),
        "dpv:hasDataController": {"@id": codes.SERVICE, "@type": "dpv:DataController"},
        "dpv:hasLegalBasis": {"@id": "dpv:ExplicitlyExpressedConsent"},
        "dpv:hasConsentStatus": {"@id": f"dpv:{state_at(as_of.ledger, purpose, at=as_of.at, known_at=as_of.known_at)}"},
        "dpv:hasConsentControl": {"@id": "dpv:WithdrawConsent"},
        **({"dpv:hasNotice": notices} if (notices := _notices(grants)) else {}),
        "dpv:hasProcess": _process(purpose, decision, salt),
        "dct:hasPart": _events(as_of, purpose),
    }


def _process(purpose: Purpose, decision: Decision, salt: str) -> Node:
    """Give what may be done: as far as the consent goes, or could go while there is none."""
    terms = TERMS[purpose]
    fields = decision.fields if decision.permit else terms.fields
    name = None if decision.grant is None else decision.grant.named
    named = {} if name is None else {"dct:identifier": handle(salt, name)}
    return {
        "@type": "dpv:Process",
        "dpv:hasPurpose": {
            "@id": f"{codes.PURPOSES}#{purpose}",
            "@type": "dpv:Purpose",
            "dct:description": terms.words,
        },
        "dpv:hasProcessing": {"@id": "dpv:Disclose"},
        "dpv:hasPersonalData": [
            {"@id": f"{codes.FIELDS}#{field}", "@type": "dpv:PersonalData"} for field in sorted(fields)
        ],
        "dpv:hasRecipient": [
            {"@type": "dpv:Recipient", "dct:type": {"@id": f"{codes.AUDIENCES}#{kind}"}, **named}
            for kind in terms.audiences
        ],
    }


def _notices(grants: Sequence[Grant]) -> list[Node]:
    """Give each wording that was answered, by its hash: the text itself is kept by the service."""
    wordings = {grant.wording: None for grant in grants if grant.wording is not None}
    return [
        {
            "@id": f"{_urn(wording.notice)}#{wording.version}-{wording.language}",
            "@type": "dpv:ConsentNotice",
            "dct:hasVersion": str(wording.version),
            "dct:language": wording.language,
            codes.WORDING: wording.sha256,
        }
        for wording in wordings
    ]


def _events(as_of: AsOf, purpose: Purpose) -> list[Node]:
    words = [word for word in _words(as_of) if word.purpose == purpose]
    return [_event(as_of, word) for word in sorted(words, key=lambda word: word.place.version)]


def _words(as_of: AsOf) -> list[Asking | Grant | Stop]:
    return [*as_of.askings, *as_of.grants, *as_of.stops]


def _event(as_of: AsOf, word: Asking | Grant | Stop) -> Node:
    state, giver, valid = _what(word)
    by = as_of.ledger.person_id if giver == Giver.SUBJECT else getattr(word, "authority", None)
    found = {
        "@id": _urn(uuid5(as_of.ledger.id, f"event:{word.place.version}")),
        "@type": "dpv:Consent",
        "dpv:hasConsentStatus": {"@id": f"dpv:{state}"},
        "dct:date": _instant(word.said),
        codes.POSITION: word.place.position,
        **({} if giver is None else {codes.GIVER: str(giver)}),
    }
    if valid is not None:
        found["dct:valid"] = valid
    if by is not None:
        found["dpv:isImplementedByEntity"] = {"@id": _urn(by)}
    return found


def _what(word: Asking | Grant | Stop) -> tuple[State, Giver | None, str | None]:
    """Give the state that a word led to, who gave it (none: the service did), and how long it was to hold."""
    match word:
        case Asking():
            return (State.DEFERRED if word.is_deferred else State.REQUESTED), None, None
        case Grant():
            state = State.GIVEN if word.supersedes is None else State.RENEWED
            return state, word.giver, f"{word.at.isoformat()}/{word.expires_at.isoformat()}"
        case Stop():
            return ENDED[word.ending], None if word.ending in _BY_SERVICE else word.giver, None


def _party(person: UUID, kind: str) -> Node:
    return {"@id": _urn(person), "@type": kind, "dct:identifier": str(person)}


def _urn(identifier: UUID) -> str:
    return f"urn:uuid:{identifier}"


def _instant(at: datetime) -> Node:
    return {"@type": "xsd:dateTime", "@value": at.isoformat()}
