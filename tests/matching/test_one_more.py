from dataclasses import replace
from itertools import islice

import pytest

from matching import one_more, recruiting
from matching.one_more import next_places
from matching.problem import Policy
from matching.recruiting import recruits
from matching.solve import solve
from matching.what_if import one_more_mentor, one_more_place
from tests.matching.given import a_member, a_mentor, a_problem, a_random_problem


def newcomer(problem, profile, places):
    return recruiting._mentors(problem, [profile], places, "somebody")[0]


def crowded(seed):
    return a_random_problem(seed, most_members=9, most_mentors=4)


def test_the_price_of_every_mentor_tells_what_one_more_place_would_bring():
    told = helped = costly = 0
    for seed in range(60):
        problem = crowded(seed)
        solution = solve(problem)
        for each in next_places(problem, solution):
            growth = one_more_place(problem, solution, each.mentor).growth
            assert (each.served, each.order_of_serving, each.fit) == (
                growth.served,
                growth.order_of_serving,
                growth.fit,
            )
            told += 1
            helped += each.served
            costly += each.order_of_serving > 0 > each.fit
    assert told > 100
    assert helped > 30


def test_where_a_price_could_be_read_in_two_ways_the_problem_is_solved_anew(monkeypatch):
    monkeypatch.setattr(one_more, "CLEAR_PART", 10**6)
    problem = crowded(3)
    solution = solve(problem)
    exact = [one_more_place(problem, solution, each.mentor).growth.fit for each in next_places(problem, solution)]

    assert [each.fit for each in next_places(problem, solution)] == exact


def test_places_that_bring_most_come_first():
    problem = crowded(7)
    brought = [(each.order_of_serving, each.fit) for each in next_places(problem, solve(problem))]

    assert brought == sorted(brought, reverse=True)


@pytest.mark.parametrize("places", [1, 2])
@pytest.mark.parametrize("seed", range(8))
def test_the_profile_to_recruit_is_the_best_of_the_whole_catalogue(seed, places):
    problem = crowded(seed)
    solution = solve(problem)
    catalogue = list(recruiting._catalogue(problem))
    gains = {}
    for profile in islice(catalogue, seed, None, max(1, len(catalogue) // 60)):
        gains[profile] = one_more_mentor(problem, solution, newcomer(problem, profile, places)).gain
    found = recruits(problem, solution, places=places, most=1)
    best = max(gains.values())
    if not found:
        assert best == 0
    else:
        effect = one_more_mentor(problem, solution, newcomer(problem, found[0].profile, places))
        assert effect.growth == found[0].growth
        assert effect.gain >= best


@pytest.mark.parametrize("places", [1, 2])
def test_no_profile_brings_more_than_its_bound(places):
    bound_met = 0
    for seed in range(12):
        problem = crowded(seed)
        solution = solve(problem)
        mentors = [
            newcomer(problem, profile, places) for profile in islice(recruiting._catalogue(problem), 0, None, 97)
        ]
        bounds = recruiting._bounds(problem, solution, mentors, places).tolist()
        for mentor, bound in zip(mentors, bounds, strict=True):
            gain = one_more_mentor(problem, solution, mentor).gain
            assert gain <= bound
            bound_met += gain == bound > 0
    assert bound_met > 10


def test_several_recruits_are_found_one_after_the_other_until_nobody_is_left_to_help():
    members = [a_member(id="ash"), a_member(id="elm", languages=("fi",)), a_member(id="oak", needs=("debt",))]
    problem = a_problem(members, [a_mentor(id="wren", languages=("de",))])

    found = recruits(problem, solve(problem), places=1, most=9)

    assert [each.growth.served for each in found] == [1, 1, 1]
    assert {each.profile.language for each in found} == {"en", "fi", "pt"} & {each.profile.language for each in found}
    assert any(each.profile.language == "fi" for each in found)
    assert any(each.profile.offer == "debt" for each in found)


def test_where_nobody_waits_and_all_fit_nobody_needs_to_be_recruited():
    policy = Policy(time_points=0, near_age_points=0, far_age_points=0)
    mentor = a_mentor(
        languages=("en", "pt"), contact_modes=frozenset({"video", "phone"}), offers=frozenset({"housing", "benefits"})
    )
    problem = replace(a_problem([a_member()], [mentor]), policy=policy)

    assert recruits(problem, solve(problem), places=2, most=3) == ()


def test_without_members_there_is_nobody_to_look_for():
    problem = a_problem([], [a_mentor()])

    assert recruits(problem, solve(problem), places=1, most=3) == ()
    assert [(each.mentor, each.served, each.fit) for each in next_places(problem, solve(problem))] == [("wren", 0, 0)]
