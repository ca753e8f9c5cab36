"""Does a programme's pool come out as a file that can be solved without it?"""

import json

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.roster import write_sample

TODAY = ["--today", "2026-03-02"]


@pytest.fixture(autouse=True)
def _here(monkeypatch, database_url, tmp_path, moment):
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    run("import", "quay", *map(str, write_sample(tmp_path, members=40, mentors=12, seed=3, today=moment.today)), *TODAY)


def run(*words):
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def test_a_pool_is_solved_from_its_file_as_the_round_solves_it(tmp_path):
    said = run("pool", "quay", "-o", "pool.json", *TODAY)
    held = json.loads(run("round", "quay", *TODAY, "--json").stdout)
    (_, draw) = json.loads(run("draws", "quay", "--json").stdout)
    solved = json.loads(run("solve", "pool.json", "--seed", draw["seed"]).stdout)

    assert draw["digest"] in said.stderr
    assert (tmp_path / "pool.json").stat().st_mode & 0o777 == 0o600
    assert solved["objective"] == held["objective"]
    assert len(solved["assignment"]) == held["proposals"]
    assert solved["optimal"]


def test_a_round_that_was_drawn_as_committed_to_is_verified():
    run("round", "quay", *TODAY)

    assert "REFUSED" not in run("audit", "draw", "quay", "1").stdout
    assert not json.loads(run("audit", "draw", "quay", "1", "--json").stdout)["refused"]


def test_a_pool_without_a_place_to_go_is_shown(tmp_path):
    shown = run("pool", "quay", *TODAY)

    assert json.loads(shown.stdout)["members"]
    assert "keep it as you would keep their records" in shown.stderr
    assert not list(tmp_path.glob("*.json"))
