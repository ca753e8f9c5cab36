from dataclasses import replace

import pytest

from matching.instance import instance_of
from matching.problem import Policy, Window
from matching.solve import solve
from tests.matching import reference
from tests.matching.given import a_member, a_mentor, a_problem, a_random_problem


def points(member=None, mentor=None, **said):
    solution = solve(a_problem([a_member(**(member or {}))], [a_mentor(**(mentor or {}))], **said))
    return solution.proposals[0].explanation.points


def test_terms_are_named_and_add_up_to_the_fit():
    proposal = solve(a_problem([a_member(age=30)], [a_mentor(age=35)])).proposals[0]

    assert proposal.explanation.points == {
        "needs": 200,
        "lived-experience": 150,
        "time": 75,
        "contact-modes": 25,
        "first-language": 50,
        "age": 50,
    }
    assert proposal.fit == 550


def test_a_pair_that_lacks_nothing_has_a_thousand_points():
    said = {"lived_experience": frozenset("xy"), "matchable": frozenset("xy"), "age": 40}
    said["availability"] = (Window(day=5, start=600, end=900),)
    member, mentor = a_member(**said), a_mentor(**said, contact_modes=frozenset({"video", "phone"}))

    solution = solve(a_problem([member], [replace(mentor, offers=frozenset({"housing", "benefits"}))]))

    assert solution.proposals[0].fit == Policy().full_fit == 1000


def test_each_term_is_rounded_down():
    thirds = points({"needs": ("housing", "b", "c"), "contact_modes": frozenset({"video", "phone", "text"})})
    quarters = points({"availability": (Window(day=1, start=18 * 60, end=19 * 60 + 15),)})

    assert (thirds["needs"], thirds["contact-modes"], quarters["time"]) == (133, 16, 46)


@pytest.mark.parametrize(
    ("ages", "expected"),
    [((30, 40), 50), ((40, 30), 50), ((30, 41), 25), ((30, 50), 25), ((30, 51), 0), ((None, 30), 0), ((1, None), 0)],
)
def test_ages_count_when_both_are_known(ages, expected):
    assert points({"age": ages[0]}, {"age": ages[1]})["age"] == expected


def test_only_the_language_that_the_member_puts_first_brings_points():
    assert points({"languages": ("pt", "en")})["first-language"] == 0


@pytest.mark.parametrize(("matchable", "expected"), [((), 0), (("x",), 150), (("x", "y"), 300), (("x", "y", "z"), 300)])
@pytest.mark.parametrize("side", ["member", "mentor"])
def test_lived_experience_counts_only_where_both_marked_it_as_matchable(side, matchable, expected):
    lived = {"lived_experience": frozenset("xyz"), "matchable": frozenset("xyz")}
    marked = {**lived, "matchable": frozenset(matchable)}

    found = points(marked, lived) if side == "member" else points(lived, marked)

    assert found["lived-experience"] == expected


def test_an_experience_that_is_not_matchable_stands_in_no_reason():
    member = a_member(lived_experience=frozenset("xy"), matchable=frozenset("x"))
    mentor = a_mentor(lived_experience=frozenset("xy"), matchable=frozenset("xy"))

    assert solve(a_problem([member], [mentor])).proposals[0].explanation.shared_experience == ("x",)


def test_a_programme_can_choose_the_points():
    policy = Policy(needs_points=100, first_language_points=7, time_points=0)
    chosen = points(policy=policy)

    assert (chosen["needs"], chosen["first-language"], chosen["time"]) == (50, 7, 0)


def test_the_fit_of_every_feasible_pair_is_what_the_definition_says():
    seen = set()
    for seed in range(150):
        problem = a_random_problem(seed)
        members, mentors = ({each.id: each for each in side} for side in (problem.members, problem.mentors))
        instance = instance_of(problem)
        assert instance.r.tolist() == [reference.rank(problem, members[member]) for member in instance.member_ids]
        for i, j, f in zip(*(column.tolist() for column in instance.candidates.pairs.columns), strict=True):
            assert f == reference.fit(problem, members[instance.member_ids[i]], mentors[instance.mentor_ids[j]])
            seen.add(f)
    assert len(seen) > 50
