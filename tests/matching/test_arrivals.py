import json
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import msgspec
import numpy as np
import pytest
from typer.testing import CliRunner

from api.cli import app
from matching.arrivals.margins import margins
from matching.arrivals.outlook import Past, outlook_of
from matching.arrivals.placing import PLACE_HELD_BACK, placed
from matching.arrivals.reserving import Reserving
from matching.arrivals.steering import steered
from matching.arrivals.stream import Round, Stream, first_come, hindsight, played, reserving_places
from matching.files import read_past, written
from matching.pairs import Pairs
from matching.policy import Policy
from matching.problem import InvalidProblem
from matching.solve import solve
from tests.matching import reference
from tests.matching.given import TODAY, a_member, a_mentor, a_problem, a_random_problem

YEAR = timedelta(days=365)
MONTH_AHEAD = Reserving(horizon_days=30, futures=3)
EVERYBODY_MAY_WAIT = replace(MONTH_AHEAD, may_wait=frozenset({"urgent", "soon", "routine"}))


def a_past(members, first=TODAY - YEAR, last=TODAY - timedelta(days=1)):
    return Past(members=tuple(members), first=first, last=last)


def the_past_of(problem):
    """As if the members of another problem had come a year ago, one a day, and nobody before or after."""
    members = [
        replace(member, waiting_since=TODAY - YEAR + timedelta(days=number))
        for number, member in enumerate(problem.members)
    ]
    return a_past(members, first=members[0].waiting_since, last=members[-1].waiting_since)


def an_outlook(problem, past):
    return outlook_of(past, problem.mentors, problem.policy, problem.today)


def problems_with_a_past(count):
    for seed in range(count):
        problem = replace(a_random_problem(seed, both_sides=False), seed="any")
        yield problem, an_outlook(problem, the_past_of(a_random_problem(1000 + seed, most_members=9)))


SPANISH_SPEAKERS_EACH_DAY = a_past(
    a_member(id=f"past {day}", languages=("es",), waiting_since=TODAY - timedelta(days=day)) for day in range(1, 366)
)
BOTH_LANGUAGES = a_mentor(id="wren", languages=("en", "es"), offers=frozenset({"housing", "benefits"}))
ENGLISH = a_mentor(id="lark", languages=("en",))


def given_who_comes(*members, mentors=(BOTH_LANGUAGES, ENGLISH), reserving=MONTH_AHEAD):
    problem = a_problem(members, mentors)
    return placed(problem, an_outlook(problem, SPANISH_SPEAKERS_EACH_DAY), reserving)


def test_whoever_can_be_helped_by_others_leaves_a_scarce_place_to_those_who_cannot():
    problem = a_problem([a_member(id="ash")], [BOTH_LANGUAGES, ENGLISH])

    placement = given_who_comes(a_member(id="ash"))

    assert solve(problem).answer.assignment == (("ash", "wren"),)
    assert placement.assignment == (("ash", "lark"),)
    assert placement.charges["wren"] > 1000
    assert placement.charges["lark"] == 0
    assert placement.optimal


def test_nobody_who_is_here_waits_for_somebody_who_may_come():
    placement = given_who_comes(a_member(id="ash", urgency="routine"), mentors=[BOTH_LANGUAGES])
    assert placement.assignment == (("ash", "wren"),)


def test_those_whom_the_programme_lets_wait_do_so_and_are_told():
    may_wait = replace(MONTH_AHEAD, may_wait=frozenset({"routine"}))
    routine, urgent = (
        a_member(id="ash", urgency="routine", needs=("housing", "x")),
        a_member(id="elm", urgency="urgent"),
    )
    generous = replace(BOTH_LANGUAGES, capacity=2)

    placement = given_who_comes(routine, urgent, mentors=[generous], reserving=may_wait)
    without_room = given_who_comes(routine, urgent, mentors=[BOTH_LANGUAGES], reserving=may_wait)

    assert placement.assignment == without_room.assignment == (("elm", "wren"),)
    assert placement.unserved == {"ash": PLACE_HELD_BACK}
    assert without_room.unserved == {"ash": "places-short"}


def test_with_nobody_to_come_the_plan_is_that_of_every_day():
    compared = 0
    for problem, outlook in problems_with_a_past(40):
        for nothing in (Reserving(), replace(MONTH_AHEAD, may_wait=frozenset({"urgent"}))):
            placement = placed(problem, outlook, nothing, ahead=())
            solution = solve(problem)
            assert placement.assignment == solution.answer.assignment
            assert (placement.objective, placement.unserved) == (solution.objective, solution.unserved)
            compared += len(placement.assignment)
    assert compared > 50


