"""Do the flow and the search come to equally good plans, with the same prices?"""

import numpy as np
import pytest

from matching import flow
from matching.assignment import COMPILED_FROM_PAIRS, NOBODY, Market, best_plan
from matching.market import market_of
from matching.weights import weights_for
from tests.matching.given import a_random_instance

SEEDS = range(300)


def a_market(seed: int) -> Market:
    instance = a_random_instance(seed)
    return market_of(instance, weights_for(instance), instance.candidates.first())


def worth_of(market: Market, mentor_of: np.ndarray) -> int:
    """What a plan is worth, less what its places cost."""
    i = np.repeat(np.arange(len(market.row) - 1), np.diff(market.row))
    load = np.bincount(mentor_of[mentor_of != NOBODY], minlength=len(market.place) - 1)
    costs = [market.cost[first : first + taken].sum() for first, taken in zip(market.place[:-1], load, strict=True)]
    return int(market.worth[mentor_of[i] == market.mentor].sum() - sum(costs))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_flow_and_the_search_agree_on_worth_and_prices(seed: int) -> None:
    market = a_market(seed)
    searched, is_whole = best_plan(market)
    sent = flow.best_flow(market)

    assert flow.holds(market)
    assert is_whole
    assert worth_of(market, sent.mentor_of) == worth_of(market, searched.mentor_of)
    assert (sent.u.tolist(), sent.v.tolist()) == (searched.u.tolist(), searched.v.tolist())


def test_everybody_who_is_sent_sits_in_a_place_of_their_mentor() -> None:
    for market in map(a_market, SEEDS):
        plan = flow.best_flow(market)
        for j, (first, end) in enumerate(zip(market.place[:-1], market.place[1:], strict=True)):
            there = plan.seated[first:end]
            assert sorted(there[: plan.load[j]]) == sorted(np.flatnonzero(plan.mentor_of == j))
            assert set(there[plan.load[j] :]) <= {NOBODY}


def test_a_plan_whose_prices_are_off_by_one_is_noticed() -> None:
    differing = [
        seed
        for seed in SEEDS
        if (flow.best_flow(a_market(seed)).v + 1).tolist() != best_plan(a_market(seed))[0].v.tolist()
    ]

    assert len(differing) == len(SEEDS)


def test_the_flow_is_not_for_many_pairs_nor_for_numbers_it_has_no_room_for() -> None:
    market = a_market(1)
    dear = market._replace(worth=np.full_like(market.worth, 2**60))
    many = market._replace(mentor=np.zeros(COMPILED_FROM_PAIRS, dtype=np.int64))

    assert not flow.holds(dear)
    assert not flow.holds(many)
