from dataclasses import replace

import pytest

from matching.solve import solve
from matching.waiting import why_waiting
from tests.matching import reference
from tests.matching.given import a_member, a_mentor, a_problem, a_random_problem


def test_where_no_mentor_is_feasible_the_fewest_rules_that_stand_between_are_told():
    told = 0
    for seed in range(120):
        problem = a_random_problem(seed, most_members=5, most_mentors=4)
        solution = solve(problem)
        members = {member.id: member for member in problem.members}
        for name in [name for name, why in solution.unserved.items() if why == "no-feasible-mentor"]:
            failing = [tuple(reference.failing(problem, members[name], mentor)) for mentor in problem.mentors]
            fewest = [rules for rules in failing if len(rules) == min(map(len, failing))]
            why = why_waiting(problem, solution, name)
            assert why.nearest == {rules: fewest.count(rules) for rules in fewest}
            assert why.mentors == why.ahead == ()
            told += 1
    assert told > 15


def test_where_places_are_short_it_is_told_whose_and_who_has_them():
    members = [a_member(id="ash", urgency="urgent"), a_member(id="elm"), a_member(id="oak", urgency="routine")]
    strangers = a_mentor(id="lark", languages=("fi",))
    problem = a_problem(members, [a_mentor(capacity=2), strangers])

    why = why_waiting(problem, solve(problem), "oak")

    assert (why.mentors, why.ahead, why.nearest) == (("wren",), ("ash", "elm"), {})


def test_two_people_who_would_support_each_other_are_told_apart_from_no_rule_at_all():
    a, b = a_member(id="a", person="A", urgency="urgent"), a_member(id="b", person="B")
    problem = a_problem([a, b], [a_mentor(id="mentor A", person="A"), a_mentor(id="mentor B", person="B")])

    assert why_waiting(problem, solve(problem), "b").nearest == {("relation",): 2}


def test_whoever_is_served_or_unknown_does_not_wait():
    problem = a_problem([a_member()], [a_mentor()])

    for name in ("ash", "nobody"):
        with pytest.raises(KeyError):
            why_waiting(problem, solve(problem), name)


def test_without_any_mentor_there_is_nothing_near():
    problem = a_problem([a_member()], [])

    assert why_waiting(problem, solve(replace(problem)), "ash").nearest == {}
