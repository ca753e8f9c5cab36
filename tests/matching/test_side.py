"""Are side constraints kept, is the best plan found that keeps them, and does the proof hold over all pairs?"""

import json
from collections import Counter
from dataclasses import replace
from random import Random

import msgspec
import numpy as np
import pytest
from typer.testing import CliRunner

from api.cli import app
from matching.files import read_answer, read_problem, result_of, written
from matching.instance import instance_of
from matching.problem import InvalidProblem, Policy
from matching.session import Forbid, Pin, Session, WithdrawMember
from matching.side.constraints import Floor, Group, LeastCaseload, Novice, SideConstraints, Span, Together
from matching.side.costs import binding, costs, places_that_hold_back
from matching.side.multipliers import Stage
from matching.side.proofs import breaches, refusals_beside
from matching.solve import solve, solve_told
from matching.told import ToldMember, ToldProblem, instance_told, told
from matching.verify import verify
from matching.weights import weights_for
from tests.matching.given import a_member, a_mentor, a_problem, a_random_instance, a_random_problem
from tests.matching.side_reference import best, keeps, some_constraints

SEEDS = range(90)


def perhaps_pinned(instance, seed):
    rng, pairs = Random(seed), instance.candidates.pairs
    free = [(i, j) for i, j in zip(pairs.i.tolist(), pairs.j.tolist(), strict=True) if instance.c[j] > instance.o[j]]
    if not free or rng.random() < 2 / 3:
        return instance
    i, j = rng.choice(free)
    return replace(instance, pins=np.array([i * instance.m + j]))


def a_told_problem(seed):
    """A small problem with side constraints of every kind, and what the slow way says of it."""
    instance = perhaps_pinned(a_random_instance(seed), seed)
    side = some_constraints(instance, seed)
    return msgspec.structs.replace(told(instance, instance.candidates.pairs, side), full_fit=1025), instance


def solved(problem):
    try:
        return solve_told(problem)
    except InvalidProblem:
        return None


@pytest.fixture(scope="module")
def told_problems():
    return [a_told_problem(seed) for seed in SEEDS]


@pytest.fixture(scope="module")
def verdicts(told_problems):
    return [solved(problem) for problem, _ in told_problems]


def test_the_plan_is_as_good_as_the_best_of_all_plans_that_keep_the_side_constraints(told_problems, verdicts):
    seen = Counter()
    for (problem, instance), verdict in zip(told_problems, verdicts, strict=True):
        expected = best(instance, problem.side)
        assert (verdict is None) == (expected is None)
        if verdict is None:
            seen["no plan"] += 1
            continue
        assert verdict.answer.objective == verdict.bound == expected
        assert verdict.optimal
        assert keeps(problem.side, instance, dict(verdict.answer.assignment))
        seen.update(proof.by for proof in verdict.answer.side)
        seen["in no way" if not verdict.answer.side else "in the way"] += 1
    assert min(seen[each] for each in ("no plan", "in no way", "in the way", "multipliers", "search")) >= 5


def test_a_kernel_that_is_cut_too_tight_is_seen_by_the_comparison(told_problems, monkeypatch):
    losses = Stage.losses
    monkeypatch.setattr(
        Stage,
        "losses",
        lambda stage, multipliers, pairs: 3 * losses(stage, multipliers, pairs) + multipliers.scale,
    )
    wrong = 0
    for problem, instance in told_problems[:30]:
        expected = best(instance, problem.side)
        verdict = solved(problem)
        wrong += (verdict and verdict.answer.objective) != expected

    assert wrong


def test_what_is_certified_is_what_was_proven_and_nothing_else(told_problems, verdicts):
    refused = 0
    for (problem, _), verdict in zip(told_problems, verdicts, strict=True):
        if verdict is None:
            continue
        instance, answer = instance_told(problem), verdict.answer
        assert refusals_beside(instance, problem.side, answer) == ()
        octets = msgspec.json.encode(result_of(verdict))
        assert read_answer(octets, weights_for(instance)) == answer
        for spoilt in spoils(answer):
            assert refusals_beside(instance, problem.side, spoilt) != ()
            refused += 1
    assert refused > 100


def spoils(answer):
    """Answers that must not be certified: each differs in one thing from one that is proven."""
    for number, proof in enumerate(answer.side):
        others = [*answer.side]
        for change in (
            {"value": proof.value + 1},
            {"by": "nothing"} if proof.by == "search" else {"members": {}},
            {"side": (*proof.side, 0)},
            {"scale": 2**61},
        ):
            others[number] = replace(proof, **change)
            yield replace(answer, side=tuple(others))
        for member, value in [each for each in proof.members.items() if each[1] >= proof.scale][:1]:
            for change in (-proof.scale, proof.scale) if proof.by == "multipliers" else (-proof.scale,):
                others[number] = replace(proof, members={**proof.members, member: value + change})
                yield replace(answer, side=tuple(others))
    if answer.side:
        yield replace(answer, side=answer.side[:-1])


