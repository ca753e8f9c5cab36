import numpy as np
import pytest

from matching.certificate import objective_of
from matching.flow import assign
from matching.instance import Instance
from matching.weights import COST_LIMIT, ProblemTooLarge, Weights, weights_for
from tests.matching import reference
from tests.matching.given import a_random_instance, an_instance

INSTANCES = [a_random_instance(seed) for seed in range(300)]


def reached(instance: Instance, weights: Weights):
    mentor_of = assign(instance, weights)
    return objective_of(instance, np.flatnonzero(mentor_of[instance.i] == instance.j))


@pytest.fixture(scope="module")
def best():
    return [reference.best(instance) for instance in INSTANCES]


def test_the_flow_is_as_good_as_the_best_of_all_plans_level_by_level(best):
    for instance, expected in zip(INSTANCES, best, strict=True):
        assert reached(instance, weights_for(instance)) == expected


@pytest.mark.parametrize("lightened", ["rank", "fit"])
def test_a_weight_that_is_too_small_is_seen_by_the_comparison(best, lightened):
    def too_light(instance):
        weights = weights_for(instance)
        return Weights(rank=weights.fit, fit=weights.fit) if lightened == "rank" else Weights(rank=weights.rank, fit=1)

    wrong = [
        instance
        for instance, expected in zip(INSTANCES, best, strict=True)
        if reached(instance, too_light(instance)) != expected
    ]

    assert wrong


def test_one_rank_outweighs_all_the_fit_there_is():
    everybody = range(4)
    pairs = [(i, i, 1025) for i in everybody] + [(i + 1, i, 0) for i in everybody]
    instance = an_instance([1, 1, 1, 1, 2], [(1, 0)] * 4, pairs)

    assert reached(instance, weights_for(instance)).order_of_serving == 5


def test_one_point_of_fit_outweighs_the_evenness_of_a_last_place():
    instance = an_instance([1], [(8, 7), (8, 0)], [(0, 0, 1), (0, 1, 0)])

    assert reached(instance, weights_for(instance)).fit == 1


def test_open_matches_make_a_mentors_next_place_dearer():
    instance = an_instance([1], [(4, 2), (4, 1)], [(0, 0, 7), (0, 1, 7)])

    assert assign(instance, weights_for(instance)).tolist() == [1]


@pytest.mark.parametrize(("capacity", "taken"), [(0, 0), (1, 0), (3, 1), (5, 0), (8, 3), (13, 2), (100, 99), (2, 5)])
def test_free_places_are_counted_at_what_each_costs(capacity, taken):
    counted = an_instance([], [(capacity, taken)], []).free_places()[0].tolist()
    costs = [8 * k // capacity for k in range(taken, capacity)]

    assert counted == [costs.count(level) for level in range(8)]


def test_a_problem_whose_levels_would_not_fit_into_64_bits_is_refused_and_not_scaled():
    ranks = np.arange(1, 50_001)
    instance = an_instance(ranks.tolist(), [(1, 0)] * 50_000, [(0, 0, 0)])

    with pytest.raises(ProblemTooLarge, match="50000 members"):
        weights_for(instance)


def test_the_largest_size_aimed_at_is_not_too_large():
    instance = an_instance([3 * 365] * 100_000, [(5, 0)] * 20_000, [(0, 0, 0)])
    weights = weights_for(instance)

    assert (weights.rank * 3 * 365 + weights.fit * 1025) * 120_002 < COST_LIMIT
