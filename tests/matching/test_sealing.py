"""Does a sealed problem have the very same plans, and tell nothing of boundaries?"""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.instance import instance_in
from matching.pool import pool_of
from matching.sealing import sealed
from matching.solve import solve
from tests.matching.given import a_member, a_mentor, a_problem, a_random_problem


def feasible(problem):
    instance = instance_in(pool_of(problem))
    pairs = instance.candidates.first()
    names = zip(pairs.i.tolist(), pairs.j.tolist(), pairs.f.tolist(), strict=True)
    return {(instance.member_ids[i], instance.mentor_ids[j], f) for i, j, f in names}


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32))
def test_a_sealed_problem_has_the_same_pairs_fits_and_solution(seed):
    problem = replace(a_random_problem(seed), seed="drawn")

    assert feasible(sealed(problem)) == feasible(problem)
    assert solve(sealed(problem)) == solve(problem)


def without_bars(problem):
    """The control: boundaries are gone, and nothing says which pairs they forbade."""
    return replace(sealed(problem), barred=frozenset())


def test_a_problem_that_merely_leaves_boundaries_out_is_another():
    differ = [seed for seed in range(200) if feasible(without_bars(p := a_random_problem(seed))) != feasible(p)]

    assert len(differ) > 50


@pytest.mark.parametrize("side", ["member", "mentor", "barred"])
def test_nothing_tells_why_two_may_not_meet(side):
    """Whoever reads the problem cannot tell whose boundary it was, or whether it was one."""
    avoiding = {"avoid_topics": frozenset({"recovery"})} if side == "member" else {}
    declining = {"declined_topics": frozenset({"recovery"})} if side == "mentor" else {}
    barred = frozenset({("ash", "wren")}) if side == "barred" else frozenset()

    told = sealed(a_problem([a_member(**avoiding)], [a_mentor(**declining)], barred=barred))

    assert told == a_problem(
        [a_member(person="member ash")], [a_mentor(person="mentor wren")], barred=frozenset({("ash", "wren")})
    )


def test_what_is_not_matchable_and_who_is_on_both_sides_is_not_told():
    both = {"person": "somebody", "lived_experience": frozenset({"recovery", "exile"})}

    told = sealed(a_problem([a_member(**both)], [a_mentor(**both)]))

    assert "exile" not in str(told)
    assert "somebody" not in str(told)
    assert told.barred == {("ash", "wren")}
