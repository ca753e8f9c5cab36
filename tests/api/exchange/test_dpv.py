"""Is a consent record of ISO/IEC TS 27560 what its terms in DPV say?"""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from rdflib import DCTERMS, RDF, Graph, Namespace, URIRef

from api.exchange import codes
from api.exchange.dpv import export
from api.exchange.handles import handle
from domain.consent import ConsentLedger, Method, Scope, Word, Wording
from domain.purposes import Field, Purpose

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

DPV = Namespace("https://w3id.org/dpv#")
PERSON = UUID(int=1)
START = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)
NOTES = Purpose.COORD_NOTES
WORDING = Wording(UUID(int=30), 2, "en", "0" * 64)
WORD = {"method": Method.WEB, "by": "member"}


@pytest.fixture
def ledger():
    ledger = ConsentLedger.of(PERSON)
    ledger.ask(NOTES, method=Method.WEB, serving=UUID(int=2), wording=WORDING, at=START, by="member")
    scope = Scope(fields=frozenset({Field.NEEDS}))
    ledger.grant(NOTES, at=START + DAY, scope=scope, word=Word(wording=WORDING), **WORD)
    ledger.grant(NOTES, at=START + 2 * DAY, scope=scope, word=Word(wording=WORDING), **WORD)
    ledger.withdraw(NOTES, at=START + 3 * DAY, **WORD)
    return ledger


def graph(ledger, at):
    return Graph().parse(data=json.dumps(export(ledger, at, salt="5a" * 16)), format="json-ld")


def states(ledger, at):
    """The state of the one record, and those of its events in order of time."""
    found = graph(ledger, at)
    record = found.value(predicate=RDF.type, object=DPV.ConsentRecord)
    events = sorted(
        (found.value(event, DCTERMS.date), found.value(event, DPV.hasConsentStatus))
        for event in found.objects(record, DCTERMS.hasPart)
    )
    named = [found.value(record, DPV.hasConsentStatus), *(state for _, state in events)]
    return [str(state).removeprefix(str(DPV)) for state in named]


def test_a_record_tells_how_a_consent_came_to_stand_as_it_does(ledger):
    assert states(ledger, START) == ["ConsentRequested", "ConsentRequested"]
    assert states(ledger, START + DAY) == ["ConsentGiven", "ConsentRequested", "ConsentGiven"]
    assert states(ledger, START + 2 * DAY)[0] == "RenewedConsentGiven"
    assert states(ledger, START + 3 * DAY) == [
        "ConsentWithdrawn",
        "ConsentRequested",
        "ConsentGiven",
        "RenewedConsentGiven",
        "ConsentWithdrawn",
    ]


def test_a_record_names_the_person_the_fields_the_recipients_and_the_notice_by_its_hash(ledger):
    found = graph(ledger, START + DAY)
    record = found.value(predicate=RDF.type, object=DPV.ConsentRecord)
    process = found.value(record, DPV.hasProcess)
    recipients = [found.value(each, DCTERMS.type) for each in found.objects(process, DPV.hasRecipient)]

    assert found.value(record, DPV.hasDataSubject) == URIRef(f"urn:uuid:{PERSON}")
    assert list(found.objects(process, DPV.hasPersonalData)) == [URIRef(f"{codes.FIELDS}#needs")]
    assert recipients == [URIRef(f"{codes.AUDIENCES}#coordinators")]
    assert str(found.value(found.value(record, DPV.hasNotice), URIRef(codes.WORDING))) == WORDING.sha256


def test_of_what_a_person_never_heard_there_is_no_record(ledger):
    assert len(list(graph(ledger, START + DAY).subjects(RDF.type, DPV.ConsentRecord))) == 1
    assert not list(graph(ledger, START - DAY).subjects(RDF.type, DPV.ConsentRecord))


def test_whom_a_consent_is_for_is_named_by_a_handle_of_the_document():
    ledger, study, salt = ConsentLedger.of(PERSON), "c" * 64, "5a" * 16
    ledger.grant(Purpose.RESEARCH_CONTACT, at=START, scope=Scope(named=study), **WORD)
    document = json.dumps(export(ledger, START, salt=salt))

    assert study not in document
    assert {salt, handle(salt, study)} <= set(document.split('"'))
