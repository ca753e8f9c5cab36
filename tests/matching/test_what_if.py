from dataclasses import replace
from itertools import product

import pytest

from matching.backups import backups
from matching.certificate import worth
from matching.instance import instance_of
from matching.solve import solve
from matching.what_if import alternatives, effect, one_more_mentor, one_more_place, why_not
from tests.matching import reference
from tests.matching.given import a_member, a_mentor, a_problem, a_random_problem

PROBLEMS = [replace(a_random_problem(seed, most_members=5, most_mentors=4), seed="any") for seed in range(25)]


def best_with(problem, member, mentor):
    """The worth of the best of all plans that hold this pair."""
    instance = instance_of(problem)
    pairs, weights = instance.candidates.pairs, solve(problem).duals.weights
    wanted = (instance.member_ids.index(member), instance.mentor_ids.index(mentor))
    return max(
        worth(reached, weights)
        for plan, reached in reference.plans(instance)
        if wanted in {(pairs.i[p], pairs.j[p]) for p in plan}
    )


def test_a_pair_is_refused_by_its_rules_or_by_places_or_has_its_exact_price():
    kinds = {"rule": 0, "places": 0, "free": 0, "dear": 0}
    for problem in PROBLEMS:
        solution = solve(problem)
        free = {mentor.id for mentor in problem.mentors if mentor.capacity > mentor.open}
        for member, mentor in product(problem.members, problem.mentors):
            told = why_not(problem, solution, member.id, mentor.id)
            failing = reference.failing(problem, member, mentor)
            if failing:
                assert (list(told.failing), told.forcing) == (failing, None)
                kinds["rule"] += 1
            elif mentor.id not in free:
                assert (told.failing, told.forcing) == (("places",), None)
                kinds["places"] += 1
            else:
                best = worth(solution.objective, solution.duals.weights)
                assert told.forcing.gain == best_with(problem, member.id, mentor.id) - best
                kinds["dear" if told.forcing.gain < 0 else "free"] += 1
    assert min(kinds.values()) > 10


def test_the_moves_lead_from_one_plan_to_the_other():
    moved = 0
    for problem in PROBLEMS:
        solution = solve(problem)
        for proposal in solution.proposals[:2]:
            without = effect(solution, replace(problem, barred=problem.barred | {(proposal.member, proposal.mentor)}))
            plan = dict(solution.answer.assignment)
            for move in without.moves:
                assert plan.pop(move.member, None) == move.before
                plan |= {move.member: move.after} if move.after else {}
            assert plan == dict(without.solution.answer.assignment)
            assert without.gain <= 0
            moved += len(without.moves)
    assert moved > 20


@pytest.mark.parametrize("most", [1, 2, 9])
def test_alternatives_are_the_cheapest_of_all_that_could_be_forced(most):
    compared = 0
    for problem in PROBLEMS[:12]:
        solution = solve(problem)
        for member in problem.members[:2]:
            prices = []
            for mentor in problem.mentors:
                forcing = why_not(problem, solution, member.id, mentor.id).forcing
                if forcing:
                    prices.append((-forcing.gain, mentor.id))
            found = alternatives(problem, solution, member.id, most)
            assert [each.regret for each in found] == [regret for regret, _ in sorted(prices)[:most]]
            compared += len(found)
    assert compared > 10


def test_one_more_place_and_one_more_mentor_bring_what_solving_anew_brings():
    member, mentor = a_member(id="ash"), a_mentor(id="wren")
    problem = a_problem([member, a_member(id="elm", age=30)], [mentor])
    solution = solve(problem)

    place = one_more_place(problem, solution, "wren")
    newcomer = one_more_mentor(problem, solution, a_mentor(id="lark"))
    useless = one_more_mentor(problem, solution, a_mentor(id="lark", languages=("fi",)))

    assert (place.growth.served, newcomer.growth.served, useless.growth.served) == (1, 1, 0)
    assert [move.after for move in place.moves] == ["wren"]
    assert useless.moves == ()


def stranded_at_least(problem, solution, mentor):
    """How many of a mentor's members nobody else can take, by trying all ways."""
    assignment = solution.answer.assignment
    left = {each.id: each.capacity - each.open for each in problem.mentors}
    for _, taken in assignment:
        left[taken] -= 1
    members = {each.id: each for each in problem.members}
    theirs = [members[member] for member, of in assignment if of == mentor]
    options = [
        [None]
        + [
            each.id
            for each in problem.mentors
            if each.id != mentor and left[each.id] > 0 and not reference.failing(problem, member, each)
        ]
        for member in theirs
    ]
    ways = (way for way in product(*options) if all(way.count(each) <= left[each] for each in set(way) - {None}))
    return min(way.count(None) for way in ways)


def test_backups_strand_as_few_as_can_be_whoever_leaves():
    stranded = covered = 0
    for seed in range(40):
        problem = a_random_problem(seed, most_members=6, most_mentors=4)
        roomier = tuple(replace(mentor, capacity=mentor.capacity + 1) for mentor in problem.mentors)
        problem = replace(problem, mentors=roomier)
        solution = solve(problem)
        found = backups(problem, solution)
        for mentor, number in found.stranded.items():
            assert number == stranded_at_least(problem, solution, mentor)
        served = dict(solution.answer.assignment)
        assert all(served[member] != mentor for member, mentor in found.mentors.items())
        assert found.most_stranded == max(found.stranded.values(), default=0)
        stranded += sum(found.stranded.values())
        covered += len(found.mentors)
    assert stranded > 10
    assert covered > 10
