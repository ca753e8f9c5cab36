"""How are the loops for large pools compiled before anybody waits for them?

By solving a made-up problem in every way that has loops of its own. What is compiled stays on the machine until the
sources change.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from matching.assignment import COMPILED_FROM_PAIRS
from matching.people import Member, Mentor, Window
from matching.policy import Policy
from matching.problem import Problem
from matching.session import (
    AddMember,
    Allow,
    ChangeCapacity,
    Edit,
    Forbid,
    Pin,
    Session,
    Unpin,
    WithdrawMember,
    WithdrawMentor,
)
from matching.solve import solve

MENTORS: Final = 60
TODAY: Final = date(2026, 1, 5)
WEEKDAYS: Final = tuple(Window(day=day, start=8 * 60, end=20 * 60) for day in range(5))


def prepare() -> Iterator[str]:
    """Compile all loops, and give what is to be compiled next."""
    problem = _problem()
    yield "large pools"
    solve(problem, listed_up_to_pairs=0)
    yield "standing hours"
    solve(replace(problem, policy=Policy(standing_hour=True)), listed_up_to_pairs=0)
    yield "sessions"
    session = Session(problem, anew_up_to_pairs=0)
    for edit in _every_kind(problem.members[0], problem.mentors[0]):
        session.apply(edit)
    while session.edits:
        session.undo()


def _every_kind(member: Member, mentor: Mentor) -> Iterator[Edit]:
    pair = {"member": member.id, "mentor": mentor.id}
    yield Pin(**pair)
    yield Unpin(member=member.id)
    yield Forbid(**pair)
    yield Allow(**pair)
    yield ChangeCapacity(mentor=mentor.id, capacity=mentor.capacity + 1)
    yield WithdrawMentor(mentor=mentor.id)
    yield WithdrawMember(member=member.id)
    yield AddMember(member=member)


def _problem() -> Problem:
    """Make enough people, who all may meet, for the loops to be compiled."""
    members = range(COMPILED_FROM_PAIRS // MENTORS + 1)
    return Problem(
        today=TODAY,
        members=tuple(
            Member(
                id=f"m{number}",
                person=f"m{number}",
                urgency="routine",
                waiting_since=TODAY,
                needs=("a",) if number % 2 else ("a", "b"),
                lived_experience=frozenset({"c"}),
                matchable=frozenset({"c"}),
                languages=("en",),
                contact_modes=frozenset({"phone"}),
                availability=WEEKDAYS,
                time_zone="UTC",
            )
            for number in members
        ),
        mentors=tuple(
            Mentor(
                id=f"t{number}",
                person=f"t{number}",
                languages=("en",),
                contact_modes=frozenset({"phone"}),
                availability=WEEKDAYS,
                time_zone="UTC",
                offers=frozenset({"a"}),
                lived_experience=frozenset({"c"}),
                matchable=frozenset({"c"}),
                capacity=2,
                open=0,
            )
            for number in range(MENTORS)
        ),
    )
