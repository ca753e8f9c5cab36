"""Do problems and results go into files and come back, and is a bad file answered with the place of the fault?"""

import json
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from matching.files import read_answer, read_problem, result_of, schemas, written
from matching.instance import instance_of
from matching.problem import InvalidProblem
from matching.solve import solve, solve_told
from matching.told import instance_told, told
from matching.verify import verify
from matching.weights import weights_for
from tests.matching.given import a_problem, a_random_problem

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
SECRET = "what-nobody-may-read"
PAIRS = {
    "members": [{"id": "m1", "rank": 3}, {"id": "m2"}],
    "mentors": [{"id": "t1", "capacity": 2, "open": 1}, {"id": "t2", "capacity": 1}],
    "pairs": [["m1", "t1", 870], ["m2", "t1", 900], ["m2", "t2", 1]],
}


def as_document(value):
    return json.loads(msgspec.json.encode(value))


def with_pin(problem):
    """Pin the last feasible pair whose mentor has a free place, if there is one."""
    instance = instance_of(problem)
    pairs = instance.candidates.pairs
    free = pairs.where((instance.c > instance.o)[pairs.j])
    last = [(instance.member_ids[i], instance.mentor_ids[j]) for i, j in zip(free.i, free.j, strict=True)][-1:]
    return replace(problem, pins=tuple(last))


PROBLEMS = [with_pin(replace(a_random_problem(seed, most_members=9), seed=str(seed))) for seed in range(40)]


def test_a_problem_of_people_comes_back_as_it_was_written():
    for problem in PROBLEMS:
        assert read_problem(written(problem)) == problem


def test_a_problem_told_pair_by_pair_has_the_same_answer_and_comes_back_as_it_was_written():
    for problem in PROBLEMS:
        instance = instance_of(problem)
        by_pairs = told(instance, instance.candidates.pairs)

        assert solve_told(by_pairs).answer == solve(problem).answer
        assert read_problem(written(by_pairs)) == by_pairs


def test_a_pin_is_always_kept_and_the_rest_is_best_around_it():
    pinned = [problem for problem in PROBLEMS if problem.pins]
    for problem in pinned:
        solution = solve(problem)
        assert set(problem.pins) <= set(solution.answer.assignment)
        assert solution.optimal
        assert solution.bound == solution.objective
    assert len(pinned) > 20


def test_the_checker_that_needs_only_python_accepts_what_was_proven_and_nothing_else():
    refused = 0
    for problem in PROBLEMS:
        instance = instance_of(problem)
        by_pairs = told(instance, instance.candidates.pairs)
        result = as_document(result_of(solve_told(by_pairs)))
        assert verify(as_document(by_pairs), result) == ""
        for spoilt in spoils(result, [list(pin) for pin in problem.pins]):
            assert verify(as_document(by_pairs), spoilt) != ""
            refused += 1
    assert refused > 200


def spoils(result, pins):
    """Results that must not be accepted: each differs in one thing from one that is proven."""
    objective, duals = result["objective"], result["duals"]
    yield result | {"objective": objective | {"fit": objective["fit"] + 1}}
    yield result | {"objective": objective | {"served": objective["served"] + 1}}
    for pair in result["assignment"][:1]:
        yield result | {"assignment": [*result["assignment"], pair]}
        yield result | {"assignment": result["assignment"][1:]}
        yield result | {"assignment": [[pair[0], "nobody"], *result["assignment"][1:]]}
    for member, value in [each for each in duals["members"].items() if each[1]][:1]:
        for change in (-1, 1):
            yield result | {"duals": duals | {"members": duals["members"] | {member: value + change}}}
    for mentor in [mentor for pair in result["assignment"] for mentor in pair[1:] if pair not in pins][:1]:
        price = duals["mentors"][mentor]
        for change in (-9, 9) if price > 9 else (9,):
            yield result | {"duals": duals | {"mentors": duals["mentors"] | {mentor: price + change}}}


def test_an_answer_comes_back_as_it_was_written():
    problem = PROBLEMS[3]
    solution = solve(problem)

    assert read_answer(msgspec.json.encode(result_of(solution)), weights_for(instance_of(problem))) == solution.answer


