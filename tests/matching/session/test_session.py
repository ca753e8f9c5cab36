"""Is a session after any edits what a solve of the edited problem is?"""

from dataclasses import replace
from random import Random

import pytest

from matching.problem import InvalidProblem
from matching.session import (
    AddMember,
    Allow,
    ChangeCapacity,
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


def told(solution):
    return repr(replace(solution, seconds={}))


@pytest.mark.parametrize("seed", range(4))
def test_after_every_edit_a_session_has_the_plan_and_the_prices_of_a_cold_solve(seed):
    rng = Random(seed)
    session = Session(a_random_problem(seed, most_members=9, most_mentors=5))
    refused = 0
    for _ in range(150):
        try:
            change = session.apply(an_edit(rng, session))
        except InvalidProblem:
            refused += 1
        else:
            assert change.optimal
        cold = solve(session.problem)
        assert session.answer == cold.answer
        assert session.objective == cold.objective
    assert 5 < refused < 75
    assert told(session.solution()) == told(solve(session.problem))


def test_edits_taken_back_leave_no_trace():
    rng = Random(7)
    session = Session(a_random_problem(7, most_members=9, most_mentors=5))
    answers, problems = [session.answer], [session.problem]
    while len(answers) < 60:
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
    session = Session(problem)
    while len(session.edits) < 40:
        try:
            session.apply(an_edit(rng, session))
        except InvalidProblem:
            continue
    elsewhere = Session(problem)
    for edit in session.edits:
        elsewhere.apply(edit)
    assert (elsewhere.problem, elsewhere.answer) == (session.problem, session.answer)


def test_two_members_exchange_their_mentors_and_the_price_is_told():
    young, old = a_member(id="ash", age=20), a_member(id="elm", age=60)
    session = Session(a_problem([young, old], [a_mentor(id="lark", age=22), a_mentor(id="wren", age=59)]))
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
    session = Session(FULL)
    session.apply(Pin(member="elm", mentor="rook"))
    problem, answer = session.problem, session.answer

    with pytest.raises(InvalidProblem, match=complaint) as refused:
        session.apply(edit)

    assert "yew" not in str(refused.value)
    assert (session.problem, session.answer) == (problem, answer)
    assert len(session.edits) == 1


def test_what_an_edit_would_do_can_be_asked_without_doing_it():
    session = Session(FULL)
    before = session.answer

    change = session.tried(WithdrawMentor(mentor="rook"))

    assert change.growth.served == -2
    assert session.answer == before
    assert session.edits == ()
