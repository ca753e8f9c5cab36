"""Is a session after any edits what a solve of the edited problem is?"""

import os
from dataclasses import replace
from random import Random

import pytest

from matching.problem import InvalidProblem, Policy
from matching.session import (
    AddMember,
    Allow,
    ChangeCapacity,
    ChangePolicy,
    Forbid,
    Pin,
    Session,
    Swap,
    Unpin,
    WithdrawMember,
    WithdrawMentor,
)
from matching.solve import solve
from tests.matching.given import a_member, a_mentor, a_problem, a_random_problem
from tests.matching.session.random_edits import an_edit


def kept(problem):
    """A session that keeps its plan however small the pool is."""
    return Session(problem, anew_up_to_pairs=0)


def told(solution):
    return repr(replace(solution, seconds={}))


EDITS = int(os.environ.get("SESSION_EDITS", "60"))
"""How many random edits each session gets; set it to some thousands for a long run."""


@pytest.mark.parametrize("seed", range(8))
def test_after_every_edit_a_session_has_the_plan_and_the_prices_of_a_cold_solve(seed):
    rng = Random(seed)
    session = kept(a_random_problem(seed, most_members=9, most_mentors=5))
    refused = 0
    for _ in range(EDITS):
        try:
            change = session.apply(an_edit(rng, session))
        except InvalidProblem:
            refused += 1
        else:
            assert change.optimal
        cold = solve(session.problem)
        assert session.answer == cold.answer
        assert session.objective == cold.objective
    assert 0 < refused < 3 * EDITS // 4
    assert told(session.solution()) == told(solve(session.problem))


def test_a_small_pool_is_solved_anew_to_the_same_end():
    rng, problem = Random(3), a_random_problem(3, most_members=9, most_mentors=5)
    small, engine = Session(problem), kept(problem)
    for _ in range(40):
        edit = an_edit(rng, small)
        try:
            change = small.apply(edit)
        except InvalidProblem:
            with pytest.raises(InvalidProblem):
                engine.apply(edit)
        else:
            assert engine.apply(edit) == change
            assert engine.answer == small.answer
    while small.edits:
        assert small.undo() == engine.undo()
    assert small.answer == engine.answer == solve(problem).answer


def test_edits_taken_back_leave_no_trace():
    rng = Random(7)
    session = kept(a_random_problem(7, most_members=9, most_mentors=5))
    answers, problems = [session.answer], [session.problem]
    while len(answers) < 40:
        try:
            session.apply(an_edit(rng, session))
        except InvalidProblem:
            continue
        answers.append(session.answer)
        problems.append(session.problem)
    while session.edits:
        assert (answers.pop(), problems.pop().pins) == (session.answer, session.problem.pins)
        session.undo()
    assert session.answer == answers.pop()
    with pytest.raises(InvalidProblem, match="no edit to take back"):
        session.undo()


def test_the_first_problem_and_the_edits_make_the_same_session_elsewhere():
    rng, problem = Random(3), a_random_problem(3, most_members=9, most_mentors=5)
    session = kept(problem)
    while len(session.edits) < 40:
        try:
            session.apply(an_edit(rng, session))
        except InvalidProblem:
            continue
    elsewhere = kept(problem)
    for edit in session.edits:
        elsewhere.apply(edit)
    assert (elsewhere.problem, elsewhere.answer) == (session.problem, session.answer)


def test_two_members_exchange_their_mentors_and_the_price_is_told():
    young, old = a_member(id="ash", age=20), a_member(id="elm", age=60)
    session = kept(a_problem([young, old], [a_mentor(id="lark", age=22), a_mentor(id="wren", age=59)]))
    assert session.assignment == {"ash": "lark", "elm": "wren"}

    change = session.apply(session.swapped("ash", "elm"))

    assert session.assignment == {"ash": "wren", "elm": "lark"}
    assert change.growth.fit == -100
    assert [(move.member, move.before, move.after) for move in change.moves] == [
        ("ash", "lark", "wren"),
        ("elm", "wren", "lark"),
    ]