@pytest.mark.parametrize("name", schemas())
def test_the_schemas_in_the_documentation_are_those_of_the_forms(name):
    assert json.loads((SCHEMAS / f"{name}.json").read_text()) == as_document(schemas()[name])


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"pairs": [["m1", SECRET, 5]]}, r"pairs\[0\]\[1\]: is the id of no mentor"),
        ({"pairs": [[SECRET, "t1", 5]]}, r"pairs\[0\]\[0\]: is the id of no member"),
        ({"pairs": [["m1", "t1", 1001]]}, r"pairs\[0\]\[2\]: is more than full_fit"),
        ({"pairs": [["m1", "t1", -1]]}, r"pairs\[0\]\[2\]: "),
        ({"pairs": [["m1", "t1", 8.5]]}, r"pairs\[0\]\[2\]: "),
        ({"pairs": [["m1", "t1", 2**70]]}, r"pairs\[0\]\[2\]|out of range"),
        ({"pairs": [["m1", "t1", 5], ["m1", "t1", 5]]}, r"pairs\[1\]: stands more than once"),
        ({"members": [{"id": "m1"}, {"id": "m1"}]}, r"members\[1\]\.id: stands more than once"),
        ({"members": [{"id": "m1", "rank": 0}]}, r"members\[0\]\.rank"),
        ({"mentors": [{"id": "t1", "capacity": -1}]}, r"mentors\[0\]\.capacity"),
        ({"mentors": [{"id": "t1", "capacity": 1, "opne": 1}]}, r"mentors\[0\]: .*unknown field"),
        ({"pins": [["m1", "t2"]]}, r"pins\[0\]: is not feasible"),
        ({"pins": [["m1", "t1"]], "forbidden": [["m1", "t1"]]}, r"pins\[0\]: is not feasible"),
        ({"pins": [["m1", "t1"], ["m2", "t1"]]}, r"pins\[1\]\[1\]: has fewer free places than pins"),
        ({"pins": [["m2", "t1"], ["m2", "t2"]]}, r"pins\[1\]\[0\]: is pinned twice"),
        ({"pins": [["m1", SECRET]]}, r"pins\[0\]\[1\]: is the id of no mentor"),
        ({"forbidden": [["m1", SECRET]]}, r"forbidden\[0\]\[1\]: is the id of no mentor"),
    ],
)
def test_a_bad_problem_is_refused_with_the_place_and_without_the_value(change, complaint):
    with pytest.raises(InvalidProblem, match=complaint) as refusal:
        instance_told(read_problem(json.dumps(PAIRS | change).encode()))

    assert SECRET not in str(refusal.value)


@pytest.mark.parametrize(
    ("octets", "complaint"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"[]", "the document: "),
        (b'{"pairs": "\xff"}', "pairs: "),
        (b'{"members": [], "mentors": []}', "today"),
    ],
)
def test_what_is_no_problem_is_refused(octets, complaint):
    with pytest.raises(InvalidProblem, match=complaint):
        read_problem(octets)


def test_a_field_that_nobody_knows_is_not_passed_over():
    document = as_document(msgspec.json.decode(written(a_problem([], [])))) | {"forbiden": []}

    with pytest.raises(InvalidProblem, match="unknown field"):
        read_problem(json.dumps(document).encode())


def test_a_pin_of_people_who_may_not_meet_is_refused():
    problem = a_random_problem(4)
    feasible = instance_of(problem).candidates
    free = [mentor.id for mentor in problem.mentors if mentor.capacity > mentor.open]
    may_not = [
        (member.id, mentor)
        for member in problem.members
        for mentor in free
        if (member.id, mentor) not in {(m, t) for m, t, _ in told(instance_of(problem), feasible.pairs).pairs}
    ]

    with pytest.raises(InvalidProblem, match=r"pins\[0\]: is not feasible"):
        solve(replace(problem, pins=(may_not[0],)))


def test_when_time_is_over_the_best_so_far_comes_with_a_bound_that_holds():
    unproven = 0
    for problem in PROBLEMS:
        best = solve(problem)
        stopped = solve(problem, onward=lambda *_: False)
        assert set(problem.pins) <= set(stopped.answer.assignment)
        assert stopped.bound.order_of_serving >= best.objective.order_of_serving
        if stopped.bound.order_of_serving == best.objective.order_of_serving == stopped.objective.order_of_serving:
            assert stopped.bound.fit >= best.objective.fit
        unproven += not stopped.optimal
    assert unproven > 20
