import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import matching.verify
from api.cli import app
from matching.files import written
from matching.problem import InvalidProblem
from matching.solve import solve
from tests.matching.given import a_member, a_mentor, a_problem, a_random_problem

PROBLEM = {
    "members": [{"id": "m1", "rank": 3}],
    "mentors": [{"id": "t1", "capacity": 2, "open": 0}],
    "pairs": [["m1", "t1", 870]],
}


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def files(tmp_path):
    (tmp_path / "problem.json").write_text(json.dumps(PROBLEM))
    return tmp_path


def test_a_problem_in_a_file_is_solved_and_certified(files):
    solved = run("solve", files / "problem.json", "-o", files / "result.json")
    result = json.loads((files / "result.json").read_text())

    assert solved.exit_code == 0
    assert result["assignment"] == [["m1", "t1"]]
    assert result["objective"] == {"order_of_serving": 3, "served": 1, "fit": 870, "evenness": 0} == result["bound"]
    assert result["optimal"]
    assert run("certify", files / "problem.json", files / "result.json").stdout == "Proven best.\n"
    assert [path.name for path in files.glob("*unfinished")] == []


def test_a_result_that_is_not_best_is_not_certified(files):
    run("solve", files / "problem.json", "-o", files / "result.json")
    result = json.loads((files / "result.json").read_text())
    nothing = {"order_of_serving": 0, "served": 0, "fit": 0, "evenness": 0}
    (files / "worse.json").write_text(json.dumps(result | {"assignment": [], "objective": nothing}))

    refused = run("certify", files / "problem.json", files / "worse.json", "--json")

    assert refused.exit_code == 1
    assert json.loads(refused.stdout) == {"proven": False, "complaints": ["the primal and the dual sum differ"]}


@pytest.mark.parametrize("seed", [1, 2])
def test_a_problem_of_people_goes_through_all_commands_to_the_checker_alone(tmp_path, seed):
    problem, pairs, result = (tmp_path / name for name in ("problem.json", "pairs.json", "result.json"))
    problem.write_bytes(written(a_random_problem(seed, most_members=9)))

    assert run("solve", problem, "-o", result, "--threads", 2).exit_code == 0
    assert run("certify", problem, result).exit_code == 0
    assert run("pairs", problem, pairs).exit_code == 0
    alone = subprocess.run(
        [sys.executable, "-I", "-S", Path(matching.verify.__file__), pairs, result],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (alone.returncode, alone.stdout) == (0, "Proven best.\n")


def test_every_member_is_told_why_they_meet_whom_or_wait_in_words_and_as_data(tmp_path):
    problem, solution = a_random_problem(8, most_members=9), solve(a_random_problem(8, most_members=9))
    (tmp_path / "problem.json").write_bytes(written(problem))
    plan = dict(solution.answer.assignment)

    for member in problem.members:
        words = run("why", tmp_path / "problem.json", member.id).stdout
        data = json.loads(run("why", tmp_path / "problem.json", member.id, "--json").stdout)
        if member.id in plan:
            assert words.startswith(f"{member.id} and {plan[member.id]} fit with ")
            assert data["proposal"]["mentor"] == plan[member.id]
        else:
            assert words.startswith(("Places are short", "No mentor is possible"))
            assert data["waiting"]["mentors"] or data["waiting"]["nearest"]


def test_for_any_other_pair_the_rules_or_the_price_are_told(tmp_path):
    members = [a_member(id="ash", age=30), a_member(id="elm", age=60)]
    mentors = [a_mentor(id="dove", age=30), a_mentor(id="lark", languages=("fi",)), a_mentor(id="wren", age=60)]
    (tmp_path / "problem.json").write_bytes(written(a_problem(members, mentors)))

    price = run("why", tmp_path / "problem.json", "ash", "wren").stdout
    rules = run("why", tmp_path / "problem.json", "ash", "lark").stdout

    assert price.splitlines() == [
        "They could be matched.",
        "Fit falls by 100.",
        "ash meets wren and not dove.",
        "elm meets dove and not wren.",
    ]
    assert rules == "They cannot be matched: they share no language.\n"


@pytest.mark.parametrize("ids", [("nobody",), ("m0", "nobody")])
def test_asking_about_somebody_who_is_not_there_is_refused(tmp_path, ids):
    (tmp_path / "problem.json").write_bytes(written(a_random_problem(8)))

    assert isinstance(run("why", tmp_path / "problem.json", *ids).exception, InvalidProblem)


def test_without_time_a_plan_comes_all_the_same_and_is_not_called_best(files):
    stopped = run("solve", files / "problem.json", "--time-limit", 0)

    assert stopped.exit_code == 0
    assert not json.loads(stopped.stdout)["optimal"]
    assert "time was over" in stopped.stderr
