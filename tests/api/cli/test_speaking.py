"""Can people be spoken for from the command line, and told of in an emergency, by two people each?"""

import json
import sys
from uuid import UUID, uuid4

import pytest
from typer.testing import CliRunner

from api.cli import app, main
from domain.consent import Giver, Reason, consent_at
from domain.purposes import Purpose
from tests.scenarios import enrolled_member

TODAY = ["--today", "2026-03-02"]


@pytest.fixture(autouse=True)
def here(monkeypatch, database_url, tmp_path):
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def member(service, moment):
    return enrolled_member(service, moment, age=15)


@pytest.fixture
def refused(monkeypatch, capsys):
    """Run as people do, and give the one message."""

    def told(*words):
        monkeypatch.setattr(sys, "argv", ["alongside", *words])
        with pytest.raises(SystemExit):
            main()
        return capsys.readouterr().err

    return told


def run(*words):
    result = CliRunner().invoke(app, [*words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def told(*words):
    return json.loads(run(*words, "--json"))


@pytest.mark.usefixtures("member")
def test_a_guardian_is_asked_for_by_one_and_confirmed_by_another(refused):
    asked = [
        *("standing", "request", "S-1", "guardian", "--name", "Ana Costa", "--phone", "912345678"),
        *("--evidence", "birth certificate", "--purpose", "MATCH-CONSIDER", "--by", "rita", *TODAY),
    ]
    standing = told(*asked)["standing"]
    alone = refused("standing", "confirm", "S-1", standing, "--by", "rita", *TODAY)
    run("standing", "confirm", "S-1", standing, "--by", "tomas", *TODAY)
    listed = run("standing", "list", "S-1", *TODAY)
    run("standing", "end", "S-1", standing, "--by", "rita", *TODAY)

    assert "somebody else has to confirm" in alone
    assert f"{standing}  guardian  confirmed  until 2027-03-02  Ana Costa" in listed
    assert told("standing", "list", "S-1", *TODAY)["standings"][0]["status"] == "ended"


def guardian(*, confirmed):
    asked = ["standing", "request", "S-1", "guardian", "--name", "Ana Costa", "--evidence", "birth certificate"]
    standing = told(*asked, "--purpose", "MATCH-CONSIDER", "--by", "rita", *TODAY)["standing"]
    if confirmed:
        run("standing", "confirm", "S-1", standing, "--by", "tomas", *TODAY)
    return standing


def test_what_a_guardian_says_on_paper_is_written_down_as_theirs(service, moment, member):
    standing = guardian(confirmed=True)
    theirs = ["S-1", "MATCH-CONSIDER", "--on-behalf", standing, "--by", "rita", *TODAY]

    def after(*words):
        run(*words)
        ledger = service.alongside.ledger(member.person_id)
        said = service.alongside.ledger_entries(member.person_id)[-1].event
        assert (said.giver, said.authority, said.witness) == (Giver.GUARDIAN, UUID(standing), "Noor")
        return consent_at(ledger, Purpose.MATCH_CONSIDER, at=moment.at).reason

    assert after("grant", *theirs, "--witness", "Noor") == Reason.GIVEN
    assert after("withdraw", *theirs, "--witness", "Noor") == Reason.WITHDRAWN
    assert after("grant", *theirs, "--witness", "Noor") == Reason.GIVEN
    assert after("refuse", *theirs, "--witness", "Noor") == Reason.REFUSED
    ledger = service.alongside.ledger(member.person_id)
    assert ledger.unended(Purpose.MATCH_CONSIDER).giver == Giver.SUBJECT  # their own yes is still theirs


def test_nobody_speaks_on_a_standing_that_is_not_confirmed_or_not_there(service, member, refused):
    head = service.alongside.ledger(member.person_id).version
    asked = guardian(confirmed=False)
    said = ["S-1", "MATCH-CONSIDER", "--witness", "Noor", "--by", "rita", *TODAY]
    for act in ("grant", "refuse", "withdraw"):
        assert "Nobody may say this on that standing" in refused(act, *said, "--on-behalf", asked)
        assert "There is no such standing" in refused(act, *said, "--on-behalf", str(uuid4()))

    assert service.alongside.ledger(member.person_id).version == head + 1  # what was asked for, and nothing else


def test_harm_is_recorded_and_no_command_shows_it(member, service):
    before = run("standing", "list", "S-1", *TODAY)
    assert run("harm", "S-1", "--name", "Ana Costa", "--by", "rita", *TODAY) == "Written down.\n"

    assert run("standing", "list", "S-1", *TODAY) == before
    assert len(service.alongside.ledger(member.person_id).history.harms) == 1


def test_what_one_froze_another_thaws(service, moment, member, refused):
    run("freeze", "S-1", "--by", "rita", *TODAY)
    frozen = consent_at(service.alongside.ledger(member.person_id), Purpose.MATCH_CONSIDER, at=moment.at).reason
    alone = refused("thaw", "S-1", "--by", "rita", *TODAY)

    assert frozen == Reason.FROZEN
    assert "somebody else has to thaw" in alone
    assert told("thaw", "S-1", "--by", "tomas", *TODAY) == {"person": str(member.person_id), "frozen": False}


def test_the_day_of_majority_is_recorded(service, member):
    run("minority", "S-1", "2027-01-31", "--consents-alone", "--by", "rita", *TODAY)
    minority = service.alongside.ledger(member.person_id).minority

    assert (str(minority.until), minority.alone) == ("2027-01-31", True)


@pytest.mark.usefixtures("member")
def test_an_emergency_is_told_by_a_second_person_once(refused):
    said = ["--to", "ambulance", "--reason", "danger", "--field", "age", "--field", "languages"]
    emergency = told("emergency", "request", "S-1", *said, "--by", "rita", *TODAY)["emergency"]
    alone = refused("emergency", "disclose", "S-1", emergency, "--by", "rita", *TODAY)
    words = run("emergency", "disclose", "S-1", emergency, "--by", "tomas", *TODAY)
    again = refused("emergency", "disclose", "S-1", emergency, "--by", "tomas", *TODAY)

    assert "somebody else has to disclose" in alone
    assert words.splitlines()[0] == "For ambulance, until 2026-03-03 00:00 UTC:"
    assert "pt, en" in words
    assert "decided already" in again
    assert "pt, en" not in run("emergency", "list", "S-1")


@pytest.mark.usefixtures("member")
def test_an_emergency_is_turned_down():
    said = ["--to", "ambulance", "--reason", "danger", "--field", "age"]
    emergency = told("emergency", "request", "S-1", *said, "--by", "rita", *TODAY)["emergency"]
    run("emergency", "cancel", "S-1", emergency, "--by", "tomas", *TODAY)

    assert [each["status"] for each in told("emergency", "list", "S-1")] == ["cancelled"]
