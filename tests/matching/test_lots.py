"""Does the formula that people check by hand give the lots that plans are chosen by?"""

import numpy as np

import matching.canonical
from matching.instance import instance_in
from matching.lots import lot
from matching.pool import pool_of
from tests.matching.given import a_member, a_mentor, a_problem


def test_a_lot_by_hand_is_the_lot_of_the_choice():
    problem = a_problem([a_member(), a_member(id="elm")], [a_mentor(), a_mentor(id="owl")], seed="drawn")
    instance = instance_in(pool_of(problem))
    pairs = instance.candidates.first()
    drawn = matching.canonical.lots(instance, pairs, 0)

    by_hand = [lot("drawn", ["ash", "elm"][i], ["owl", "wren"][j]) for i, j in zip(pairs.i, pairs.j, strict=True)]

    assert len(set(by_hand)) == 4
    assert np.array(by_hand, dtype=np.uint64).tolist() == drawn.tolist()


def test_another_seed_draws_another_lot():
    assert lot("drawn", "ash", "wren") != lot("drawn again", "ash", "wren")