def test_the_order_of_serving_today_comes_before_everybody_who_may_come():
    steered, left_waiting = 0, 0
    for problem, outlook in problems_with_a_past(40):
        usual = solve(problem)
        placement = placed(problem, outlook, MONTH_AHEAD)
        waited_for = placed(problem, outlook, EVERYBODY_MAY_WAIT)
        assert placement.objective.order_of_serving == usual.objective.order_of_serving
        assert placement.objective.served == usual.objective.served
        assert placement.optimal
        assert PLACE_HELD_BACK not in placement.unserved.values()
        steered += placement.assignment != usual.answer.assignment
        left_waiting += waited_for.objective.served < usual.objective.served
    assert steered > 5
    assert left_waiting > 5


def test_whoever_is_steered_is_named_with_what_it_costs_them():
    named = 0
    for problem, outlook in problems_with_a_past(15):
        members, mentors = ({each.id: each for each in people} for people in (problem.members, problem.mentors))
        for reserving in (MONTH_AHEAD, EVERYBODY_MAY_WAIT):
            placement = placed(problem, outlook, reserving)
            plan = dict(placement.assignment)
            for each in steered(problem, placement):
                assert plan.pop(each.member, None) == each.meets
                plan |= {each.member: each.usual} if each.usual else {}
                for mentor, fit in ((each.meets, each.fit), (each.usual, each.usual_fit)):
                    assert fit == (reference.fit(problem, members[each.member], mentors[mentor]) if mentor else 0)
                named += 1
            assert plan == dict(solve(problem).answer.assignment)
    assert named > 10


def test_pinned_pairs_stay_whatever_their_places_are_charged():
    problem = a_problem([a_member(id="ash", urgency="routine")], [BOTH_LANGUAGES, ENGLISH], pins=(("ash", "wren"),))
    outlook = an_outlook(problem, SPANISH_SPEAKERS_EACH_DAY)
    assert placed(problem, outlook, EVERYBODY_MAY_WAIT).assignment == (("ash", "wren"),)
    unlike = replace(problem, pins=(("ash", "lark"),), mentors=(BOTH_LANGUAGES, replace(ENGLISH, languages=("fi",))))
    with pytest.raises(InvalidProblem, match="not feasible"):
        placed(unlike, outlook, MONTH_AHEAD)


def test_charges_depend_on_the_seed_and_not_on_the_order_of_the_lists():
    problem, past = a_random_problem(3), the_past_of(a_random_problem(7, most_members=9))
    outlook = an_outlook(problem, past)
    turned = replace(problem, mentors=problem.mentors[::-1], members=problem.members[::-1])
    past_turned = replace(past, members=past.members[::-1])

    charges = placed(problem, outlook, MONTH_AHEAD).charges

    assert charges == placed(turned, an_outlook(turned, past_turned), MONTH_AHEAD).charges
    assert any(placed(replace(problem, seed=seed), outlook, MONTH_AHEAD).charges != charges for seed in "abc")


def test_a_future_has_who_came_at_that_time_of_the_year():
    by_month = a_past(
        a_member(
            id=f"past {ago}",
            waiting_since=TODAY - timedelta(days=ago),
            needs=(str((TODAY - timedelta(days=ago)).month),),
        )
        for ago in range(1, 366)
    )
    offered = frozenset(str(month) for month in range(1, 13))
    problem = a_problem([], [a_mentor(offers=offered)])
    outlook = an_outlook(problem, by_month)
    order = sorted(by_month.members, key=lambda member: member.waiting_since)

    came = outlook.future([date(2027, 7, day) for day in range(10, 25)], 0, "any")

    months = {order[i].waiting_since.month for i in came.tolist()}
    assert months <= {6, 7, 8}
    assert len(set(came.tolist())) > 5


def best_value(i, j, worth, n, free):
    """The greatest sum of worth, by trying everything."""
    if n == 0:
        return 0
    best = best_value(i, j, worth, n - 1, free)
    for mentor, value in zip(j[i == n - 1], worth[i == n - 1], strict=True):
        if free[mentor] > 0:
            fewer = free - (np.arange(len(free)) == mentor)
            best = max(best, value + best_value(i, j, worth, n - 1, fewer))
    return best


def test_margins_are_what_one_place_more_brings_and_one_fewer_costs():
    apart = 0
    for seed in range(150):
        rng = Random(seed)
        n, m = rng.randint(1, 5), rng.randint(1, 4)
        pairs = [(i, j, rng.choice([1, 2, 5, 9])) for i in range(n) for j in range(m) if rng.random() < 0.6]
        i, j, worth = np.array(pairs, dtype=np.int64).reshape(-1, 3).T
        free = np.array([rng.randint(0, 3) for _ in range(m)], dtype=np.int64)
        there = free[j] > 0
        listed = Pairs(i[there].astype(np.int32), j[there].astype(np.int32), worth[there].astype(np.int32))
        gain, loss = margins(listed, worth[there], n, free)
        value = best_value(i, j, worth, n, free)
        for mentor in np.flatnonzero(free):
            one = np.arange(m) == mentor
            assert gain[mentor] == best_value(i, j, worth, n, free + one) - value
            assert loss[mentor] == value - best_value(i, j, worth, n, free - one)
            apart += gain[mentor] < loss[mentor]
    assert apart > 50


