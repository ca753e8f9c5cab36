import json
import subprocess
import sys
from pathlib import Path

import msgspec
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


def people_file(tmp_path, seed, **sizes):
    problem = a_random_problem(seed, **sizes)
    (tmp_path / "problem.json").write_bytes(written(problem))
    return problem, tmp_path / "problem.json"


def test_what_one_more_place_of_each_mentor_brings_is_told_in_words_and_as_data(tmp_path):
    problem, file = people_file(tmp_path, 7, most_members=9, most_mentors=4)

    data = json.loads(run("places", file, "--json").stdout)
    said = run("places", file).stdout.splitlines()

    assert {each["mentor"] for each in data} == {mentor.id for mentor in problem.mentors}
    assert len(said) == 1 + sum(1 for each in data if each["order_of_serving"] or each["fit"])


def test_whom_to_look_for_is_told_with_what_each_would_bring(tmp_path):
    _, file = people_file(tmp_path, 7, most_members=9, most_mentors=3)

    data = json.loads(run("recruit", file, "--most", 2, "--capacity", 1, "--json").stdout)
    said = run("recruit", file, "--most", 2, "--capacity", 1).stdout.splitlines()

    assert [each["growth"]["served"] for each in data] == [1, 1]
    assert [line.partition(" who speaks ")[0] for line in said] == ["Somebody", "Somebody"]
    assert all(each["profile"]["language"] in line for each, line in zip(data, said, strict=True))


def test_mentors_who_might_come_are_told_apart_by_what_they_would_bring(tmp_path):
    file, mentors = tmp_path / "problem.json", tmp_path / "mentors.json"
    file.write_bytes(written(a_problem([a_member()], [a_mentor(languages=("fi",))])))
    newcomers = [a_mentor(id="lark"), a_mentor(id="rook", contact_modes=frozenset({"letter"}))]
    mentors.write_bytes(msgspec.json.encode(newcomers))

    brought = json.loads(run("recruit", file, "--mentors", mentors, "--json").stdout)

    assert {mentor: growth["served"] for mentor, growth in brought.items()} == {"lark": 1, "rook": 0}


def test_a_bad_list_of_mentors_is_refused_with_the_place(tmp_path):
    _, file = people_file(tmp_path, 1)
    (tmp_path / "mentors.json").write_text('[{"id": "t1"}]')

    refused = run("recruit", file, "--mentors", tmp_path / "mentors.json")

    assert isinstance(refused.exception, InvalidProblem)
    assert str(refused.exception).startswith("[0]: Object missing required field")


def test_backups_are_told_in_words_and_as_data(tmp_path):
    _, file = people_file(tmp_path, 4, most_members=6)

    data = json.loads(run("backups", file, "--json").stdout)
    said = run("backups", file).stdout.splitlines()

    assert data["most_stranded"] == max(data["stranded"].values(), default=0)
    assert said[: len(data["mentors"])] == [f"{member}: {mentor}." for member, mentor in data["mentors"].items()]
    assert said[-1].startswith(f"Nobody else could take: {sum(data['stranded'].values())} of ")
