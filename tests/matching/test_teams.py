"""Are teams the best there are, proven, and what the problem says they are?"""

from collections import Counter
from dataclasses import fields, replace
from itertools import product
from random import Random

import numpy as np
import pytest

from matching.instance import instance_of
from matching.people import Member, Window
from matching.problem import InvalidProblem
from matching.teams import kernel, relaxation
from matching.teams.market import market_of
from matching.teams.prices import SCALE, Prices, proof
from matching.teams.problem import TeamMember, TeamProblem, in_pairs
from matching.teams.solve import solve_teams
from tests.matching.given import TODAY, a_member, a_mentor, a_random_problem
from tests.matching.reference import failing, fit, rank

RANDOM = range(60)
ALL_WEEK = tuple(Window(day=day, start=0, end=1440) for day in range(7))


def asking(member, wants="team"):
    return TeamMember(**{each.name: getattr(member, each.name) for each in fields(Member)}, wants=wants)


def a_team_problem(members, mentors, navigators, **said):
    asked = tuple(each if isinstance(each, TeamMember) else asking(each) for each in members)
    return TeamProblem(today=TODAY, members=asked, mentors=tuple(mentors), navigators=tuple(navigators), **said)


def a_random_team_problem(seed, **said):
    rng = Random(seed)
    pool = a_random_problem(seed, most_members=5, most_mentors=6)
    open_minded = {"availability": ALL_WEEK, "contact_modes": frozenset({"video", "phone", "text"})}
    helpers = [
        replace(each, **open_minded, capacity=rng.choice([1, 2, 2, 3]), offers=frozenset("abc"))
        for each in sorted(pool.mentors, key=lambda helper: helper.id)
    ]
    cut = rng.randint(1, len(helpers) - 1)
    mentors, navigators = helpers[:cut], helpers[cut:]
    if rng.random() < 0.3:
        mentors[0] = replace(mentors[0], person=navigators[0].person)
    wants = ["team", "team", "team", "mentor", "navigator"]
    return a_team_problem(
        [asking(member, rng.choice(wants)) for member in pool.members],
        mentors,
        navigators,
        barred=pool.barred,
        kept=pool.kept,
        apart=frozenset((a.id, b.id) for a in mentors for b in navigators if rng.random() < 0.25),
        same_language=rng.random() < 0.5,
        seed=str(seed),
        **said,
    )


def teams_of(problem, member):
    """Every team of a member, from the definition: each a tuple of helpers."""
    pairs = in_pairs(problem)
    possible = [
        [helper for helper in roster if not failing(pairs, member, helper)]
        for roster in (problem.mentors, problem.navigators)
    ]
    if member.wants != "team":
        return [(helper,) for helper in possible[member.wants == "navigator"]]
    return [
        (mentor, navigator)
        for mentor, navigator in product(*possible)
        if mentor.person != navigator.person
        and (mentor.id, navigator.id) not in problem.apart
        and (not problem.same_language or set(mentor.languages) & set(navigator.languages))
    ]


