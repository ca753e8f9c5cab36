"""Do auditors, and nobody else, get their answers through the API, and is every question noted?"""

import base64
from functools import partial
from typing import Any

import pytest

from domain.access import Actor
from domain.audit_trail import AuditTrail
from domain.consent import Channel, Method
from domain.disclosing import Asked, Viewing
from domain.programme import Programme
from domain.purposes import Field, Purpose
from eventlog.schema import Role
from eventlog.transparency.checkpoint import open_checkpoint
from eventlog.transparency.merkle import hash_leaf, verify_inclusion
from eventlog.transparency.note import Signer
from eventlog.transparency.reading import read_records
from eventlog.transparency.sealer import Sealer
from tests.scenarios import approved_match


@pytest.fixture
def told(service: Any, moment: Any) -> Any:
    """An approved match whose member a coordinator has read: the match, and the position of the telling."""
    match = approved_match(service, moment)
    person = match.member_person_id
    asked = Asked.for_coordinators(match.programme_id, person, frozenset({Field.NEEDS}))
    viewing = Viewing("coordinator-1", "coordinator", Channel.PAGE, "request-1")
    assert service.alongside.disclose([asked], viewing, at=moment.at)[person]
    return match, service.alongside.ledger_entries(person)[-1].position


@pytest.fixture
def auditor(service: Any, client_of: Any, told: Any) -> Any:
    return client_of(Actor.AUDITOR, service.alongside.load(Programme, told[0].programme_id))


def paths(match: Any, position: int) -> list[str]:
    return [
        f"/api/people/{match.member_person_id}/audience",
        f"/api/people/{match.member_person_id}/disclosures",
        "/api/disclosures/unjustified",
        f"/api/disclosures/{position}",
        f"/api/consent-changes?earlier=1&later={position}",
    ]


def noted(service: Any) -> list[AuditTrail.Queried]:
    return [each.event for each in service.alongside.log.read() if isinstance(each.event, AuditTrail.Queried)]


def test_answers_are_for_auditors_and_each_question_is_noted_once(
    service: Any, client_of: Any, auditor: Any, told: Any, refused: Any
) -> None:
    coordinator = client_of(Actor.COORDINATOR, service.alongside.programme("harbour"))
    for path in paths(*told):
        refused(coordinator.get(path), 403, "not-your-role")
    assert noted(service) == []
    answers = [auditor.get(path) for path in paths(*told)]

    assert [answer.status_code for answer in answers] == [200] * 5
    assert [each.query for each in noted(service)] == ["who-could-see", "who-saw", "unjustified", "why", "diff"]
    assert {each.by for each in noted(service)} == {"auditor-1"}
    assert {each.person_id for each in noted(service)} == {told[0].member_person_id, None}


def test_the_answers_are_true(auditor: Any, told: Any) -> None:
    match, position = told
    audience, seen, unjustified, why, changes = (auditor.get(path).json() for path in paths(*told))

    assert str(match.mentor_person_id) in {
        viewer["who"] for consent in audience["consents"] for viewer in consent["viewers"]
    }
    assert (seen["seen"][0]["position"], seen["seen"][0]["fields"]) == (position, ["needs"])
    assert unjustified == []
    assert why["verdict"] == {"then": True, "now": True, "reason": "", "words": "permitted"}
    assert why["proof"] is None
    assert {change["purpose"] for change in changes["changes"]} == {"MATCH-CONSIDER", "MATCH-PROPOSE"}


def test_the_proof_of_a_telling_leads_to_the_root_that_was_signed(service: Any, auditor: Any, told: Any) -> None:
    signer, engine = Signer.make("here.example"), service.engines[Role.PROJECTOR]
    Sealer(engine, partial(read_records, engine), signer).seal()
    why = auditor.get(f"/api/disclosures/{told[1]}").json()

    for proof in (why["proof"], why["deciding"][0]["proof"]):
        checkpoint = open_checkpoint(proof["checkpoint"], [signer.verifier])
        hashes = [base64.b64decode(each) for each in proof["hashes"]]
        verify_inclusion(hash_leaf(proof["leaf"].encode()), proof["index"], checkpoint.size, hashes, checkpoint.root)


def test_another_programmes_people_cannot_be_asked_about(
    service: Any, moment: Any, auditor: Any, told: Any, refused: Any
) -> None:
    theirs = approved_match(service, moment, programme="theirs")
    position = service.alongside.ledger_entries(theirs.member_person_id)[-1].position

    refused(auditor.get(f"/api/people/{theirs.member_person_id}/audience"), 404, "unknown-person")
    refused(auditor.get(f"/api/people/{theirs.member_person_id}/disclosures"), 404, "unknown-person")
    elsewhere = refused(auditor.get(f"/api/disclosures/{position}"), 404, "unknown-disclosure")
    nowhere = refused(auditor.get("/api/disclosures/1"), 404, "unknown-disclosure")
    assert elsewhere["detail"] == nowhere["detail"]
    changes = auditor.get(f"/api/consent-changes?earlier=0&later={position}").json()["changes"]
    assert {change["person"] for change in changes} == {str(told[0].member_person_id), str(told[0].mentor_person_id)}


def test_consents_are_replayed_on_what_was_known(service: Any, moment: Any, auditor: Any, told: Any) -> None:
    person, head = told[0].member_person_id, service.alongside.log.head()
    service.alongside.grant(person, Purpose.STATS, method=Method.WEB, at=moment.at, by="member")
    path = f"/api/people/{person}/consents"

    def state(**asked: Any) -> str:
        (found,) = (each for each in auditor.get(path, params=asked).json()["consents"] if each["purpose"] == "STATS")
        return str(found["state"])

    assert state() == "ConsentGiven"
    assert state(known_at=head) == "ConsentUnknown"


def test_looking_into_ones_own_consents_is_not_noted(service: Any, client_of: Any, told: Any) -> None:
    match, _ = told
    member = service.alongside.pool(match.programme_id).members[match.member_id]
    path = f"/api/people/{member.person_id}/consents"

    assert client_of(Actor.MEMBER, member).get(path).status_code == 200
    assert noted(service) == []
    client_of(Actor.COORDINATOR, service.alongside.programme("harbour")).get(path)
    assert [each.query for each in noted(service)] == ["replay"]
