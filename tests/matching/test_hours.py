"""Where each pair needs an hour of its own: is the plan the best of all, the announced one, and proven?"""

from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import replace
from itertools import product
from random import Random

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace as replace_told

import matching.hours.canonical
from matching.backups import backups
from matching.certificate import refusals
from matching.files import read_answer, read_problem, result_of, written
from matching.hours.free import unpacked_hours
from matching.instance import instance_of
from matching.one_more import next_places
from matching.problem import InvalidProblem, Policy, Window
from matching.ranks import turns
from matching.session import ChangePolicy, Session
from matching.solve import solve, solve_told
from matching.told import ToldMember, ToldMentor, ToldProblem, instance_told, told
from matching.verify import fault_of_plan, read, verify
from matching.weights import weights_for
from matching.what_if import alternatives, one_more_place, why_not
from matching.why_not import failing_rules
from tests.matching import reference
from tests.matching.given import a_member, a_mentor, a_problem, a_random_problem
from tests.matching.session.random_edits import an_edit
from tests.matching.test_canonical import lot, with_twins
from tests.matching.test_files import as_document

HOUR_POLICY = Policy(standing_hour=True)


def a_told_problem(seed, *, most_members=5, most_mentors=3, most_hours=3):
    """Few hours and many places, so that hours are what is short; fits at their extremes and ties in plenty."""
    rng = Random(seed)
    members = [f"m{k}" for k in range(rng.randint(1, most_members))]
    mentors = [f"t{k}" for k in range(rng.randint(1, most_mentors))]
    ranks = rng.choice([1, 3])
    fits = rng.choice([(0, 1, 2, 3), (0, 1000), (5,), (0, 500, 999, 1000)])
    hours = range(rng.choice([1, 2, 2, most_hours]))
    pairs = [(i, j) for i in members for j in mentors if rng.random() < 0.75]
    free = [(i, j, tuple(h for h in hours if rng.random() < 0.6)) for i, j in pairs]
    places = [(c := rng.choice([0, 1, 3, 4, 4]), rng.choice([0, 0, c // 2])) for _ in mentors]
    return ToldProblem(
        members=tuple(ToldMember(id=i, rank=rng.randint(1, ranks)) for i in members),
        mentors=tuple(ToldMentor(id=j, capacity=c, open=o) for j, (c, o) in zip(mentors, places, strict=True)),
        pairs=tuple((i, j, rng.choice(fits)) for i, j in pairs),
        kept=tuple(pair for pair in pairs if rng.random() < 0.2),
        hours=tuple(free),
        seed=str(seed),
    )


def named(instance, plan):
    pairs = instance.candidates.pairs
    return {(instance.member_ids[pairs.i[p]], instance.mentor_ids[pairs.j[p]]) for p in plan}


def hours_of(instance, plan):
    """All ways to give each pair of a plan an hour of its own, by mentor, members in the order of serving."""
    pairs, turn = instance.candidates.pairs, turns(instance.r)
    by_mentor = defaultdict(list)
    for p in sorted(plan, key=lambda p: turn[pairs.i[p]]):
        by_mentor[int(pairs.j[p])].append(p)
    ways = []
    for theirs in by_mentor.values():
        shared = unpacked_hours(instance.hourly.hours(pairs.i[theirs], pairs.j[theirs]))
        choices = [np.flatnonzero(row).tolist() for row in shared]
        distinct = [way for way in product(*choices) if len(set(way)) == len(way)]
        members = [instance.member_ids[pairs.i[p]] for p in theirs]
        ways.append([dict(zip(members, way, strict=True)) for way in distinct])
    return ways


def best_plans(instance, pins=frozenset()):
    """Every best plan in which each pair can have an hour, with what it reaches."""
    possible = [
        (plan, reached)
        for plan, reached in reference.plans(instance)
        if all(hours_of(instance, plan)) and pins <= named(instance, plan)
    ]
    if not possible:
        return []
    most = max(reference.level_by_level(reached) for _, reached in possible)
    return [each for each in possible if reference.level_by_level(each[1]) == most]


def announced(instance, plans):
    """The plan that is kept most, and then draws most lots; and the earliest hours, in the order of serving."""
    kept = {(instance.member_ids[key // instance.m], instance.mentor_ids[key % instance.m]) for key in instance.kept}
    spare = (min(instance.n, int(instance.free_places().sum())) + 2).bit_length()

    def draw(plan):
        pairs = named(instance, plan)
        return len(pairs & kept), sum(lot(instance.seed, *pair) >> (64 - 57 + 2 * spare) for pair in pairs)

    chosen = max(plans, key=draw)
    hours = {}
    for ways in hours_of(instance, chosen):
        hours |= min(ways, key=lambda way: list(way.values()))
    return named(instance, chosen), hours


@pytest.mark.parametrize("first", range(0, 600, 150))
def test_the_plan_is_the_announced_one_of_the_best_of_all_and_proven(first):
    ties = short = 0
    for seed in range(first, first + 150):
        problem = a_told_problem(seed)
        instance = instance_told(problem)
        plans = best_plans(instance)
        verdict = solve_told(problem)
        pairs, hours = announced(instance, [plan for plan, _ in plans])

        assert verdict.optimal
        assert verdict.answer.objective == plans[0][1]
        assert set(verdict.answer.assignment) == pairs
        assert verdict.answer.hours == hours
        ties += len(plans) > 1
        short += verdict.answer.objective != reference.best(instance)
    assert ties > 12
    assert short > 8


def least_prices(instance, plan, hours):
    """Raise prices from nothing until they prove a plan at these hours: there are no lower ones."""
    least = dict.fromkeys(range(instance.m), 0) | {
        (int(instance.candidates.pairs.j[p]), hours[instance.member_ids[instance.candidates.pairs.i[p]]]): 0
        for p in plan
    }
    before = None
    while before != least:
        before = dict(least)
        for price, floor, other in lower_bounds(instance, plan, hours, least):
            least[price] = max(least[price], floor + (0 if other is None else least[other]))
    names = instance.mentor_ids
    at_hours = {key: price for key, price in least.items() if isinstance(key, tuple)}
    return (
        {names[j]: least[j] for j in range(instance.m)},
        {(names[j], hour): price - least[j] for (j, hour), price in at_hours.items() if price > least[j]},
    )


def lower_bounds(instance, plan, hours, taken):
    """Say what holds prices up: (price, floor, other) for price >= floor + other; hours taken have one of their own."""
    pairs, weights = instance.candidates.pairs, weights_for(instance)
    worth = (weights.rank * instance.r[pairs.i] + weights.fit * pairs.f).tolist()
    mine = {int(pairs.i[p]): (worth[p], (int(pairs.j[p]), hours[instance.member_ids[pairs.i[p]]])) for p in plan}
    loads = Counter(j for _, (j, _) in mine.values())
    for j, load in loads.items():
        yield j, np.repeat(np.arange(instance.levels), instance.free_places()[j]).tolist()[load - 1], None
    yield from ((slot, 0, slot[0]) for _, slot in mine.values())
    shared = unpacked_hours(instance.hourly.hours(pairs.i, pairs.j))
    for p, hour in zip(*(where.tolist() for where in np.nonzero(shared)), strict=True):
        j, (present, slot) = int(pairs.j[p]), mine.get(int(pairs.i[p]), (0, None))
        yield (j, hour) if (j, hour) in taken else j, worth[p] - present, slot


def test_the_prices_are_the_least_whatever_best_plan_they_are_read_from():
    read = 0
    for seed in range(200):
        problem = a_told_problem(seed)
        instance, duals = instance_told(problem), solve_told(problem).answer.duals
        told_prices = {(mentor, hour): p for mentor, prices in duals.hours.items() for hour, p in prices.items()}
        for plan, _ in best_plans(instance):
            hours = {member: hour for ways in hours_of(instance, plan) for member, hour in ways[-1].items()}
            assert least_prices(instance, plan, hours) == (duals.mentors, told_prices)
            read += 1
    assert read > 200


def spoils(result):
    """Results that must not be accepted: each differs in one thing from one that is proven."""
    duals, hours = result["duals"], result["hours"]
    for member in list(hours)[:1]:
        yield result | {"hours": hours | {member: 167}}
        yield result | {"hours": {other: hour for other, hour in hours.items() if other != member}}
        yield result | {"assignment": result["assignment"][1:]}
        yield result | {"duals": duals | {"members": duals["members"] | {member: duals["members"][member] + 1}}}
    for mentor, prices in list(duals.get("hours", {}).items())[:1]:
        hour, price = next(iter(prices.items()))
        for change in (-1, 1):
            yield result | {"duals": duals | {"hours": duals["hours"] | {mentor: prices | {hour: price + change}}}}
    at_one_mentor = [pair for pair in result["assignment"] if pair[1] == result["assignment"][0][1]]
    if len(at_one_mentor) > 1:
        (one, _), (other, _) = at_one_mentor[:2]
        yield result | {"hours": hours | {one: hours[other]}}


def test_both_checkers_accept_what_was_proven_and_nothing_else():
    refused = 0
    for seed in range(150):
        problem = a_told_problem(seed)
        instance, result = instance_told(problem), as_document(result_of(solve_told(problem)))
        assert verify(as_document(problem), result) == ""
        assert refusals(instance, read_answer(msgspec.json.encode(result), weights_for(instance))) == ()
        for spoilt in spoils(result) if result["assignment"] else ():
            assert verify(as_document(problem), spoilt) != ""
            assert refusals(instance, read_answer(msgspec.json.encode(spoilt), weights_for(instance))) != ()
            refused += 1
    assert refused > 400


def test_a_checker_that_does_not_see_two_pairs_at_one_hour_would_accept_a_better_plan():
    """The control: where hours are short, the best plan without hours clashes, and only the clash tells."""
    problem = ToldProblem(
        members=(ToldMember(id="m1"), ToldMember(id="m2")),
        mentors=(ToldMentor(id="t1", capacity=2),),
        pairs=(("m1", "t1", 5), ("m2", "t1", 5)),
        hours=(("m1", "t1", (18,)), ("m2", "t1", (18,))),
    )
    alone = replace_told(problem, hours=None)
    clash = as_document(result_of(solve_told(alone))) | {"hours": {"m1": 18, "m2": 18}}

    assert solve_told(problem).answer.objective.served == 1
    assert fault_of_plan(read(as_document(problem)), clash) == "A mentor has two pairs at one hour."
    assert fault_of_plan(read(as_document(alone)), clash) == ""
    answer = read_answer(msgspec.json.encode(clash), weights_for(instance_told(problem)))
    assert refusals(instance_told(problem), answer) == ("a mentor has two proposals at one hour",)


def with_pins(problem, rng):
    """Pin some feasible pairs, as far as places allow."""
    left = {mentor.id: mentor.capacity - mentor.open for mentor in problem.mentors}
    pins = {}
    for member, mentor, hours in rng.sample(problem.hours, len(problem.hours)):
        if hours and member not in pins and left[mentor] > 0 and rng.random() < 0.4:
            pins[member] = mentor
            left[mentor] -= 1
    return replace_told(problem, pins=tuple(pins.items()))


def test_pins_are_kept_with_an_hour_of_their_own_and_the_rest_is_best_around_them():
    kept = impossible = 0
    for seed in range(250):
        problem = with_pins(a_told_problem(seed), Random(seed))
        instance = instance_told(problem)
        plans = best_plans(instance, set(problem.pins))
        if not plans:
            with pytest.raises(InvalidProblem, match="pins: they cannot all have an hour of their own"):
                solve_told(problem)
            impossible += 1
            continue
        verdict = solve_told(problem)
        pairs, _ = announced(instance, [plan for plan, _ in plans])
        assert verdict.optimal
        assert verdict.answer.objective == plans[0][1]
        assert set(verdict.answer.assignment) == pairs
        assert verify(as_document(problem), as_document(result_of(verdict))) == ""
        kept += len(problem.pins)
    assert kept > 100
    assert impossible > 5


def test_when_time_is_over_pins_have_their_hours_and_the_bound_holds():
    unproven = 0
    for seed in range(100):
        problem = with_pins(a_told_problem(seed), Random(seed))
        if not best_plans(instance_told(problem), set(problem.pins)):
            continue
        best, stopped = solve_told(problem), solve_told(problem, onward=lambda *_: False)
        assert set(problem.pins) <= set(stopped.answer.assignment)
        assert set(stopped.answer.hours) == {member for member, _ in stopped.answer.assignment}
        assert stopped.bound.order_of_serving >= best.answer.objective.order_of_serving
        unproven += not stopped.optimal
    assert unproven > 40


def test_when_two_plans_draw_equally_many_lots_all_draw_again(monkeypatch):
    problem = ToldProblem(
        members=tuple(ToldMember(id=name) for name in ("ash", "elm", "oak")),
        mentors=tuple(ToldMentor(id=name, capacity=1) for name in ("lark", "wren")),
        pairs=tuple((i, j, 5) for i in ("ash", "elm", "oak") for j in ("lark", "wren")),
        hours=tuple((i, j, (9, 10)) for i in ("ash", "elm", "oak") for j in ("lark", "wren")),
    )
    lots, attempts = matching.hours.canonical.lots, []

    def blind_at_first(instance, pairs, attempt):
        attempts.append(attempt)
        return lots(instance, pairs, attempt) if attempt == 2 else np.zeros(len(pairs), dtype=np.uint64)

    monkeypatch.setattr(matching.hours.canonical, "lots", blind_at_first)

    assert solve_told(problem).optimal
    assert attempts == [0, 1, 2]


def test_plans_that_differ_only_in_hours_are_one_and_nobody_draws_again(monkeypatch):
    problem = ToldProblem(
        members=(ToldMember(id="ash"), ToldMember(id="elm")),
        mentors=(ToldMentor(id="wren", capacity=3),),
        pairs=(("ash", "wren", 5), ("elm", "wren", 5)),
        hours=(("ash", "wren", (9, 10, 11)), ("elm", "wren", (9, 10, 11))),
    )
    lots, attempts = matching.hours.canonical.lots, []
    monkeypatch.setattr(matching.hours.canonical, "lots", lambda *asked: (attempts.append(asked[2]), lots(*asked))[1])

    assert solve_told(problem).answer.hours == {"ash": 9, "elm": 10}
    assert attempts == [0]


def hourly(seed, **said):
    """People in several zones, of whom some hours are taken."""
    rng, problem = Random(seed), with_twins(a_random_problem(seed, **said))
    mentors = (
        replace(mentor, open_hours=frozenset(rng.sample(range(24 * 2), 20)), capacity=mentor.capacity + 1)
        for mentor in problem.mentors
    )
    return replace(problem, mentors=tuple(mentors), policy=HOUR_POLICY, seed=str(seed))


@pytest.mark.parametrize("number", range(20))
def test_a_plan_is_the_same_rule_by_rule_and_word_by_word_and_on_any_number_of_threads(number):
    problem = hourly(number, most_members=14, most_mentors=8)
    ways = [{}, {"listed_up_to_pairs": 0}, {"listed_up_to_pairs": 0, "threads": 3}]

    told_ways = {repr(replace(solve(problem, **way), seconds={})) for way in ways}

    assert len(told_ways) == 1
    assert solve(problem).optimal


def test_a_plan_is_the_same_whether_loops_are_compiled_or_not(monkeypatch):
    problems = [hourly(number, most_members=20, most_mentors=9) for number in range(12)]
    interpreted = [solve(problem) for problem in problems]
    monkeypatch.setattr("matching.hours.assignment.COMPILED_FROM_HOURS", 0)

    assert [solve(problem) for problem in problems] == interpreted


def test_a_problem_of_people_and_the_same_told_pair_by_pair_have_one_answer_and_come_back_from_files():
    for number in range(15):
        problem = hourly(number, most_members=8, most_mentors=5)
        instance = instance_of(problem)
        by_pairs = told(instance, instance.candidates.pairs)

        assert solve_told(by_pairs).answer == solve(problem).answer
        assert read_problem(written(by_pairs)) == by_pairs
        assert read_problem(written(problem)) == problem


def test_without_the_policy_nothing_has_an_hour():
    solution = solve(replace(hourly(5), policy=Policy()))

    assert solve(hourly(5)).answer.hours
    assert solution.answer.hours == {}
    assert {proposal.explanation.hour for proposal in solution.proposals} == {None}


def test_why_not_names_the_rule_where_no_hour_is_shared():
    halves = (Window(day=1, start=18 * 60 + 30, end=19 * 60 + 30),)
    members = [a_member(id="ash"), a_member(id="elm", availability=halves)]
    problem = a_problem(members, [a_mentor(capacity=3, open_hours=frozenset({24 + 18}))], policy=HOUR_POLICY)

    assert failing_rules(problem, "ash", "wren") == ()
    assert failing_rules(problem, "elm", "wren") == ("standing-hour",)
    assert failing_rules(replace(problem, policy=Policy()), "elm", "wren") == ()
    assert solve(problem).unserved == {"elm": "no-feasible-mentor"}


def test_why_not_names_the_rule_where_pins_have_all_the_hours_that_two_share():
    one_hour = (Window(day=1, start=18 * 60, end=19 * 60),)
    members = [a_member(id=name, availability=one_hour) for name in ("ash", "elm")]
    problem = a_problem(members, [a_mentor(capacity=2)], policy=HOUR_POLICY, pins=(("ash", "wren"),))

    assert why_not(problem, solve(problem), "elm", "wren").failing == ("standing-hour",)
    assert why_not(replace(problem, pins=()), solve(problem), "elm", "wren").forcing.growth.served == 0


def test_who_takes_over_needs_an_hour_that_is_still_free():
    members = [a_member(id="ash"), a_member(id="elm")]
    mentors = [a_mentor(id="dove", capacity=2), a_mentor(id="wren")]
    free = a_problem(members, mentors, policy=HOUR_POLICY)
    short = a_problem(members, [replace(each, open_hours=frozenset({24 + 18})) for each in mentors], policy=HOUR_POLICY)

    assert backups(free, solve(free)).stranded["wren"] == 0
    assert backups(short, solve(short)).stranded["wren"] == 1


@pytest.mark.parametrize("hour", [-1, 168])
def test_an_hour_beyond_the_week_is_refused(hour):
    with pytest.raises(InvalidProblem, match=r"mentors\[0\]\.open_hours: not all are from 0 to 167"):
        a_problem([], [a_mentor(open_hours=frozenset({hour}))])


def test_prices_say_what_one_more_place_brings_and_alternatives_what_they_cost():
    gained = cost = 0
    for number in range(12):
        problem = hourly(number, most_members=5, most_mentors=3)
        solution = solve(problem)
        for place in next_places(problem, solution):
            growth = one_more_place(problem, solution, place.mentor).growth
            assert (place.order_of_serving, place.fit) == (growth.order_of_serving, growth.fit)
            gained += growth.served
        if solution.proposals:
            pinned = replace(problem, pins=solution.answer.assignment[:1])
            ((member, _),) = pinned.pins
            found = alternatives(pinned, solve(pinned), member, 2)
            every = alternatives(pinned, solve(pinned), member, 99)
            assert [each.regret for each in found] == sorted(each.regret for each in every)[:2]
            cost += len(every) > 1
    assert gained > 0
    assert cost > 3


def test_a_session_answers_as_a_cold_solve_does():
    for number in range(8):
        rng = Random(number)
        session = Session(hourly(number, most_members=5, most_mentors=3))
        for _ in range(6):
            edit = an_edit(rng, session)
            if isinstance(edit, ChangePolicy):
                edit = ChangePolicy(policy=replace(edit.policy, standing_hour=rng.random() < 0.7))
            with suppress(InvalidProblem):
                session.apply(edit)
            assert replace(session.solution(), seconds={}) == replace(solve(session.problem), seconds={})
        while session.edits:
            session.undo()
        assert session.solution() == solve(session.problem)