def a_random_stream(seed):
    rng, problem = Random(seed), a_random_problem(seed, most_members=7, most_mentors=4, both_sides=False)
    cut = rng.randint(1, len(problem.members) - 1)
    first, *others = problem.mentors
    freed = {first.id: first.open} if rng.random() < 0.5 else {}
    leaving = frozenset({others[0].id}) if rng.random() < 0.5 else frozenset()
    rounds = (
        Round(today=TODAY, members=problem.members[:cut], joining=(first, *others[:1])),
        Round(
            today=TODAY + timedelta(days=1),
            members=problem.members[cut:],
            joining=tuple(others[1:]),
            leaving=leaving,
            freed=freed,
        ),
    )
    return Stream(rounds=rounds, last=TODAY + timedelta(days=9), seed=str(seed)), problem, leaving, freed


def test_no_practice_betters_hindsight_and_all_keep_to_places_and_to_who_is_there():
    behind = 0
    for seed in range(30):
        stream, problem, leaving, freed = a_random_stream(seed)
        past = the_past_of(a_random_problem(500 + seed, most_members=9))
        best = hindsight(stream, 1000)
        for practice in (first_come, reserving_places(stream, past, MONTH_AHEAD)):
            outcome = played(stream, practice)
            met = dict(outcome.assignment)
            assert outcome.value(1000) <= best.value(1000)
            assert len(met) == outcome.served
            for mentor in problem.mentors:
                taken = sum(each == mentor.id for each in met.values())
                assert taken <= max(0, mentor.capacity - mentor.open + freed.get(mentor.id, 0))
            late = {member.id for member in stream.rounds[1].members}
            assert not any(met.get(member) in leaving for member in late)
            behind += outcome.value(1000) < best.value(1000)
    assert behind > 10


def test_the_fit_of_an_outcome_is_that_of_its_pairs():
    stream, problem, _, _ = a_random_stream(11)
    outcome = played(stream, first_come)
    members, mentors = ({each.id: each for each in people} for people in (problem.members, problem.mentors))
    fits = [reference.fit(a_problem([], []), members[member], mentors[mentor]) for member, mentor in outcome.assignment]
    assert fits
    assert outcome.fit == sum(fits)


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: Reserving(horizon_days=-1), "reserving.horizon_days: is not from 0 to"),
        (lambda: Reserving(futures=0), "reserving.futures: is not from 1 to"),
        (lambda: Reserving(served_points=-1), "reserving.served_points: is not from 0 to"),
        (lambda: Reserving(may_wait=frozenset({"later"})), "reserving.may_wait: is not made of urgent, soon, routine"),
        (lambda: a_past([], first=TODAY, last=TODAY - YEAR), "past.last: is before the first day"),
        (
            lambda: a_past([a_member(waiting_since=TODAY)]),
            r"past.members\[0\].waiting_since: is not from the first day",
        ),
        (
            lambda: placed(a_problem([], []), outlook_of(a_past([]), [a_mentor()], Policy(), TODAY), MONTH_AHEAD),
            "mentors: are not those of the outlook",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(make, complaint):
    with pytest.raises(InvalidProblem, match=complaint):
        make()


def a_file_of_the_past(past):
    told = {"first": past.first, "last": past.last, "members": past.members}
    return msgspec.json.encode(told, order="sorted")


def test_the_command_keeps_places_for_those_who_came_in_the_past(tmp_path):
    problem, past = tmp_path / "problem.json", tmp_path / "past.json"
    problem.write_bytes(written(a_problem([a_member(id="ash", urgency="routine")], [BOTH_LANGUAGES, ENGLISH])))
    past.write_bytes(a_file_of_the_past(SPANISH_SPEAKERS_EACH_DAY))

    def ahead(*options):
        return CliRunner().invoke(app, ["ahead", str(problem), str(past), *options])

    assert ahead("--days", "30").stdout.splitlines()[:2] == [
        "ash meets lark, whose place is charged 0 points.",
        "Without those to come, ash would meet wren, with a fit of 700 instead of 500.",
    ]
    told = json.loads(ahead("--days", "0", "--json").stdout)
    assert (told["placement"]["assignment"], told["steered"]) == ([["ash", "wren"]], [])
    problem.write_bytes(written(a_problem([a_member(id="ash", urgency="routine")], [BOTH_LANGUAGES])))
    assert ahead("--days", "30").stdout.startswith("ash meets wren, whose place is charged")
    assert isinstance(ahead("--days", "5000").exception, InvalidProblem)


def test_a_past_in_a_file_is_refused_with_the_place_and_without_what_stands_there():
    past = json.loads(a_file_of_the_past(SPANISH_SPEAKERS_EACH_DAY))
    past["members"][4]["urgency"] = 7
    with pytest.raises(InvalidProblem, match=r"members\[4\].urgency: Expected"):
        read_past(json.dumps(past).encode())
