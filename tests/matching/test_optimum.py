import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.linear_solver import pywraplp

from matching.certificate import objective_of
from matching.instance import Instance, instance_of
from matching.optimum import optimum
from matching.solve import solve
from matching.timing import Timing
from matching.weights import ProblemTooLarge, Weights, weights_for
from tests.matching import reference
from tests.matching.given import a_random_instance, a_random_problem, an_instance

INSTANCES = [a_random_instance(seed) for seed in range(300)]


def assign(instance: Instance, weights: Weights):
    return optimum(instance, weights, Timing()).mentor_of


def reached(instance: Instance, weights: Weights):
    mentor_of, pairs = assign(instance, weights), instance.candidates.pairs
    return objective_of(instance, pairs.where(mentor_of[pairs.i] == pairs.j))


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
    instance = an_instance([2**40] * 5_000, [(1, 0)] * 5_000, [(0, 0, 0)])

    with pytest.raises(ProblemTooLarge, match="5000 pairs"):
        weights_for(instance)


def test_the_largest_size_aimed_at_is_not_too_large():
    instance = an_instance([3 * 365] * 100_000, [(5, 0)] * 20_000, [(0, 0, 0)])

    assert weights_for(instance).rank > 1025 * 16 * 20_000


def relaxed(problem, solver_name):
    """The worth of the best plan over all pairs by linear programming, places split by what they cost."""
    instance = instance_of(problem)
    weights, pairs = weights_for(instance), instance.candidates.pairs
    solver = pywraplp.Solver.CreateSolver(solver_name)
    once = [solver.Constraint(0, 1) for _ in range(instance.n)]
    load = [solver.Constraint(0, 0) for _ in range(instance.m)]
    objective = solver.Objective()
    for i, j, f in zip(*(column.tolist() for column in pairs.columns), strict=True):
        chosen = solver.NumVar(0, 1, "")
        once[i].SetCoefficient(chosen, 1)
        load[j].SetCoefficient(chosen, 1)
        objective.SetCoefficient(chosen, weights.rank * int(instance.r[i]) + weights.fit * f)
    for j, places in enumerate(instance.free_places().tolist()):
        for level, count in enumerate(places):
            taken = solver.NumVar(0, count, "")
            load[j].SetCoefficient(taken, -1)
            objective.SetCoefficient(taken, -level)
    objective.SetMaximization()
    assert solver.Solve() == pywraplp.Solver.OPTIMAL
    return objective.Value()


@pytest.mark.parametrize("solver_name", ["GLOP", "HIGHS_LP"])
@pytest.mark.parametrize("seed", range(3))
def test_the_plan_is_as_good_as_a_linear_program_over_all_pairs(seed, solver_name):
    problem = a_random_problem(seed, most_members=150, most_mentors=40)
    solution = solve(problem, listed_up_to_pairs=0)
    worth = solution.duals.weights.rank * solution.objective.order_of_serving
    worth += solution.duals.weights.fit * solution.objective.fit - solution.objective.evenness

    assert solution.optimal
    assert relaxed(problem, solver_name) == pytest.approx(worth, rel=1e-9)


@st.composite
def instances(draw):
    """Few people; fits at their extremes, so that a level of the objective that gives way is seen to."""
    ranks = draw(st.lists(st.integers(1, 3), min_size=1, max_size=4))
    places = draw(st.lists(st.integers(0, 3).flatmap(lambda c: st.tuples(st.just(c), st.integers(0, c))), max_size=3))
    every = [(i, j) for i in range(len(ranks)) for j in range(len(places))]
    fits = draw(st.lists(st.sampled_from([None, 0, 1, 2, 500, 1025]), min_size=len(every), max_size=len(every)))
    return an_instance(ranks, places, [(*pair, fit) for pair, fit in zip(every, fits, strict=True) if fit is not None])


@settings(max_examples=2000, deadline=None)
@given(instances())
def test_no_plan_of_any_small_instance_is_better(instance):
    assert reached(instance, weights_for(instance)) == reference.best(instance)