FULL = a_problem(
    [a_member(id=name) for name in ("ash", "elm", "oak")],
    [a_mentor(id="lark"), a_mentor(id="wren", languages=("fr",)), a_mentor(id="rook", capacity=2)],
    barred=frozenset({("oak", "lark")}),
)
IMPOSSIBLE = {
    "member: is the id of no member": Pin(member="yew", mentor="lark"),
    "mentor: is the id of no mentor": Forbid(member="ash", mentor="owl"),
    "pin: is not feasible": Pin(member="ash", mentor="wren"),
    "pin: the pair is forbidden": Pin(member="oak", mentor="lark"),
    "mentor: has fewer free places than pins": ChangeCapacity(mentor="rook", capacity=0),
    "capacity: is not from 0": ChangeCapacity(mentor="rook", capacity=-1),
    "pair: is pinned": Forbid(member="elm", mentor="rook"),
    "pair: is forbidden already": Forbid(member="oak", mentor="lark"),
    "pair: is not forbidden": Allow(member="ash", mentor="lark"),
    "member: is not pinned": Unpin(member="ash"),
    "mentor: is the id of no": WithdrawMentor(mentor="owl"),
    "member: is the id of no": WithdrawMember(member="yew"),
    "themselves": Swap(first=Pin(member="ash", mentor="lark"), second=Pin(member="ash", mentor="rook")),
    "pin: the pair": Swap(first=Pin(member="ash", mentor="lark"), second=Pin(member="oak", mentor="lark")),
    "member.urgency: is not one of": AddMember(member=a_member(id="yew", urgency="whenever")),
    "pin: is not": AddMember(member=a_member(id="elm", languages=("de",))),
}


@pytest.mark.parametrize(("complaint", "edit"), IMPOSSIBLE.items())
def test_an_edit_that_is_not_possible_changes_nothing(complaint, edit):
    session = kept(FULL)
    session.apply(Pin(member="elm", mentor="rook"))
    problem, answer = session.problem, session.answer

    with pytest.raises(InvalidProblem, match=complaint) as refused:
        session.apply(edit)

    assert "yew" not in str(refused.value)
    assert (session.problem, session.answer) == (problem, answer)
    assert len(session.edits) == 1


def test_what_an_edit_would_do_can_be_asked_without_doing_it():
    session = kept(FULL)
    before = session.answer

    change = session.tried(WithdrawMentor(mentor="rook"))

    assert change.growth.served == -2
    assert session.answer == before
    assert session.edits == ()


def test_a_larger_pool_is_followed_as_well():
    rng = Random(1)
    session = kept(a_random_problem(1, most_members=150, most_mentors=60))
    for _ in range(40):
        try:
            session.apply(an_edit(rng, session))
        except InvalidProblem:
            continue
        assert session.answer == solve(session.problem).answer


def an_edit_among_equals(rng, number):
    member, mentor = f"m{rng.randint(0, 4)}", f"t{rng.randint(0, 2)}"
    return rng.choice(
        [
            Forbid(member=member, mentor=mentor),
            Allow(member=member, mentor=mentor),
            Pin(member=member, mentor=mentor),
            Unpin(member=member),
            ChangeCapacity(mentor=mentor, capacity=rng.randint(0, 3)),
            AddMember(member=a_member(id=f"new {number}")),
            WithdrawMember(member=f"new {rng.randint(0, number)}"),
        ]
    )


def test_where_lots_are_drawn_again_the_plan_is_that_of_a_cold_solve(monkeypatch):
    monkeypatch.setattr("matching.canonical.LARGEST_WORTH_BITS", 10)
    members, mentors = [a_member(id=f"m{k}") for k in range(5)], [a_mentor(id=f"t{k}") for k in range(3)]
    drawn_again = 0
    for seed in range(3):
        rng, session = Random(seed), kept(a_problem(members, mentors, seed=str(seed)))
        for number in range(30):
            try:
                session.apply(an_edit_among_equals(rng, number))
            except InvalidProblem:
                continue
            drawn_again += not session._engine.is_only_one
            assert session.answer == solve(session.problem).answer
    assert drawn_again > 5


def test_a_repair_that_went_wrong_is_noticed_and_the_problem_solved_anew(caplog):
    session = kept(FULL)
    engine = session._engine
    dear = int(engine.plan.v[:, 0].argmax())
    engine.plan.v[dear, 0] -= 16

    change = session.apply(ChangeCapacity(mentor="rook", capacity=1))

    assert "could not be proven" in caplog.text
    assert session._engine is not engine
    assert change.optimal
    assert session.answer == solve(session.problem).answer


def test_an_undone_change_of_policy_needs_no_new_solve():
    session = kept(FULL)
    engine, answer = session._engine, session.answer

    session.apply(ChangePolicy(policy=Policy(needs_points=100)))
    session.undo()

    assert session._engine is engine
    assert session.answer == answer


def test_with_the_standing_hour_every_edit_is_answered_as_a_cold_solve_does():
    session = kept(FULL)
    session.apply(ChangePolicy(policy=Policy(standing_hour=True)))
    assert session.answer == solve(session.problem).answer

    change = session.apply(WithdrawMember(member="ash"))

    assert [move.after for move in change.moves if move.member == "ash"] == [None]
    assert session.answer == solve(session.problem).answer
    assert len(session.answer.hours) == change.objective.served > 0
    session.undo()
    session.undo()
    assert session.answer == solve(FULL).answer