def test_a_plan_that_breaks_a_side_constraint_is_refused_by_its_place():
    members, mentors = [a_member(id="ash"), a_member(id="elm")], [a_mentor(id="wren", capacity=2)]
    problem = a_problem(members, mentors)
    apart = SideConstraints(apart=(("ash", "elm"),))

    assert refusals_beside(instance_of(problem), apart, solve(problem).answer) == ("side.apart[0] is not kept",)


def test_the_two_ways_to_check_a_plan_agree():
    kept = 0
    for seed in range(400):
        instance = a_random_instance(seed)
        side, rng = some_constraints(instance, seed), Random(seed)
        choices = [*instance.mentor_ids, None]
        plan = {member: mentor for member in instance.member_ids if (mentor := rng.choice(choices)) is not None}
        assert keeps(side, instance, plan) == (not list(breaches(instance, side, plan)))
        kept += keeps(side, instance, plan)
    assert 40 < kept < 360


def beside(problem, **kinds):
    return replace(problem, side=SideConstraints(**kinds))


def plan_of(problem):
    return dict(solve(problem).answer.assignment)


FOUR = [a_member(id=name, age=age) for name, age in (("ash", 20), ("elm", 30), ("fir", 40), ("oak", 50))]
TWO = [a_mentor(id="dove", capacity=2, age=20), a_mentor(id="wren", capacity=2, age=50)]


def test_a_supervisor_is_given_no_more_new_matches_than_their_span():
    problem = a_problem(FOUR, TWO)

    assert len(plan_of(problem)) == 4
    assert len(plan_of(beside(problem, spans=(Span(supervisor="s", mentors=("dove", "wren"), most=3),)))) == 3


def test_a_couple_is_served_together_or_waits_together():
    members = [*FOUR[:1], replace(FOUR[1], languages=("fi",))]
    couple = (Together(members=("ash", "elm")),)

    assert plan_of(a_problem(members, TWO)) == {"ash": "dove"}
    assert plan_of(beside(a_problem(members, TWO), together=couple)) == {}


def test_a_couple_may_ask_for_the_same_mentor():
    problem = a_problem([FOUR[0], FOUR[3]], TWO)

    assert plan_of(problem) == {"ash": "dove", "oak": "wren"}
    same = (Together(members=("ash", "oak"), same_mentor=True),)
    assert len(set(plan_of(beside(problem, together=same)).values())) == 1


def test_people_kept_apart_do_not_have_the_same_mentor():
    problem = a_problem(FOUR[:2], TWO)

    assert plan_of(problem) == {"ash": "dove", "elm": "dove"}
    assert len(set(plan_of(beside(problem, apart=(("ash", "elm"),))).values())) == 2


def test_a_mentor_is_used_enough_or_not_at_all_and_open_matches_count():
    problem, least = a_problem(FOUR[:1], TWO[:1]), (LeastCaseload(mentor="dove", least=2),)
    busy = a_problem(FOUR[:1], [replace(TWO[0], open=1)])

    assert plan_of(beside(problem, least_caseloads=least)) == {}
    assert plan_of(beside(busy, least_caseloads=least)) == {"ash": "dove"}


def test_a_novice_takes_no_more_of_a_group_than_they_may():
    groups = (Group(name="high need", members=("ash", "elm", "oak")),)
    problem = beside(a_problem(FOUR, TWO), groups=groups, novices=(Novice(mentor="dove", group="high need", most=0),))

    assert sorted(member for member, mentor in plan_of(problem).items() if mentor == "dove") == ["fir"]


def test_a_floor_serves_a_group_before_others_who_come_first():
    urgent = [replace(member, urgency="urgent") for member in FOUR[:3]]
    problem = a_problem([*urgent, FOUR[3]], [a_mentor(id="wren", capacity=2)])
    newcomers = (Group(name="newcomers", members=("oak",)),)
    floors = (Floor(group="newcomers", least_percent=10),)

    assert "oak" not in plan_of(problem)
    assert "oak" in plan_of(beside(problem, groups=newcomers, floors=floors))


