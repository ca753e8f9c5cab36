"""Can an auditor be handed the log from the command line, and find out what was done to it?"""

import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from api.checks.people import AT, BY
from api.cli import app, main
from domain.events import Entry
from domain.mentor import Mentor


@pytest.fixture(autouse=True)
def here(monkeypatch, database_url, tmp_path):
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("ALONGSIDE_SIGNING_KEY", str(tmp_path / "signing.key"))
    monkeypatch.setenv("ALONGSIDE_CHECKPOINTS", str(tmp_path / "log"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words, status=0):
    result = CliRunner().invoke(app, ["audit", *words], catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result


@pytest.fixture
def complaint(capsys, monkeypatch):
    """Run as people do, and give the one message."""

    def told(*words):
        monkeypatch.setattr(sys, "argv", ["alongside", "audit", *words])
        with pytest.raises(SystemExit) as left:
            main()
        assert left.value.code == 1
        return capsys.readouterr().err

    return told


def append(service, number):
    for _ in range(number):
        service.alongside.log.append([Entry(stream=uuid4(), version=1, event=Mentor.Resumed(at=AT, by=BY))])


def test_an_auditor_keeps_a_checkpoint_and_verifies_a_bundle_later(service, here):
    key = run("key", "--new").stdout.strip()
    assert run("key").stdout.strip() == key
    append(service, 5)
    (here / "kept").write_text(run("checkpoint").stdout)
    assert (here / "log" / "checkpoint").read_text() == (here / "kept").read_text()
    append(service, 2)
    assert "7 events" in run("bundle", "bundle").stdout
    verified = run("verify", "bundle", "--key", key, "--checkpoint", "kept")
    assert "Verified: 7 events" in verified.stdout
    assert "after position 5" in verified.stdout
    run("verifier", "verify.py")
    command = [sys.executable, "-I", "verify.py", "bundle", "--key", key, "--checkpoint", "kept"]
    assert subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout == verified.stdout


def test_what_the_owner_of_the_database_changes_is_found(service, here):
    key = run("key", "--new").stdout.strip()
    append(service, 5)
    (here / "kept").write_text(run("checkpoint").stdout)
    with service.engine.begin() as connection:
        connection.execute(
            text("UPDATE eventlog.events SET recorded_at = recorded_at + interval '1 us' WHERE notification_id = 3")
        )
    run("bundle", "changed")
    refused = run("verify", "changed", "--key", key, status=1)
    assert "Line 1 was signed for other events than those of lines 2 to 6" in refused.stderr


def test_a_log_that_was_rewritten_and_sealed_anew_is_found_by_the_checkpoint_that_was_kept(
    service, here, monkeypatch, complaint
):
    key = run("key", "--new").stdout.strip()
    append(service, 5)
    (here / "kept").write_text(run("checkpoint").stdout)
    with service.engine.begin() as connection:
        connection.execute(text("TRUNCATE eventlog.checkpoints, eventlog.tiles"))
        connection.execute(text("DELETE FROM eventlog.events WHERE notification_id = 5"))
    assert "only 0 are left" in complaint("bundle", "cut")
    monkeypatch.delenv("ALONGSIDE_CHECKPOINTS")
    run("bundle", "cut")
    assert "cannot be seen" in run("verify", "cut", "--key", key).stdout
    refused = run("verify", "cut", "--key", key, "--checkpoint", "kept", status=1)
    assert "Kept checkpoint 1 is of 5 events" in refused.stderr


def test_a_bundle_goes_up_to_a_checkpoint_and_may_leave_states_out(service, here, complaint):
    run("key", "--new")
    append(service, 3)
    run("checkpoint")
    append(service, 1)
    assert "3 events" in run("bundle", "short", "--upto", "3", "--withhold").stdout
    assert (here / "short").read_bytes().count(b'"state":null') == 3
    assert "no checkpoint" in complaint("bundle", "shorter", "--upto", "2")


def test_without_a_key_nothing_is_signed_and_it_is_said_what_to_do(monkeypatch, complaint):
    assert "no signing key" in complaint("checkpoint")
    monkeypatch.delenv("ALONGSIDE_SIGNING_KEY")
    assert "audit key --new" in complaint("key")
    assert "audit key --new" in complaint("key", "--new")


def test_an_empty_log_has_no_checkpoint(complaint):
    run("key", "--new")
    assert "The log is empty" in complaint("checkpoint")


def test_nothing_is_written_over(here, complaint):
    (here / "there").write_text("mine")
    assert "already" in complaint("bundle", "there")
    assert "already" in complaint("verifier", "there")
    assert (here / "there").read_text() == "mine"


def test_a_bundle_that_cannot_be_read_gives_its_own_status(here):
    assert "Not read" in run("verify", "missing", "--key", "a+b+c", status=2).stderr
    (here / "no-key").write_text('{"checkpoint":"a"}\n')
    assert "Not read" in run("verify", "no-key", "--key", "none", status=2).stderr


def test_a_witness_that_runs_elsewhere_cosigns_checkpoints(service, here, monkeypatch, complaint):
    key = run("key", "--new").stdout.strip()
    append(service, 3)
    alongside = Path(sys.executable).with_name("alongside")
    command = [alongside, "witness", str(here / "witness"), "--log", key, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            address = process.stdout.readline().strip()
            monkeypatch.setenv("ALONGSIDE_WITNESS", address)
            note = run("checkpoint").stdout
        finally:
            process.terminate()
    assert process.returncode == 0
    assert note.count("\N{EM DASH} ") == 2
    assert (here / "log" / "checkpoint").read_text() == note
    assert (here / "witness" / "witness.key").stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("ALONGSIDE_WITNESS", address.replace("http:", "ftp:"))
    assert "ALONGSIDE_WITNESS" in complaint("checkpoint")
