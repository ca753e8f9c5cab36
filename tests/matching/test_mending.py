"""Is a mended plan the one that would have been made from the start?"""

import numpy as np
import pytest

from matching import mending
from matching.assignment import NOBODY, best_plan
from matching.instance import instance_of
from matching.market import market_of
from matching.mending import mended
from matching.weights import weights_for
from tests.matching.given import a_random_instance, a_random_problem

INSTANCES = [instance_of(a_random_problem(seed, most_members=14, most_mentors=6)) for seed in range(60)]
INSTANCES += [a_random_instance(seed) for seed in range(150)]


def made_and_mended(instance, rng):
    """A plan on some pairs, mended for all of them, beside the plan on all; and who came to know more."""
    weights, pairs = weights_for(instance), instance.candidates.pairs
    some = best_plan(market_of(instance, weights, pairs.where(rng.random(len(pairs)) < 0.6)))[0]
    market = market_of(instance, weights, pairs)
    member = np.repeat(np.arange(instance.n), np.diff(market.row))
    widened = np.unique(member[some.u[member] + some.v[market.mentor] < market.worth])
    return market, best_plan(market)[0], mended(market, some, widened), widened


def worth_of(market, plan):
    member = np.repeat(np.arange(len(plan.u)), np.diff(market.row))
    chosen = market.worth[plan.mentor_of[member] == market.mentor]
    taken = [market.cost[market.place[j] : market.place[j] + plan.load[j]].sum() for j in range(len(plan.v))]
    return chosen.sum() - sum(taken)


@pytest.mark.parametrize("is_compiled", [False, True])
def test_a_mended_plan_is_as_good_as_a_new_one_at_the_same_least_prices(monkeypatch, is_compiled):
    if not is_compiled:
        monkeypatch.setattr(mending, "_run", lambda loop, *arguments: loop(*arguments))
    rng, widened_in_all = np.random.default_rng(5), 0
    for instance in INSTANCES:
        market, new, old, widened = made_and_mended(instance, rng)
        assert old.v.tolist() == new.v.tolist()
        assert old.u.tolist() == new.u.tolist()
        assert worth_of(market, old) == worth_of(market, new)
        widened_in_all += len(widened)
    assert widened_in_all > 200


def test_everybody_in_a_mended_plan_sits_where_the_plan_says(monkeypatch):
    monkeypatch.setattr(mending, "_run", lambda loop, *arguments: loop(*arguments))
    rng = np.random.default_rng(6)
    for instance in INSTANCES:
        market, _, plan, _ = made_and_mended(instance, rng)
        for j in range(instance.m):
            seats = plan.seated[market.place[j] : market.place[j] + plan.load[j]]
            assert sorted(seats.tolist()) == np.flatnonzero(plan.mentor_of == j).tolist()
            assert len(seats) == plan.load[j] <= market.place[j + 1] - market.place[j]
        assert np.count_nonzero(plan.mentor_of != NOBODY) == plan.load.sum()
