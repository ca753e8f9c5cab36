import json
import sys

import pytest
from scenarios import enrolled_member, programme
from typer.testing import CliRunner

from api.cli import app, main
from api.moment import now
from api.roster import write_sample
from domain.errors import MatchAlreadyDecided, TokenRefused, UnknownMatch, UnknownToken

OTHERS = (("harbour", "auditor", "--name", "Ada"), ("quay", "auditor", "--name", "Noor"))
TODAY = ["--today", "2026-03-02"]


@pytest.fixture(autouse=True)
def _here(monkeypatch, database_url, tmp_path):
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def roster(tmp_path, moment):
    return [str(path) for path in write_sample(tmp_path, members=40, mentors=12, seed=3, today=moment.today)]


def run(*words, status=0):
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result


def _opens(service, secret):
    try:
        return bool(service.alongside.token(secret, at=now().at))
    except TokenRefused:
        return False


def documents(*words, status=0):
    return json.loads(run(*words, "--json", status=status).stdout)


def run_refused(kind, *words):
    with pytest.raises(kind) as refusal:
        run(*words)
    return refusal.value


def test_a_programme_goes_from_two_spreadsheets_to_approved_matches(roster):
    imported = documents("import", "quay", *roster, *TODAY)
    assert (imported["members"], imported["mentors"], imported["faults"]) == (40, 12, [])
    held = documents("round", "quay", *TODAY)
    assert held["optimal"]
    assert held["members"] + held["mentors"] + sum(held["excluded"].values()) == 52
    assert {"round", "position", "places", "feasible_pairs", "proposals", "objective", "seconds"} <= set(held)
    proposed = documents("proposals", "quay")
    assert len(proposed) == held["proposals"] > 0
    assert {"match", "status", "member_ref", "mentor_ref", "member", "mentor", "fit", "explanation"} <= set(proposed[0])
    approved = documents("approve", "quay", "--all", "--by", "Ada", *TODAY)
    assert {result["status"] for result in approved} == {"approved"}
    relied = documents("proposals", "quay", "--status", "approved")[0]["relied_on"]
    assert {reliance["purpose"] for reliance in relied} == {"MATCH-CONSIDER", "MATCH-PROPOSE"}


def test_the_same_roster_twice_changes_nothing(roster):
    documents("import", "quay", *roster, *TODAY)
    again = documents("import", "quay", *roster, *TODAY)
    assert (again["members"], again["mentors"], again["unchanged"]) == (0, 0, 52)


def test_a_bad_row_keeps_every_row_out_unless_bad_rows_are_skipped(roster, tmp_path):
    members = tmp_path / "members.csv"
    rows = members.read_text().splitlines()
    rows[3] = rows[3].replace(rows[3].split(",")[2], "Atlantis/Main")
    members.write_text("\n".join(rows) + "\n")
    refused = documents("import", "quay", *roster, *TODAY, status=1)
    assert refused["imported"] is False
    assert [(fault["line"], fault["column"]) for fault in refused["faults"]] == [(4, "time_zone")]
    assert documents("import", "quay", *roster, *TODAY, "--skip-bad-rows")["members"] == 39


def test_a_withdrawn_consent_is_seen_from_its_day_on_and_stops_the_approval(roster):
    documents("import", "quay", *roster, *TODAY)
    documents("round", "quay", *TODAY)
    first = documents("proposals", "quay", *TODAY)[0]
    run("withdraw", first["member_ref"], "MATCH-CONSIDER", "--by", "Ada", "--today", "2026-03-05")
    said = {
        day: {
            consent["purpose"]: consent["permitted"]
            for consent in documents("audit", "replay", first["member_ref"], "--at", day, "--by", "Ada")["consents"]
        }["MATCH-CONSIDER"]
        for day in ("2026-03-01", "2026-03-04", "2026-03-05")
    }
    assert said == {"2026-03-01": False, "2026-03-04": True, "2026-03-05": False}
    run_refused(UnknownMatch, "approve", "quay", first["match"], "--by", "Ada", "--today", "2026-03-05")


def test_a_coordinator_ends_a_match_once(roster):
    documents("import", "quay", *roster, *TODAY)
    documents("round", "quay", *TODAY)
    first = documents("proposals", "quay")[0]["match"]
    run_refused(MatchAlreadyDecided, "close", "quay", first, "--by", "Ada", *TODAY)
    documents("approve", "quay", first, "--by", "Ada", *TODAY)

    assert documents("close", "quay", first, "--by", "Ada", *TODAY)[0]["status"] == "closed"
    run_refused(MatchAlreadyDecided, "close", "quay", first, "--by", "Ada", *TODAY)


def test_a_refusal_is_one_message_and_with_json_one_document(monkeypatch, capsysbinary):
    monkeypatch.setattr(sys, "argv", ["alongside", "round", "nowhere", "--json"])
    with pytest.raises(SystemExit, match="1"):
        main()
    printed = capsysbinary.readouterr()
    assert json.loads(printed.out) == {
        "type": "/problems/unknown-programme",
        "title": "There is no programme of this name.",
        "detail": "There is no such programme.",
    }
    assert printed.err == b"There is no such programme.\n"


