from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from matching.instance import instance_of
from matching.problem import Policy
from matching.ranks import turns
from matching.solution import Objective
from matching.solve import solve
from tests.matching import reference
from tests.matching.given import a_member, a_mentor, a_problem, a_random_problem


def pairs_of(solution):
    return [(proposal.member, proposal.mentor) for proposal in solution.proposals]


def test_the_plan_is_as_good_as_the_best_of_all_plans_and_proven():
    served = 0
    for seed in range(200):
        problem = a_random_problem(seed)
        solution = solve(problem)
        assert solution.optimal
        assert solution.objective == reference.best(instance_of(problem))
        served += solution.objective.served
    assert served > 300


def test_everything_told_adds_up_to_the_objective():
    for seed in range(60):
        problem = a_random_problem(seed)
        solution = solve(problem)
        told = [proposal.explanation for proposal in solution.proposals]
        assert solution.objective == Objective(
            order_of_serving=sum(why.rank for why in told),
            served=len(told),
            fit=sum(sum(why.points.values()) + why.keep_bonus for why in told),
            evenness=sum(why.evenness for why in told),
        )
        assert all(proposal.fit == sum(proposal.explanation.points.values()) for proposal in solution.proposals)
        assert all(why.evenness == 8 * (why.place - 1) // why.capacity for why in told)


@pytest.mark.parametrize("seed", range(25))
def test_the_order_in_which_people_are_listed_changes_nothing(seed):
    problem, rng = a_random_problem(seed, most_members=12), Random(seed)
    shuffled = replace(
        problem,
        members=tuple(rng.sample(problem.members, len(problem.members))),
        mentors=tuple(rng.sample(problem.mentors, len(problem.mentors))),
    )

    assert repr(replace(solve(shuffled), seconds={})) == repr(replace(solve(problem), seconds={}))


def test_waiting_longer_or_more_urgently_never_costs_a_member_their_place():
    raised = 0
    for seed in range(60):
        problem = a_random_problem(seed, most_members=7, most_mentors=3, both_sides=False)
        for member_id, _ in pairs_of(solve(problem)):
            member = next(each for each in problem.members if each.id == member_id)
            for more in (
                replace(member, waiting_since=member.waiting_since - timedelta(days=1)),
                replace(member, waiting_since=member.waiting_since - timedelta(days=400)),
                replace(member, urgency="urgent"),
            ):
                others = (each for each in problem.members if each.id != member_id)
                after = solve(replace(problem, members=(more, *others)))
                assert member_id in {proposal.member for proposal in after.proposals}
                raised += 1
    assert raised > 200


def test_a_topic_that_is_not_matchable_has_no_effect_and_a_matchable_one_has():
    members = [a_member(id=name, lived_experience=frozenset(), matchable=frozenset()) for name in ("ash", "elm")]
    mentor = a_mentor(lived_experience=frozenset({"rare"}), matchable=frozenset({"rare"}))
    silent = replace(members[1], lived_experience=frozenset({"rare"}))
    telling = replace(silent, matchable=frozenset({"rare"}))

    without = solve(a_problem(members, [mentor]))
    kept_back = solve(a_problem([members[0], silent], [mentor]))
    told = solve(a_problem([members[0], telling], [mentor]))

    assert replace(kept_back, seconds={}) == replace(without, seconds={})
    assert (told.proposals[0].member, told.objective.fit) == ("elm", without.objective.fit + 150)


def test_the_urgent_come_first_and_then_those_who_wait_longest():
    long, short = date(2025, 1, 1), date(2026, 2, 1)
    members = [
        a_member(id="routine, long", urgency="routine", waiting_since=long),
        a_member(id="urgent, short", urgency="urgent", waiting_since=short),
        a_member(id="soon, long", urgency="soon", waiting_since=long),
        a_member(id="urgent, long", urgency="urgent", waiting_since=long),
        a_member(id="soon, short", urgency="soon", waiting_since=short),
    ]
    instance = instance_of(a_problem(members, [a_mentor()]))

    in_order = sorted(zip(turns(instance.r), instance.member_ids, strict=True))

    assert [name for _, name in in_order] == [
        "urgent, long",
        "urgent, short",
        "soon, long",
        "soon, short",
        "routine, long",
    ]
    assert sorted(instance.r.tolist()) == [1, 2, 3, 4, 5]


def test_a_pair_kept_from_the_preceding_round_wins_a_tie_but_not_against_a_better_fit():
    members = [a_member(id="ash"), a_member(id="elm")]
    kept = frozenset({("elm", "wren")})
    better = replace(members[0], lived_experience=frozenset("xy"), matchable=frozenset("xy"))
    mentor = a_mentor(lived_experience=frozenset("xy") | {"recovery"}, matchable=frozenset("xy") | {"recovery"})

    tied = solve(a_problem(members, [mentor], kept=kept)).proposals[0]
    outdone = solve(a_problem([better, members[1]], [mentor], kept=kept)).proposals[0]

    assert (tied.member, tied.explanation.keep_bonus) == ("elm", Policy().keep_bonus)
    assert (outdone.member, outdone.explanation.keep_bonus) == ("ash", 0)


def test_load_is_spread_evenly_where_nothing_else_decides():
    members = [a_member(id=f"m{number}") for number in range(4)]
    mentors = [
        a_mentor(id="big", capacity=6),
        a_mentor(id="small", capacity=2),
        a_mentor(id="busy", capacity=6, open=4),
    ]

    solution = solve(a_problem(members, mentors))

    assert sorted(mentor for _, mentor in pairs_of(solution)) == ["big", "big", "big", "small"]


def test_a_proposal_says_all_that_speaks_for_it():
    why = (
        solve(a_problem([a_member()], [a_mentor(languages=("pt", "en"), capacity=4, open=2)])).proposals[0].explanation
    )

    assert why.covered_needs == ("housing",)
    assert why.shared_experience == ("recovery",)
    assert (why.shared_languages, why.first_language_shared) == (("en", "pt"), True)
    assert why.shared_contact_modes == ("video",)
    assert (why.shared_minutes, why.rank) == (120, 1)
    assert (why.place, why.capacity, why.evenness) == (3, 4, 4)


def test_who_comes_first_takes_the_first_place():
    members = [a_member(id="a", urgency="routine"), a_member(id="b", urgency="urgent"), a_member(id="c")]

    proposals = solve(a_problem(members, [a_mentor(capacity=5, open=1)])).proposals

    assert [(proposal.member, proposal.explanation.place) for proposal in proposals] == [("a", 4), ("b", 2), ("c", 3)]


def test_those_who_still_wait_are_told_apart_by_why():
    members = [a_member(id="a", urgency="urgent"), a_member(id="b"), a_member(id="c", languages=("fi",))]

    solution = solve(a_problem(members, [a_mentor()]))

    assert solution.unserved == {"b": "places-short", "c": "no-feasible-mentor"}


def test_the_price_of_a_full_mentor_is_what_one_more_place_would_bring():
    gains = set()
    for seed in range(60):
        problem = a_random_problem(seed, both_sides=False)
        solution = solve(problem)
        for mentor in (each for each in problem.mentors if each.capacity <= each.open):
            others = (each for each in problem.mentors if each.id != mentor.id)
            roomier = replace(mentor, capacity=mentor.open + 1)
            gain = worth(solve(replace(problem, mentors=(roomier, *others)))) - worth(solution)
            cost = 8 * mentor.open // roomier.capacity
            assert gain == max(0, solution.duals.mentors[mentor.id] - cost)
            gains.add(gain)
    assert len(gains) > 5


def worth(solution):
    weights, reached = solution.duals.weights, solution.objective
    return weights.rank * reached.order_of_serving + weights.fit * reached.fit - reached.evenness


@pytest.mark.parametrize(
    ("members", "mentors"),
    [
        ([], []),
        ([a_member()], []),
        ([], [a_mentor()]),
        ([a_member()], [a_mentor(languages=("fi",))]),
        ([a_member()], [a_mentor(capacity=0)]),
        ([a_member()], [a_mentor(capacity=1, open=3)]),
    ],
)
def test_when_nobody_can_be_served_that_is_the_best_and_proven(members, mentors):
    solution = solve(a_problem(members, mentors))

    assert solution.proposals == ()
    assert solution.optimal
    assert solution.objective == Objective(order_of_serving=0, served=0, fit=0, evenness=0)
    assert list(solution.unserved) == [member.id for member in members]


def test_a_place_of_great_capacity_costs_no_more_to_solve():
    solution = solve(a_problem([a_member()], [a_mentor(capacity=1_000_000)]))

    assert solution.optimal
    assert solution.proposals[0].explanation.place == 1
