"""Does serving everybody with the few pairs that they know come to what all pairs would give?"""

from dataclasses import replace
from itertools import count

import numpy as np
import pytest

from matching import asking
from matching.asking import best_over_all
from matching.assignment import best_plan
from matching.certificate import worth
from matching.instance import instance_in
from matching.market import market_of, prices_of
from matching.pool import pool_of
from matching.solve import solve
from matching.timing import Timing
from matching.weights import weights_for
from tests.matching.given import a_random_problem

PROBLEMS = [a_random_problem(seed, most_members=60, most_mentors=16) for seed in range(60)]


def over_all(problem):
    """A plan over all pairs, none of them listed, and the pairs that are worth more than its prices."""
    instance = instance_in(pool_of(problem), 1, 0)
    weights, settled = weights_for(instance), np.zeros(instance.n, dtype=np.bool_)
    plan = best_over_all(instance, instance.candidates, weights, settled, Timing())
    return plan, instance.candidates.exceeding(prices_of(instance, weights, plan.u, plan.v), 1)


def over_a_list(problem):
    instance = instance_in(pool_of(problem))
    return best_plan(market_of(instance, weights_for(instance), instance.candidates.first()))[0]


@pytest.mark.parametrize("known", [1, 3, 32])
def test_who_knows_a_few_pairs_and_looks_again_is_served_at_the_prices_of_all_pairs(monkeypatch, known):
    monkeypatch.setattr(asking, "KNOWN", known)

    for problem in PROBLEMS:
        plan, exceeding = over_all(problem)
        whole = over_a_list(problem)
        assert len(exceeding) == 0
        assert (plan.u.tolist(), plan.v.tolist()) == (whole.u.tolist(), whole.v.tolist())


def test_who_never_looks_again_misses_pairs_and_that_is_noticed(monkeypatch):
    def believing_that_this_is_all(*arguments):
        used = look(*arguments)
        arguments[3].beyond[:] = 0
        return used

    look = asking._look
    monkeypatch.setattr(asking, "KNOWN", 1)
    monkeypatch.setattr(asking, "_look", believing_that_this_is_all)

    assert sum(len(over_all(problem)[1]) > 0 for problem in PROBLEMS) > 10


@pytest.mark.parametrize("at_once", [1, 7])
def test_how_many_look_at_once_changes_nothing(monkeypatch, at_once):
    expected = [over_all(problem)[0].v.tolist() for problem in PROBLEMS[:20]]
    monkeypatch.setattr(asking, "AT_ONCE", at_once)

    assert [over_all(problem)[0].v.tolist() for problem in PROBLEMS[:20]] == expected


def folded(solution, objective):
    return worth(replace(objective, evenness=0), solution.duals.weights)


@pytest.mark.parametrize("pinned", [False, True])
def test_whenever_time_ends_the_plan_is_feasible_and_no_plan_betters_the_bound(monkeypatch, pinned):
    monkeypatch.setattr(asking, "AT_ONCE", 8)
    monkeypatch.setattr(asking, "STRETCH", 1)
    problem = a_random_problem(11, most_members=60, most_mentors=16)
    whole = solve(problem)
    if pinned:
        problem = replace(problem, pins=whole.answer.assignment[:1])
    fewer = proven = 0
    for calls in count():
        asked = iter(range(calls))
        stopped = solve(problem, listed_up_to_pairs=0, onward=lambda *_, asked=asked: next(asked, None) is not None)
        assert folded(stopped, stopped.bound) >= folded(whole, whole.objective)
        assert folded(stopped, stopped.objective) <= folded(whole, whole.objective)
        assert stopped.optimal <= (stopped.objective == whole.objective)
        fewer += stopped.objective.served < whole.objective.served
        proven += stopped.optimal
        if next(asked, None) is not None:
            break
    assert fewer > 5
    assert proven >= 1


def test_what_is_done_is_told_while_pairs_are_compared_and_while_members_are_served():
    told = []
    solve(PROBLEMS[0], listed_up_to_pairs=0, onward=lambda what, done, total: told.append((what, done, total)) or True)

    assert {what for what, _, _ in told} == {"comparing pairs", "serving members"}
    assert all(0 <= done <= total for _, done, total in told)
