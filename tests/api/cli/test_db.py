"""Can the databases be carried away and back by the command line, with one sentence for whatever is in the way?"""

import json
import sys

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from scenarios import approved_match
from sqlalchemy.engine import make_url
from typer.testing import CliRunner

from api.cli import app, main


@pytest.fixture(autouse=True)
def _here(monkeypatch, database_url, master_key, tmp_path):
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("ALONGSIDE_MASTER_KEY", master_key)
    monkeypatch.setenv("ALONGSIDE_ERASURES", str(tmp_path / "erasures.jsonl"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def elsewhere(database_url):
    url = make_url(database_url)
    name = f"{url.database}_elsewhere"
    yield url.set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(database_url, autocommit=True) as connection:
        for each in (name, f"{name}_keys"):
            connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(each)))


def run(*words):
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def refused(monkeypatch, capsys, *words):
    monkeypatch.setattr(sys, "argv", ["alongside", *words])
    with pytest.raises(SystemExit) as leaving:
        main()
    assert leaving.value.code == 1
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return said


def test_log_and_keys_go_away_and_come_back(service, moment, monkeypatch, elsewhere):
    approved_match(service, moment)
    taken = json.loads(run("db", "backup", "log", "--json").stdout)
    run("db", "backup-keys", "keys")
    assert "Not a bit has changed" in run("db", "verify", "keys").stdout
    assert "Restored and found whole" in run("db", "verify", "log", "--restore").stdout

    monkeypatch.setenv("DATABASE_URL", elsewhere)
    back = run("db", "restore", "log")
    run("db", "restore-keys", "keys")

    assert taken["root"] in back.stdout
    assert taken["size"] == service.alongside.log.head() > 0
    assert "nobody is taken to have been erased" in back.stderr
    assert "Rebuilt up to position" in run("rebuild").stdout


def test_what_is_in_the_way_is_said_in_a_sentence(monkeypatch, capsys, tmp_path):
    run("db", "backup", "log")

    assert "There is no backup in" in refused(monkeypatch, capsys, "db", "verify", "absent")
    assert "holds a backup already" in refused(monkeypatch, capsys, "db", "backup-keys", "log")
    (tmp_path / "erasures.jsonl").write_text("torn\n")
    assert "Line 1 of" in refused(monkeypatch, capsys, "db", "restore", "log")
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    assert "Connection refused" in refused(monkeypatch, capsys, "db", "backup", "other")
    assert not (tmp_path / "other").exists()
