"""Do the auditor's commands answer, say with their status what they found, and leave a trace?"""

import json

import pytest
from scenarios import approved_match
from typer.testing import CliRunner

from api.cli import app
from domain.audit_trail import AuditTrail
from domain.consent import Audience, Channel, ConsentLedger, Method
from domain.disclosing import Asked, Viewing
from domain.purposes import Field, Purpose


@pytest.fixture(autouse=True)
def _here(monkeypatch, database_url, tmp_path):
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def person(service, moment):
    """A matched member of whom a coordinator was told something."""
    match = approved_match(service, moment)
    asked = Asked.for_coordinators(match.programme_id, match.member_person_id, frozenset({Field.NEEDS}))
    service.alongside.disclose([asked], Viewing("Noor", "coordinator", Channel.PAGE, "request-1"), at=moment.at)
    return match.member_person_id


def run(*words, status=0):
    result = CliRunner().invoke(app, ["audit", *map(str, words), "--by", "Ida"], catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result.stdout


def document(*words, status=0):
    return json.loads(run(*words, "--json", status=status))


def latest(service, person):
    return service.alongside.ledger_entries(person)[-1].position


def unjustly_told(service, moment, person):
    ledger = service.alongside.ledger(person)
    ledger.record(
        ConsentLedger.Disclosed(
            person_id=person,
            viewer=None,
            role="coordinator",
            purpose=Purpose.STATS,
            audience=Audience(kind="public"),
            fields=(Field.NEEDS,),
            consents=(),
            channel=Channel.EXPORT,
            request="r",
            at=moment.at,
            by="Noor",
        )
    )
    service.alongside.save(ledger)


def test_a_replay_is_read_as_text_and_as_json(service, moment, person):
    head = service.alongside.log.head()
    service.alongside.grant(person, Purpose.STATS, method=Method.WEB, at=moment.at, by="member")
    stats = [
        {each["purpose"]: each["permitted"] for each in document("replay", "S-1", *known)["consents"]}["STATS"]
        for known in ((), ("--known-at", head))
    ]
    text = run("replay", "S-1", "--at", "2026-03-02")

    assert stats == [True, False]
    assert "STATS             yes  given until 2027-03-02" in text
    assert "relied on MATCH-CONSIDER, MATCH-PROPOSE  by coordinator-1" in text


def test_who_could_see_and_who_saw(service, person):
    could, saw = run("who-could-see", person, "--at", "2026-03-02"), run("who-saw", person)

    assert "MATCH-PROPOSE, for that person" in could
    assert f"#{latest(service, person)}" in saw.splitlines()[0]
    assert "disclosed MATCH-CONSIDER: needs on page, coordinator Noor" in saw
    assert document("who-saw", person)["seen"][0]["fields"] == ["needs"]
    assert document("who-could-see", person)["person"] == str(person)


def test_why_leads_to_the_consent(service, person):
    position = latest(service, person)
    text, found = run("why", position), document("why", position)

    assert "  permitted\n" in text
    assert "MATCH-CONSIDER given" in text
    assert found["verdict"]["words"] == "permitted"
    assert found["deciding"][0]["purpose"] == "MATCH-CONSIDER"


def test_the_status_says_whether_anything_was_unjustified(service, moment, person):
    assert document("unjustified") == []
    assert run("unjustified", "harbour") == "0 without a consent.\n"
    unjustly_told(service, moment, person)

    (row,) = document("unjustified", status=1)
    assert (row["person"], row["reason"]) == (str(person), "it names no consent")
    assert "1 without a consent." in run("unjustified", "harbour", status=1)


def test_a_difference_is_told_by_person(service, moment, person):
    head = service.alongside.log.head()
    service.alongside.grant(person, Purpose.STATS, method=Method.WEB, at=moment.at, by="member")
    later = service.alongside.log.head()

    assert f"{person}  STATS  ConsentUnknown (nothing) -> ConsentGiven" in run("diff", head, later)
    assert document("diff", head, head)["changes"] == []


def test_every_command_leaves_a_trace_of_who_asked(service, person):
    position = latest(service, person)
    for words in (
        ("replay", person, "--known-at", position),
        ("who-could-see", person),
        ("who-saw", person),
        ("why", position),
        ("unjustified",),
        ("diff", 1, position),
    ):
        run(*words)
    noted = [each.event for each in service.alongside.log.read() if isinstance(each.event, AuditTrail.Queried)]

    assert [each.query for each in noted] == ["replay", "who-could-see", "who-saw", "why", "unjustified", "diff"]
    assert {each.by for each in noted} == {"Ida"}
    assert [each.person_id for each in noted] == [person] * 4 + [None] * 2
    assert noted[0].known_at == position