def test_constraints_that_cannot_be_kept_together_are_named_and_no_others():
    groups = (Group(name="g", members=("ash", "elm")),)
    span = (Span(supervisor="s", mentors=("dove",), most=2), Span(supervisor="s", mentors=("dove", "wren"), most=1))
    problem = beside(
        a_problem(FOUR, TWO),
        groups=groups,
        spans=span,
        apart=(("fir", "oak"),),
        floors=(Floor(group="g", least=1), Floor(group="g", least=2)),
    )

    with pytest.raises(InvalidProblem, match=r"^side: no plan keeps side\.spans\[1\] and side\.floors\[1\] together$"):
        solve(problem)


def test_a_pin_that_breaks_a_side_constraint_is_answered_with_the_constraint():
    problem = replace(beside(a_problem(FOUR, TWO), apart=(("ash", "elm"),)), pins=(("ash", "dove"), ("elm", "dove")))

    with pytest.raises(InvalidProblem, match=r"^side\.apart\[0\]: no plan keeps it$"):
        solve(problem)


@pytest.mark.parametrize(
    ("side", "complaint"),
    [
        (
            {"spans": [{"supervisor": "s", "mentors": ["nobody"], "most": 1}]},
            r"side\.spans\[0\]\.mentors\[0\]: is the id",
        ),
        ({"spans": [{"supervisor": "s", "mentors": [], "most": -1}]}, r"side\.spans\[0\]\.most"),
        ({"together": [{"members": ["ash"]}]}, r"side\.together\[0\]\.members: are not two"),
        ({"together": [{"members": ["ash", "ash"]}]}, r"side\.together\[0\]\.members\[1\]: stands more than once"),
        ({"apart": [["ash", "nobody"]]}, r"side\.apart\[0\]\[1\]: is the id of no member"),
        ({"least_caseloads": [{"mentor": "nobody", "least": 1}]}, r"side\.least_caseloads\[0\]\.mentor: is the id"),
        ({"novices": [{"mentor": "dove", "group": "g", "most": 1}]}, r"side\.novices\[0\]\.group: is the name of no"),
        ({"floors": [{"group": "g"}]}, r"side\.floors\[0\]\.group: is the name of no group"),
        (
            {"groups": [{"name": "g", "members": ["ash"]}], "floors": [{"group": "g", "least": 2}]},
            r"side\.floors\[0\]\.least: is more than the group has members",
        ),
        ({"groups": [{"name": "g", "members": []}, {"name": "g", "members": []}]}, r"side\.groups\[1\]\.name: stands"),
        ({"floor": []}, "unknown field"),
    ],
)
def test_a_bad_side_constraint_is_refused_with_its_place_and_without_its_value(side, complaint):
    document = json.loads(written(a_problem(FOUR, TWO))) | {"side": side}

    with pytest.raises(InvalidProblem, match=complaint) as refusal:
        read_problem(json.dumps(document).encode())

    assert "nobody" not in str(refusal.value)


def test_a_problem_with_side_constraints_comes_back_as_it_was_written():
    for seed in range(20):
        problem = a_random_problem(seed)
        problem = replace(problem, side=some_constraints(instance_of(problem), seed))
        assert read_problem(written(problem)) == problem


def test_the_order_in_which_people_are_listed_and_the_way_of_pricing_change_no_plan(monkeypatch):
    tried = 0
    for seed in range(8):
        problem, rng = a_random_problem(seed, most_members=9, both_sides=False), Random(seed)
        problem = replace(problem, side=some_constraints(instance_of(problem), seed))
        try:
            found = solve(problem)
        except InvalidProblem:
            continue
        shuffled = replace(
            problem,
            members=tuple(rng.sample(problem.members, len(problem.members))),
            mentors=tuple(rng.sample(problem.mentors, len(problem.mentors))),
        )
        monkeypatch.setattr("matching.side.holding.ALL_UP_TO_PAIRS", 0)
        scanned = solve(shuffled, listed_up_to_pairs=0)
        monkeypatch.undo()
        assert solve(shuffled).proposals == found.proposals == scanned.proposals
        assert scanned.objective == found.objective
        tried += bool(found.side)
    assert tried >= 2


def test_when_time_is_over_the_plan_keeps_the_side_constraints_and_no_more_is_claimed_than_holds():
    unproven = 0
    for seed in range(12):
        problem = a_random_problem(seed, most_members=9)
        side = some_constraints(instance_of(problem), seed)
        problem = replace(problem, side=msgspec.structs.replace(side, floors=()))
        best_one = solve(problem)
        for calls in (0, 4, 7):
            left = iter([True] * calls)
            stopped = solve(problem, onward=lambda *_, left=left: next(left, False))
            assert list(breaches(instance_of(problem), problem.side, dict(stopped.answer.assignment))) == []
            assert not stopped.optimal or stopped.objective == best_one.objective
            assert stopped.bound.order_of_serving >= best_one.objective.order_of_serving
            if stopped.bound.order_of_serving == stopped.objective.order_of_serving:
                assert stopped.bound.fit >= best_one.objective.fit
            unproven += not stopped.optimal
    assert unproven > 8


