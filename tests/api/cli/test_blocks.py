"""Can a coordinator take down from the command line whom somebody does not want to meet?"""

import json
import sys

import pytest
from typer.testing import CliRunner

from api.cli import app, main
from domain.consent import ConsentLedger, Method
from domain.fingerprints import Mark
from tests.scenarios import enrolled_member

BY = ["--by", "coordinator-1", "--today", "2026-03-02"]
NUMBER = "+44 20 7946 0958"


@pytest.fixture(autouse=True)
def _here(monkeypatch, database_url, tmp_path):
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def member(service, moment):
    return enrolled_member(service, moment)


def run(*words, typed=None):
    result = CliRunner().invoke(app, list(words), input=typed, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def marks(service, member):
    return [block.marks for block in service.alongside.ledger(member.person_id).blocks.values()]


def test_a_block_is_recorded_under_the_account_and_as_said_on_paper(service, member):
    assert run("block", "S-1", "--phone", NUMBER, *BY).endswith("Noted.\n")

    event = service.alongside.ledger_entries(member.person_id)[-1].event
    assert isinstance(event, ConsentLedger.Blocked)
    assert (event.by, event.method, event.marks) == ("coordinator-1", Method.PAPER, (Mark.PHONE,))


def test_a_value_can_be_typed_where_nobody_reads_it(service, member):
    output = run("block", "S-1", *BY, typed="ana@example.org\n")

    assert marks(service, member) == [(Mark.EMAIL,)]
    assert "ana@example.org" not in output


def test_only_blocks_that_coordinators_may_know_of_are_listed_and_taken_off(service, member, monkeypatch):
    run("block", "S-1", "--phone", NUMBER, *BY)
    run("block", "S-1", "--name", "Ana Silva", "--coordinators-may-know", *BY)
    (told,) = json.loads(run("blocks", "S-1", "--json"))

    assert told["marks"] == ["name"]
    assert run("blocks", "S-1").strip().endswith("name")
    hidden = next(key for key in service.alongside.ledger(member.person_id).blocks if str(key) != told["block"])
    monkeypatch.setattr(sys, "argv", ["alongside", "unblock", "S-1", str(hidden), *BY])
    with pytest.raises(SystemExit):
        main()
    run("unblock", "S-1", told["block"], *BY)
    assert marks(service, member) == [(Mark.PHONE,)]


@pytest.mark.usefixtures("member")
def test_two_values_at_once_are_refused(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["alongside", "block", "S-1", "--phone", NUMBER, "--name", "Ana", *BY])
    with pytest.raises(SystemExit):
        main()

    assert "make another block" in capsys.readouterr().err
