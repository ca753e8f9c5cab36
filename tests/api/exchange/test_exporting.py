"""Who may take a person's consents away as a file, and is it noted?"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app
from api.erasing import ask_or_confirm
from api.exchange.deciding import Asked, decide
from api.exchange.exporting import Format, export
from api.moment import now
from domain.access import Actor
from domain.audit_trail import AuditTrail
from domain.consent import Ground
from domain.programme import Programme
from domain.purposes import Purpose
from tests.scenarios import enrolled_member, token_of


@pytest.fixture
def member(service: Any, moment: Any) -> Any:
    return enrolled_member(service, moment)


@pytest.fixture
def client_of(service: Any, moment: Any, member: Any) -> Callable[[Actor], TestClient]:
    def client(role: Actor) -> TestClient:
        whom = member if role == Actor.MEMBER else service.alongside.load(Programme, member.programme_id)
        token = token_of(service, moment, role, whom)
        return TestClient(create_app(service, clock=lambda: moment), headers={"Authorization": f"Bearer {token}"})

    return client


def queries(service: Any) -> list[tuple[str, Any]]:
    events = [entry.event for entry in service.alongside.log.read()]
    return [(event.query, event.person_id) for event in events if isinstance(event, AuditTrail.Queried)]


def test_an_auditor_is_given_consents_that_can_be_decided_from(client_of, service, moment, member):
    path = f"/api/people/{member.person_id}/consents/export"
    answer = client_of(Actor.AUDITOR).get(path, params={"format": "fhir"})

    assert answer.headers["content-type"] == "application/fhir+json"
    for purpose, permit in {Purpose.MATCH_CONSIDER: True, Purpose.COORD_NOTES: False}.items():
        asked = Asked(purpose, "needs", "coordinators", moment.at, named=str(member.programme_id))
        assert decide(answer.json(), asked).permit is permit
    assert queries(service) == [("export", member.person_id)]


def test_a_record_in_the_other_form_is_json_ld(client_of, member):
    path = f"/api/people/{member.person_id}/consents/export"
    answer = client_of(Actor.AUDITOR).get(path, params={"format": "dpv"})

    assert answer.headers["content-type"] == "application/ld+json"
    assert {part["@type"] for part in answer.json()["dct:hasPart"]} == {"dpv:ConsentRecord"}


@pytest.mark.parametrize("role", [Actor.COORDINATOR, Actor.MEMBER])
def test_nobody_but_auditors_is_given_a_file(client_of, service, member, role):
    path = f"/api/people/{member.person_id}/consents/export"

    assert client_of(role).get(path, params={"format": "fhir"}).status_code == 403
    assert queries(service) == []


def test_no_name_or_handle_or_reference_is_in_a_file(client_of, member):
    path = f"/api/people/{member.person_id}/consents/export"
    client = client_of(Actor.AUDITOR)
    files = client.get(path, params={"format": "fhir"}).text + client.get(path, params={"format": "dpv"}).text

    assert str(member.person_id) in files
    assert not [said for said in (member.profile.handle, member.profile.ref) if said in files]


def test_of_the_erased_a_file_says_that_nothing_may_be_told(service, moment, member):
    for by in ("coordinator-1", "coordinator-2"):
        about = (member.programme_id, member.person_id, Ground.OBJECTION)
        ask_or_confirm(service, *about, at=moment.at, by=by)
    file = export(service.alongside, member.person_id, Format.FHIR, moment.at, None)
    found = [entry["resource"] for entry in file["entry"]]

    assert [each["category"][0]["coding"][0]["code"] for each in found if each["status"] == "active"] == ["erasure"]
    asked = Asked(Purpose.MATCH_CONSIDER, "needs", "coordinators", moment.at, named=str(member.programme_id))
    assert not decide(file, asked).permit


def test_the_command_prints_the_same_and_notes_it_too(service, member, database_url, master_key, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("ALONGSIDE_MASTER_KEY", master_key)
    words = ["audit", "export", str(member.person_id), "--by", "auditor-1", "--programme", "harbour"]
    runner = CliRunner()
    fhir = json.loads(runner.invoke(app, [*words, "--fhir"], catch_exceptions=False).stdout)
    dpv = json.loads(runner.invoke(app, [*words, "--dpv"], catch_exceptions=False).stdout)

    assert fhir["resourceType"] == "Bundle"
    assert now().at.date().isoformat() in fhir["timestamp"]
    assert dpv["dct:hasPart"]
    assert queries(service) == [("export", member.person_id)] * 2
    assert runner.invoke(app, words).exit_code != 0
