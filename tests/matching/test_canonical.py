"""Among equally good plans, is it the announced one that is chosen, whatever way led to it?"""

from collections import Counter
from dataclasses import replace
from hashlib import sha256
from random import Random

import numpy as np
import pytest

import matching.canonical
from matching.instance import instance_of
from matching.solve import solve
from tests.matching import reference
from tests.matching.given import a_member, a_mentor, a_problem, a_random_problem

WORD = 2**64


def mixed(word):
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 % WORD
    word = (word ^ (word >> 27)) * 0x94D049BB133111EB % WORD
    return word ^ (word >> 31)


def lot(seed, member, mentor):
    def digest(side, name):
        return int.from_bytes(sha256(f"{seed} {side} {name}".encode()).digest()[:8], "big")

    return mixed((digest("member", member) + mixed(digest("mentor", mentor))) % WORD)


def best_plans(problem):
    instance = instance_of(problem)
    best = reference.best(instance)
    pairs = instance.candidates.pairs
    for plan, reached in reference.plans(instance):
        if reached == best:
            yield {(instance.member_ids[pairs.i[p]], instance.mentor_ids[pairs.j[p]]) for p in plan}


def with_twins(problem):
    """Let everybody but the first occur twice, so that many plans are equally good."""
    members = [replace(each, id=f"{each.id}'", person=f"{each.person}'") for each in problem.members[1:]]
    mentors = [replace(each, id=f"{each.id}'", person=f"{each.person}'") for each in problem.mentors[1:]]
    return replace(
        problem, members=(*problem.members, *members), mentors=(*problem.mentors, *mentors), barred=frozenset()
    )


def plan_of(problem, **ways):
    return {(proposal.member, proposal.mentor) for proposal in solve(problem, **ways).proposals}


def test_of_all_best_plans_it_keeps_most_pairs_and_then_draws_most_lots():
    ties = 0
    for number in range(80):
        problem = a_random_problem(number, most_members=4, most_mentors=2)
        problem = with_twins(replace(problem, seed=f"seed {number}"))
        plans = list(best_plans(problem))
        spare = (min(len(problem.members), len(problem.mentors)) + 2).bit_length()
        expected = max(
            plans,
            key=lambda plan: (
                len(plan & problem.kept),
                sum(lot(problem.seed, *pair) >> (64 - 57 + 2 * spare) for pair in plan),
            ),
        )
        assert plan_of(problem) == expected
        ties += len(plans) > 1
    assert ties > 20


def test_another_seed_draws_another_plan_and_each_equally_often():
    members = [a_member(id=name) for name in ("ash", "elm")]
    drawn = Counter(
        next(iter(plan_of(a_problem(members, [a_mentor()], seed=f"seed {number}"))))[0] for number in range(400)
    )

    assert set(drawn) == {"ash", "elm"}
    assert 150 < drawn["ash"] < 250


def test_a_pair_of_the_preceding_round_stays_whatever_the_seed():
    members = [a_member(id=name) for name in ("ash", "elm")]
    mentors = [a_mentor(id=name, capacity=2) for name in ("lark", "wren")]
    kept = frozenset({("ash", "wren"), ("elm", "lark")})

    assert all(plan_of(a_problem(members, mentors, kept=kept, seed=str(seed))) == kept for seed in range(20))


def test_when_two_plans_draw_equally_many_lots_all_draw_again(monkeypatch):
    members = [a_member(id=name) for name in ("ash", "elm", "oak")]
    mentors = [a_mentor(id=name) for name in ("lark", "wren")]
    problem = a_problem(members, mentors, seed="again")
    lots, attempts = matching.canonical.lots, []

    def blind_at_first(instance, pairs, attempt):
        attempts.append(attempt)
        return lots(instance, pairs, attempt) if attempt == 2 else np.zeros(len(pairs), dtype=np.uint64)

    monkeypatch.setattr(matching.canonical, "lots", blind_at_first)

    assert plan_of(problem) == plan_of(problem)
    assert attempts == [0, 1, 2, 0, 1, 2]


@pytest.mark.parametrize("number", range(20))
def test_a_plan_is_the_same_rule_by_rule_and_word_by_word_and_on_any_number_of_threads(number):
    problem = replace(with_twins(a_random_problem(number, most_members=14, most_mentors=8)), seed="any")
    ways = [{}, {"listed_up_to_pairs": 0}, {"listed_up_to_pairs": 0, "threads": 3}]

    told = {repr(replace(solve(problem, **way), seconds={})) for way in ways}

    assert len(told) == 1


def test_a_plan_is_the_same_whether_loops_are_compiled_or_not(monkeypatch):
    problems = [
        replace(with_twins(a_random_problem(number, most_members=20, most_mentors=9)), seed="any")
        for number in range(20)
    ]
    interpreted = [solve(problem) for problem in problems]
    monkeypatch.setattr("matching.assignment.COMPILED_FROM_PAIRS", 0)

    assert [solve(problem) for problem in problems] == interpreted


def test_sets_wider_than_a_word_are_scanned_whole():
    rng, codes = Random(3), [f"code {number:03}" for number in range(80)]
    members = [
        a_member(
            id=f"m{number:02}",
            needs=tuple(rng.sample(codes, 4)),
            avoid_topics=frozenset(rng.sample(codes, 3)),
            lived_experience=frozenset(rng.sample(codes, 9)),
            matchable=frozenset(),
        )
        for number in range(40)
    ]
    mentors = [
        a_mentor(
            id=f"t{number:02}",
            offers=frozenset(rng.sample(codes, 30)),
            declined_topics=frozenset(rng.sample(codes, 4)),
            lived_experience=frozenset(),
            matchable=frozenset(),
        )
        for number in range(20)
    ]
    problem = a_problem(members, mentors)

    assert solve(problem, listed_up_to_pairs=0) == solve(problem)
    assert 50 < solve(problem).feasible_pairs < 500
