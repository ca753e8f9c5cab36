"""Can staff write down what was said elsewhere, publish what there is to read, and anybody verify a receipt?"""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scenarios import enrolled_member, open_match
from typer.testing import CliRunner

from api.cli import app
from api.receipts import Receipts
from api.receipts.signing import document
from domain.consent import ConsentLedger, Method
from domain.errors import InvalidValue, NothingToWithdraw, UnknownNotice
from domain.match import Match, MatchStatus
from domain.wordings import WORDINGS
from eventlog.transparency.note import Signer

TODAY = ("--by", "Ada", "--today", "2026-03-05")


@pytest.fixture(autouse=True)
def _here(monkeypatch, database_url, tmp_path):
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def member(service, moment):
    return enrolled_member(service, moment, consents=())


def run(*words, status=0):
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result


def refused(kind, *words):
    with pytest.raises(kind) as refusal:
        run(*words)
    return str(refusal.value)


def last(service, member):
    return service.alongside.ledger_entries(member.person_id)[-1].event


def test_what_was_said_on_paper_is_written_down_with_all_that_it_takes(service, member):
    digest = json.loads(run("notice", "show", "harbour", "STATS", "--json").stdout)["sha256"]
    said = ("--witness", "Noor", "--said-on", "2026-03-03", "--expires", "2026-06-01")
    run("grant", "S-1", "STATS", "--field", "age", "--field", "needs", *said, "--wording", digest, *TODAY)
    granted = last(service, member)
    run("withdraw", "S-1", "STATS", "--method", "phone", "--said-on", "2026-03-04T10:00+01:00", *TODAY)
    withdrawn = last(service, member)

    assert isinstance(granted, ConsentLedger.Granted)
    assert (granted.method, granted.witness, granted.by, granted.fields) == (
        Method.PAPER,
        "Noor",
        "Ada",
        ("age", "needs"),
    )
    assert granted.said_at == datetime(2026, 3, 3, tzinfo=UTC)
    assert granted.at == datetime(2026, 3, 5, tzinfo=UTC)
    assert granted.expires_at == datetime(2026, 6, 1, tzinfo=UTC)
    assert granted.wording.sha256 == digest
    assert (withdrawn.method, withdrawn.said_at) == (Method.PHONE, datetime(2026, 3, 4, 9, tzinfo=UTC))


def test_a_yes_on_paper_needs_a_witness_and_a_wording_that_there_is(service, member):
    head = service.alongside.log.head()

    assert "witness" in refused(InvalidValue, "grant", "S-1", "STATS", *TODAY)
    refused(UnknownNotice, "grant", "S-1", "STATS", "--witness", "Noor", "--wording", "0" * 64, *TODAY)
    assert "A time is a day" in refused(InvalidValue, "refuse", "S-1", "STATS", "--said-on", "Monday", *TODAY)
    assert service.alongside.log.head() == head
    run("refuse", "S-1", "STATS", *TODAY)
    assert last(service, member).purpose == "STATS"


def test_whom_a_consent_is_for_is_named_and_ends_by_name(service, member):
    for name in ("Quay House", "Hill House"):
        run("grant", "S-1", "TRANSFER", "--named", name, "--witness", "Noor", *TODAY)
    run("withdraw", "S-1", "TRANSFER", "--named", "quay house", *TODAY)
    ledger = service.alongside.ledger(member.person_id)
    left = ledger.unended("TRANSFER", service.alongside.called(member.programme_id, "Hill House").fingerprint)

    assert set(ledger.history.names.values()) == {"Quay House", "Hill House"}
    assert left is not None
    assert ledger.unended("TRANSFER", last(service, member).named) is None


def test_somebody_is_asked(service, member):
    run("ask", "S-1", "RESEARCH-CONTACT", *TODAY)
    asked = last(service, member)

    assert isinstance(asked, ConsentLedger.Requested)
    assert (asked.by, asked.wording.version) == ("Ada", 1)


def test_a_text_is_published_shown_and_recalled(service, member, tmp_path):
    (tmp_path / "text").write_text("Podemos contar consigo?\n\nPara quê.\n", "utf-8")
    said = ("harbour", "STATS")
    built_in = run("notice", "show", *said).stdout
    published = run("notice", "publish", *said, "text", "--language", "pt", *TODAY).stdout
    shown = run("notice", "show", *said, "--language", "pt")
    recalled = run("notice", "recall", *said, "1", "--language", "pt", "--why", "Não é claro.", *TODAY).stdout

    assert built_in == WORDINGS["STATS"]
    assert "STATS in pt: version 1, SHA-256 " in published
    assert shown.stdout == (tmp_path / "text").read_text("utf-8")
    assert shown.stderr.strip().endswith(published.split()[-1].rstrip("."))
    assert "version 1 is recalled" in recalled
    refused(UnknownNotice, "notice", "show", *said, "--language", "pt")
    assert "recalled" in run("notice", "show", *said, "--language", "pt", "--version", "1").stderr
    assert service.alongside.ledger_entries(member.person_id) == []


def test_a_receipt_is_verified_offline_and_its_status_says_how_it_went(service, moment, member, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    service.alongside.grant(member.person_id, "STATS", method=Method.WEB, at=moment.at, by="member")
    signer = Signer.make("log.example/harbour")
    receipts = Receipts.of(service, signer, member.person_id)
    found = receipts.document(receipts.all[0])
    files = {
        "whole": found,
        "changed": found | {"receipt": found["receipt"] | {"expires": "2099-01-01T00:00:00+00:00"}},
        "unsigned": document(found["receipt"], None),
        "other": {"a": 1},
    }
    for name, content in files.items():
        Path(name).write_text(json.dumps(content))
    Path("note").write_text(found["note"], "utf-8")
    key = ("--key", str(signer.verifier))

    assert "Verified" in run("audit", "receipt", "whole", *key).stdout
    assert json.loads(run("audit", "receipt", "note", *key, "--json").stdout) == found["receipt"]
    assert "not what was signed" in run("audit", "receipt", "changed", *key, status=1).stderr
    assert "not signed" in run("audit", "receipt", "unsigned", *key, status=1).stderr
    other = str(Signer.make().verifier)
    assert "None of the keys" in run("audit", "receipt", "whole", "--key", other, status=1).stderr
    for name, given in (("other", key), ("missing", key), ("whole", ("--key", "none"))):
        assert "Not read" in run("audit", "receipt", name, *given, status=2).stderr


@pytest.mark.parametrize(
    ("command", "kind", "told"),
    [("invalidate", ConsentLedger.Invalidated, "invalidated"), ("give-up", ConsentLedger.Revoked, "given up")],
)
def test_staff_end_a_consent_that_should_not_stand_and_what_rested_on_it_ends_with_it(
    service, moment, command, kind, told
):
    match = open_match(service, moment)
    said = run(command, "S-1", "MATCH-CONSIDER", "--why", "coerced", *TODAY)
    ended = [entry.event for entry in service.alongside.ledger_entries(match.member_person_id)]

    assert said.stdout == f"MATCH-CONSIDER: {told}.\n"
    assert [(event.flaw, event.by) for event in ended if isinstance(event, kind)] == [("coerced", "Ada")]
    assert service.alongside.load(Match, match.id).status == MatchStatus.VOIDED
    assert "no consent to MATCH-CONSIDER" in refused(
        NothingToWithdraw, command, "S-1", "MATCH-CONSIDER", "--why", "coerced", *TODAY
    )
