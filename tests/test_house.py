"""Is what the README says true of what runs?"""

import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from api.cli import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)


def lines():
    return [line.split("#")[0].strip() for block in BLOCKS for line in block.splitlines() if line.strip()]


def test_the_readme_begins_with_two_commands():
    assert [line.split("#")[0].strip() for line in BLOCKS[0].splitlines()] == [
        "./run alongside serve --demo",
        "./run pytest",
    ]


def test_every_command_of_the_readme_is_one_that_there_is():
    known = set(get_command(app).commands)
    named = {shlex.split(line.split("./run ")[1])[1] for line in lines() if "./run alongside" in line}
    assert {"import", "round", "approve"} <= named <= known


@pytest.fixture
def here(tmp_path, monkeypatch, database_url, master_key):
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("ALONGSIDE_MASTER_KEY", master_key)
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("here")
def test_the_readmes_walk_through_a_programme_runs_as_it_stands():
    walk = next(block for block in BLOCKS if "alongside import" in block)
    for line in walk.strip().splitlines():
        result = CliRunner().invoke(app, shlex.split(line)[2:])
        assert result.exit_code == 0, (line, result.output)
        assert result.stdout


def test_a_change_is_checked_by_the_readmes_test_command_and_make_check():
    script = (ROOT / ".ci" / "run").read_text()
    assert "make check" in script
    assert script.rstrip().endswith("./run pytest")