def best_by_trying(problem):
    """The best levels over every plan there is, and all plans that reach them."""
    pairs = in_pairs(problem)
    members = sorted(problem.members, key=lambda member: member.id)
    free = {helper.id: max(0, helper.capacity - helper.open) for helper in pairs.mentors}
    found = {}
    for plan in product(*([(), *teams_of(problem, member)] for member in members)):
        load = Counter(helper.id for team in plan for helper in team)
        if any(load[name] > free[name] for name in load):
            continue
        served = [(member, team) for member, team in zip(members, plan, strict=True) if team]
        levels = (
            sum(rank(pairs, member) for member, _ in served),
            sum(fit(pairs, member, helper) for member, team in served for helper in team),
            -sum(8 * (helper.open + k) // helper.capacity for helper in pairs.mentors for k in range(load[helper.id])),
        )
        named = frozenset((member.id, tuple(helper.id for helper in team)) for member, team in served)
        found.setdefault(levels, []).append(named)
    best = max(found)
    return best, found[best]


def named(solution):
    return frozenset(
        (team.member, tuple(each.mentor for each in (team.mentor, team.navigator) if each)) for team in solution.teams
    )


def test_teams_are_best_level_by_level_and_proven_as_trying_all_plans_shows():
    served = by_search = 0
    for seed in RANDOM:
        problem = a_random_team_problem(seed)
        solution = solve_teams(problem)
        best, plans = best_by_trying(problem)

        assert solution.objective.signed() == best
        assert [level.reached for level in solution.levels] == [level.bound for level in solution.levels]
        assert named(solution) in plans
        assert solution.optimal
        assert solution.canonical
        served += len(solution.teams)
        by_search += any(level.by == "search" for level in solution.levels)
    assert served > len(RANDOM)
    assert by_search


def compare_with_trying(seeds):
    for seed in seeds:
        problem = a_random_team_problem(seed)
        assert solve_teams(problem).objective.signed() == best_by_trying(problem)[0]


def test_a_kernel_that_is_too_small_is_caught_by_trying_all_plans(monkeypatch):
    monkeypatch.setattr(kernel, "_near", lambda proven, _target: proven.loss < 0)

    with pytest.raises((AssertionError, RuntimeError)):
        compare_with_trying(RANDOM)


def test_prices_from_a_short_list_of_pairs_prove_as_much(monkeypatch):
    monkeypatch.setattr(relaxation, "ALL_UP_TO_PAIRS", 0)
    monkeypatch.setattr(relaxation, "LISTED", 1)

    compare_with_trying(range(30))


def test_no_prices_prove_less_than_the_best_plan_reaches():
    rng = np.random.default_rng(1)
    said = 0
    for seed in range(60):
        problem = a_random_team_problem(seed)
        market = market_of(problem)
        best, _ = best_by_trying(problem)
        for level in range(3):
            weights = (*rng.integers(0, 2 * SCALE, level).tolist(), SCALE, 0, 0)[:3]
            prices = Prices(weights, rng.integers(0, 9 * SCALE, market.instance.m))
            bound = proof(market, prices, best[:level]).bound
            assert bound >= best[level]
            said += bound < proof(market, replace(prices, v=100 * prices.v), best[:level]).bound
    assert said > 60


def test_the_same_problem_gives_the_same_teams_whatever_the_order_of_people():
    for seed in range(15):
        problem = a_random_team_problem(seed)
        turned = replace(
            problem,
            members=problem.members[::-1],
            mentors=problem.mentors[::-1],
            navigators=problem.navigators[::-1],
        )
        first, second = (replace(solve_teams(each), seconds={}, levels=()) for each in (problem, turned))
        assert first == second


def test_who_wins_between_equals_is_drawn_by_the_seed():
    members = [a_member(id=name) for name in ("ash", "elm", "fir", "oak")]
    problem = a_team_problem(members, [a_mentor(id="wren")], [a_mentor(id="lark")])

    winners = {solve_teams(replace(problem, seed=str(seed))).teams[0].member for seed in range(20)}

    assert len(winners) > 2


def test_a_member_gets_both_or_none():
    ash, elm = a_member(id="ash", urgency="urgent"), asking(a_member(id="elm"), "mentor")
    mentor = a_mentor(id="wren")
    navigator = a_mentor(id="lark")

    both = solve_teams(a_team_problem([ash, elm], [mentor], [navigator]))
    none = solve_teams(a_team_problem([ash, elm], [mentor], []))

    assert named(both) == {("ash", ("wren", "lark"))}
    assert named(none) == {("elm", ("wren",))}
    assert none.waiting["ash"].reason == "no-feasible-navigator"
    assert both.waiting["elm"].reason == "places-short"


@pytest.mark.parametrize(
    ("navigator", "said"),
    [
        ({"person": "person of wren"}, {}),
        ({"languages": ("pt",)}, {}),
        ({}, {"apart": frozenset({("wren", "lark")})}),
    ],
)
def test_those_who_cannot_work_together_are_no_team(navigator, said):
    problem = a_team_problem([a_member()], [a_mentor(id="wren")], [a_mentor(id="lark", **navigator)], **said)

    refused = solve_teams(problem)
    alone = solve_teams(replace(problem, members=(asking(a_member(), "navigator"),)))

    assert refused.teams == ()
    assert refused.waiting["ash"].reason == "no-feasible-team"
    assert named(alone) == {("ash", ("lark",))}


def test_helpers_without_a_common_language_work_together_where_the_policy_lets_them():
    navigator = a_mentor(id="lark", languages=("pt",))
    problem = a_team_problem([a_member()], [a_mentor(id="wren")], [navigator], same_language=False)

    assert named(solve_teams(problem)) == {("ash", ("wren", "lark"))}


def test_whoever_waits_is_told_the_fewest_rules_that_stand_in_the_way():
    navigators = [a_mentor(id="lark", languages=("fi",)), a_mentor(id="dove", languages=("fi",), offers=frozenset("x"))]
    waiting = solve_teams(a_team_problem([a_member()], [a_mentor(id="wren")], navigators)).waiting["ash"]

    assert waiting.reason == "no-feasible-navigator"
    assert waiting.nearest == {("language",): 1}


def test_each_half_of_a_team_says_all_that_speaks_for_it():
    problem = a_team_problem([a_member()], [a_mentor(id="wren")], [a_mentor(id="lark", capacity=3, open=1)])

    team = solve_teams(problem).teams[0]

    assert team.fit == team.mentor.fit + team.navigator.fit
    assert team.navigator.explanation.covered_needs == ("housing",)
    assert (team.navigator.explanation.place, team.navigator.explanation.capacity) == (2, 3)


def test_without_effort_or_time_the_bound_still_holds_and_the_gap_is_told():
    unproven = 0
    for seed in range(40):
        problem = a_random_team_problem(seed)
        best, _ = best_by_trying(problem)
        for stopped in (solve_teams(problem, effort=0), solve_teams(problem, onward=lambda *_: False)):
            reached = stopped.levels[0]
            assert reached.reached <= best[0] <= reached.bound
            unproven += not stopped.optimal
    assert unproven


def test_pairs_alone_of_everybody_are_those_of_the_rules():
    problem = a_random_team_problem(3)

    assert {mentor.id for mentor in in_pairs(problem).mentors} == {
        helper.id for helper in (*problem.mentors, *problem.navigators)
    }
    assert instance_of(in_pairs(problem)).n == len(problem.members)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"navigators": (a_mentor(id="wren"),)}, r"navigators\[0\]\.id: is the id of a mentor too"),
        ({"navigators": (a_mentor(id="lark", capacity=-1),)}, r"navigators\[0\]\.capacity"),
        ({"members": (asking(a_member(), "friend"),)}, r"members\[0\]\.wants: is not one of"),
        ({"members": (asking(a_member(urgency="now")),)}, r"members\[0\]\.urgency"),
    ],
)
def test_a_bad_problem_is_refused_with_the_place(change, complaint):
    problem = a_team_problem([a_member()], [a_mentor(id="wren")], [a_mentor(id="lark")])

    with pytest.raises(InvalidProblem, match=complaint):
        replace(problem, **change)
