"""Does the test of two samples find a difference that is there, and none that is not?"""

from random import Random

import pytest

from api.checks.two_samples import distance, probability, tail


@pytest.mark.parametrize(
    ("value", "expected"), [(0.1, 1), (0.8276, 0.5), (1.2238, 0.1), (1.3581, 0.05), (1.6276, 0.01)]
)
def test_the_tail_has_the_values_of_the_tables(value, expected):
    assert tail(value) == pytest.approx(expected, abs=5e-5)


def test_the_distance_is_that_of_the_distributions():
    assert distance([1, 2, 3, 4], [1, 2, 3, 4]) == 0
    assert distance([1, 2], [3, 4]) == 1
    assert distance([1, 2, 3, 4], [3, 4, 5, 6]) == 0.5


def test_samples_of_one_kind_are_told_apart_about_as_often_as_the_probability_says():
    random = Random(7)
    found = [
        probability([random.gauss(0, 1) for _ in range(80)], [random.gauss(0, 1) for _ in range(80)]) <= 0.1
        for _ in range(400)
    ]

    assert 0.05 < sum(found) / len(found) < 0.15


def test_a_sample_that_is_moved_is_found():
    random = Random(7)
    one = [random.gauss(10, 1) for _ in range(200)]

    assert probability(one, [value + 0.6 for value in one]) < 0.01