def test_a_file_that_cannot_be_used_is_a_refusal_like_any_other(monkeypatch, capsysbinary, tmp_path):
    monkeypatch.setattr(sys, "argv", ["alongside", "import", "quay", str(tmp_path), str(tmp_path), "--json"])
    with pytest.raises(SystemExit, match="1"):
        main()
    printed = json.loads(capsysbinary.readouterr().out)
    assert (printed["type"], set(printed)) == ("/problems/unreadable-file", {"type", "title", "detail"})


def test_a_folder_that_cannot_be_written_is_named(monkeypatch, capsysbinary, tmp_path):
    (tmp_path / "taken").touch()
    monkeypatch.setattr(sys, "argv", ["alongside", "sample", "taken"])
    with pytest.raises(SystemExit, match="1"):
        main()
    assert capsysbinary.readouterr().err == b"File exists: taken\n"


@pytest.mark.parametrize(
    ("address", "words", "said"),
    [
        ("nonsense", ["waiting", "quay"], "DATABASE_URL is an address such as"),
        ("nonsense", ["db", "migrate"], "DATABASE_URL is an address such as"),
        ("postgresql://nobody@127.0.0.1:1/none", ["waiting", "quay"], "Connection refused"),
        ("postgresql://nobody@127.0.0.1:1/none", ["check", "race-slot"], "Connection refused"),
        ("postgresql://nobody@127.0.0.1:1/none", ["db", "migrate"], "Connection refused"),
    ],
)
def test_a_database_that_is_not_there_is_one_sentence(monkeypatch, capsys, address, words, said):
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setattr(sys, "argv", ["alongside", *words])
    with pytest.raises(SystemExit, match="1"):
        main()
    assert said in capsys.readouterr().err.splitlines()[-1]


def test_the_demo_refuses_a_database_of_its_own_choosing_and_a_foreign_address(monkeypatch, capsysbinary):
    for words in (["--demo"], ["--demo", "--host", "0.0.0.0"]):
        monkeypatch.setattr(sys, "argv", ["alongside", "serve", *words])
        with pytest.raises(SystemExit, match="1"):
            main()
        assert b"serves only this machine" in capsysbinary.readouterr().err


def test_a_token_is_shown_once_and_opens_the_api(service, moment):
    programme(service, moment)
    enrolled_member(service, moment)
    secret = run("token", "harbour", "auditor", "--name", "Noor").stdout.strip()
    assert service.alongside.token(secret, at=moment.at).name == "Noor"


def test_the_tokens_of_an_account_are_revoked_without_their_secrets_and_nobody_elses(service, moment):
    for slug in ("harbour", "quay"):
        programme(service, moment, slug)
    lost = [run("token", "harbour", role, "--name", "Noor").stdout.strip() for role in ("auditor", "coordinator")]
    others = [run("token", *words).stdout.strip() for words in OTHERS]

    def good():
        return {secret for secret in (*lost, *others) if _opens(service, secret)}

    before = good()
    revoked = run("revoke", "harbour", "Noor").stdout
    again = run_refused(UnknownToken, "revoke", "harbour", "Noor")

    assert before == {*lost, *others}
    assert revoked == "2 tokens revoked.\n"
    assert good() == set(others)
    assert "Noor" not in str(again)
    assert documents("revoke", "quay", "Noor") == {"revoked": 1}


def test_a_token_that_has_expired_is_not_there_to_be_revoked(service, moment):
    programme(service, moment)
    run("token", "harbour", "auditor", "--name", "Noor", "--days", "1", *TODAY)

    run_refused(UnknownToken, "revoke", "harbour", "Noor", "--today", "2026-03-03")
    assert documents("revoke", "harbour", "Noor", *TODAY) == {"revoked": 1}


def test_a_programme_that_asks_for_standing_hours_names_them_with_its_proposals(roster):
    documents("import", "quay", *roster, *TODAY)
    assert documents("policy", "quay")["standing_hour"] is False
    assert documents("policy", "quay", "--standing-hour", *TODAY)["standing_hour"] is True
    documents("round", "quay", *TODAY)
    proposed = documents("proposals", "quay", *TODAY)
    hours = [proposal["explanation"]["standing_hour"] for proposal in proposed]

    assert hours
    assert all(0 <= each["hour"] < 168 for each in hours if each)
    taken = [
        (proposal["mentor"], each["hour"]) for proposal, each in zip(proposed, hours, strict=True) if each is not None
    ]
    assert taken
    assert len(set(taken)) == len(taken)
    assert ":00 " in run("proposals", "quay", *TODAY).stdout
    assert documents("policy", "quay", "--no-standing-hour", *TODAY)["standing_hour"] is False