def test_what_a_constraint_costs_and_whom_it_keeps_waiting_is_told():
    span = Span(supervisor="s", mentors=("dove", "wren"), most=3)
    wide = Span(supervisor="s", mentors=("dove",), most=2)
    problem = beside(a_problem(FOUR, TWO), spans=(wide, span))
    solution = solve(problem)
    (waiting,) = solution.unserved

    assert solution.unserved == {waiting: "side-constraint"}
    assert binding(problem, solution) == ("side.spans[1]",)
    assert [(cost.place, cost.dropped.growth.served) for cost in costs(problem, solution)] == [("side.spans[1]", 1)]
    assert list(places_that_hold_back(problem, solution, waiting)) == ["side.spans[1]"]


def test_a_constraint_that_is_not_called_binding_costs_nothing():
    tried = 0
    for seed in range(12):
        problem = a_random_problem(seed, both_sides=False)
        problem = replace(problem, side=some_constraints(instance_of(problem), seed))
        try:
            solution = solve(problem)
        except InvalidProblem:
            continue
        for place in set(problem.side.places()) - set(binding(problem, solution)):
            assert solve(replace(problem, side=problem.side.without(place))).objective == solution.objective
            tried += 1
    assert tried > 5


def test_the_checker_without_side_constraints_says_that_it_does_not_check_them():
    problem = beside(a_problem(FOUR, TWO), apart=(("ash", "elm"),))
    instance = instance_of(problem)
    pairs = json.loads(written(told(instance, instance.candidates.pairs, problem.side)))
    result = json.loads(msgspec.json.encode(result_of(solve(problem))))

    assert "side constraints" in verify(pairs, result)


def test_a_group_of_nobody_asks_for_nothing():
    problem = a_problem([], [])

    assert plan_of(beside(problem, groups=(Group(name="g", members=()),), floors=(Floor(group="g"),))) == {}


def test_side_constraints_go_through_the_commands(tmp_path):
    problem, result = tmp_path / "problem.json", tmp_path / "result.json"
    asked = beside(a_problem(FOUR, TWO), spans=(Span(supervisor="s", mentors=("dove", "wren"), most=3),))
    problem.write_bytes(written(asked))
    (waiting,) = solve(asked).unserved

    def run(*arguments):
        return CliRunner().invoke(app, [str(argument) for argument in arguments]).stdout

    run("solve", problem, "-o", result)
    assert json.loads(result.read_text())["waiting"] == {waiting: "side-constraint"}
    assert run("certify", problem, result).startswith("Proven best.")
    assert "Without side.spans[0] they would meet" in run("why", problem, waiting)


def test_side_constraints_and_standing_hours_are_not_solved_together():
    side = SideConstraints(apart=(("ash", "elm"),))
    members, policy = [a_member(id="ash"), a_member(id="elm")], Policy(standing_hour=True)

    with pytest.raises(InvalidProblem, match="side constraints and standing hours"):
        a_problem(members, [a_mentor()], side=side, policy=policy)
    assert solve_told(ToldProblem(members=(), mentors=(), pairs=(), hours=())).optimal
    with pytest.raises(InvalidProblem, match="side constraints and standing hours"):
        solve_told(
            ToldProblem(members=(ToldMember(id="ash"), ToldMember(id="elm")), mentors=(), pairs=(), hours=(), side=side)
        )


def test_a_session_keeps_side_constraints_as_a_cold_solve_does():
    members = [a_member(id="ash"), a_member(id="elm"), a_member(id="oak", age=30)]
    mentors = [a_mentor(id="wren", capacity=2), a_mentor(id="rook")]
    problem = a_problem(members, mentors, side=SideConstraints(apart=(("ash", "elm"),)))
    session = Session(problem)
    with pytest.raises(InvalidProblem):
        session.apply(WithdrawMember(member="elm"))  # a constraint names them
    assert session.edits == ()
    for edit in (Pin(member="ash", mentor="wren"), Forbid(member="oak", mentor="rook")):
        session.apply(edit)
        assert replace(session.solution(), seconds={}) == replace(solve(session.problem), seconds={})
        assert session.assignment.get("elm") != session.assignment["ash"]
    with pytest.raises(InvalidProblem):
        session.apply(Pin(member="elm", mentor="wren"))
    assert session.undo().growth.served == 0
