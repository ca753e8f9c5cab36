"""Do problems of teams and circles go through files and commands, and is a bad file answered with the place?"""

import json
import re
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from api.cli import app
from matching.circles import files as circle_files
from matching.circles.files import read_circles, written_circles
from matching.problem import InvalidProblem
from matching.teams import files as team_files
from matching.teams.files import read_teams, written_teams
from tests.matching.given import a_member, a_mentor
from tests.matching.test_circles import a_circle_member, a_circle_problem, a_facilitator, a_random_circle_problem
from tests.matching.test_teams import a_random_team_problem, a_team_problem, asking

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
FORMS = team_files.schemas() | circle_files.schemas()


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def team_file(tmp_path):
    members = [a_member(id="ash", urgency="urgent"), asking(a_member(id="elm", languages=("fi",)), "mentor")]
    path = tmp_path / "teams.json"
    path.write_bytes(written_teams(a_team_problem(members, [a_mentor(id="wren")], [a_mentor(id="lark")])))
    return path


@pytest.fixture
def circle_file(tmp_path):
    members = [a_circle_member("ash"), a_circle_member("elm"), a_circle_member("fir", languages=("fi",))]
    path = tmp_path / "circles.json"
    path.write_bytes(written_circles(a_circle_problem(members, [a_facilitator()])))
    return path


def test_problems_come_back_as_they_were_written():
    for seed in range(10):
        teams, circles = a_random_team_problem(seed), a_random_circle_problem(seed)
        assert read_teams(written_teams(teams)) == teams
        assert read_circles(written_circles(circles)) == circles


@pytest.mark.parametrize("name", FORMS)
def test_the_schemas_in_the_documentation_are_those_of_the_forms(name):
    told = json.loads(msgspec.json.encode(FORMS[name]))
    assert json.loads((SCHEMAS / f"{name}.json").read_text()) == told


def test_teams_in_a_file_are_solved_with_their_proof(team_file, tmp_path):
    solved = run("teams", team_file, "-o", tmp_path / "result.json")
    result = json.loads((tmp_path / "result.json").read_text())

    assert solved.exit_code == 0
    assert [(team["member"], team["mentor"]["id"], team["navigator"]["id"]) for team in result["teams"]] == [
        ("ash", "wren", "lark")
    ]
    assert result["waiting"] == {"elm": {"reason": "no-feasible-mentor", "nearest": [[["language"], 1]]}}
    assert result["optimal"]
    assert result["canonical"]
    assert [level["reached"] for level in result["levels"]] == [level["bound"] for level in result["levels"]]


def spoilt(result):
    """Results that must not pass: each differs in one thing from one that does."""
    first = result["levels"][0]
    rest = result["levels"][1:]
    yield result | {"teams": []}, "reaches|reach"
    yield result | {"teams": [*result["teams"], *result["teams"]]}, "more than once"
    yield result | {"teams": [{**result["teams"][0], "navigator": None}]}, "the team that they want"
    yield result | {"teams": [{**result["teams"][0], "member": "elm"}]}, "may not meet"
    yield result | {"levels": [first | {"prices": {"wren": 10**9, "lark": 10**9}}, *rest]}, "do not prove"
    yield result | {"levels": [first | {"prices": {"wren": -1}}, *rest]}, "negative"
    yield result | {"levels": [first | {"weights": [1, 0, 0]}, *rest]}, "the weights"
    fit = rest[0] | {"weights": [2**58, *rest[0]["weights"][1:]]}
    yield result | {"levels": [first, fit, *rest[1:]]}, "out of range"


def test_a_result_is_checked_by_its_prices_and_a_spoilt_one_is_refused(team_file, tmp_path):
    path = tmp_path / "result.json"
    run("teams", team_file, "-o", path)
    result = json.loads(path.read_text())

    assert run("teams", team_file, "--check", path).stdout == "Nothing is wrong with it.\n"
    for worse, complaint in spoilt(result):
        path.write_text(json.dumps(worse))
        refused = run("teams", team_file, "--check", path)
        assert refused.exit_code == 1
        assert re.search(complaint, refused.stdout)


def test_everybody_is_told_in_words_why_they_have_a_team_or_none(team_file):
    assert run("teams", team_file, "--why", "ash").stdout.startswith("ash and wren fit with ")
    assert run("teams", team_file, "--why", "elm").stdout.splitlines() == [
        "No mentor is possible.",
        "Possible were it not that they share no language: 1.",
    ]
    assert isinstance(run("teams", team_file, "--why", "nobody").exception, InvalidProblem)


def test_circles_in_a_file_are_solved_with_their_bound(circle_file):
    solved = run("circles", circle_file)
    result = json.loads(solved.stdout)

    assert solved.exit_code == 0
    assert [place["member"] for place in result["circles"][0]["places"]] == ["ash", "elm"]
    assert result["waiting"]["fir"]["reason"] == "no-feasible-facilitator"
    assert result["optimal"]
    assert "2 served in 1 circles. Proven best: yes." in solved.stderr


def test_everybody_is_told_in_words_why_they_are_in_a_circle_or_in_none(circle_file):
    inside = run("circles", circle_file, "--why", "ash").stdout.splitlines()
    assert inside[0] == "ash fits the circle of wren on work with 900 of 1,000 points."
    assert inside[1] == "It meets by video in en, Tuesday at 18:00, UTC."
    assert run("circles", circle_file, "--why", "fir").stdout.splitlines() == [
        "No facilitator is possible.",
        "Possible were it not that they share no language: 1.",
    ]


@pytest.mark.parametrize(
    ("command", "change", "complaint"),
    [
        ("teams", {"members": [{"id": "SECRET"}]}, r"members\[0\]"),
        ("teams", {"navigatrs": []}, "unknown field"),
        ("circles", {"facilitators": 3}, "facilitators"),
        ("circles", {"policy": {"compositions": [{"trait": "SECRET", "value": "x"}]}}, r"policy\.compositions\[0\]"),
    ],
)
def test_a_bad_file_is_refused_with_the_place_and_without_the_value(team_file, circle_file, command, change, complaint):
    path = team_file if command == "teams" else circle_file
    path.write_text(json.dumps(json.loads(path.read_text()) | change))

    refusal = run(command, path).exception

    assert isinstance(refusal, InvalidProblem)
    assert "SECRET" not in str(refusal)
    with pytest.raises(InvalidProblem, match=complaint):
        raise refusal
