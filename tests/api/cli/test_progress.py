"""Is progress shown as the place allows: a line that moves, lines now and then, or nothing?"""

import json

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.cli.progress import progress


def test_where_there_is_no_terminal_a_line_comes_every_few_seconds(capsys):
    times = iter([0, 1, 5.5, 5.5, 6, 11, 11])
    with progress("Rebuilding", clock=lambda: next(times)) as tell:
        for done in (1_000, 2_000, 3_000, 4_000):
            tell(done, 4_000)

    assert capsys.readouterr().err.splitlines() == ["Rebuilding: 2,000 of 4,000", "Rebuilding: 4,000 of 4,000"]


def test_on_a_terminal_one_line_moves(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with progress("Rebuilding") as tell:
        tell(1, 4)

    shown = capsys.readouterr()
    assert "Rebuilding" in shown.err
    assert shown.out == ""


@pytest.fixture
def here(tmp_path, monkeypatch, database_url):
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("here")
def test_a_rebuild_with_json_prints_one_document_and_nothing_else():
    result = CliRunner().invoke(app, ["rebuild", "--json"])

    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout) == {"position": 0}
