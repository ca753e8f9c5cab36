"""What does an edit of a draft say to the optimiser?"""

from collections.abc import Callable, Iterable
from functools import singledispatch
from typing import Final
from uuid import UUID

from api.rounds import policy_of
from domain.draft import Draft, DraftEdit
from domain.errors import EditNotPossible
from domain.match import Side
from matching.problem import InvalidProblem, Problem
from matching.session import (
    ChangeCapacity,
    ChangePolicy,
    Edit,
    Forbid,
    Pin,
    Swap,
    Unpin,
    WithdrawMember,
    WithdrawMentor,
)
from matching.session.draft import Draft as Amending

Names = Callable[[UUID], str]
"""Give the name of a member or mentor in the problem."""

NOT_POSSIBLE: Final = "This is not possible with the people and places of this draft."
"""Whatever the reason is: a boundary, a block and a missing language must read alike."""


def edit_of(edit: DraftEdit, names: Names) -> Edit:
    """Give an edit as the optimiser's session takes it."""
    return _edit(edit, names)


def amended(problem: Problem, edits: Iterable[DraftEdit], names: Names) -> Problem:
    """Give the problem that edits amount to. Raises `EditNotPossible`."""
    amending = Amending(problem)
    try:
        amending.amend([edit_of(edit, names) for edit in edits])
    except (InvalidProblem, KeyError):
        raise EditNotPossible(NOT_POSSIBLE) from None
    return amending.problem


@singledispatch
def _edit(edit: DraftEdit, _: Names) -> Edit:
    raise TypeError(type(edit))


@_edit.register
def _(edit: Draft.Pinned, names: Names) -> Edit:
    return Pin(member=names(edit.member_id), mentor=names(edit.mentor_id))


@_edit.register
def _(edit: Draft.Unpinned, names: Names) -> Edit:
    return Unpin(member=names(edit.member_id))


@_edit.register
def _(edit: Draft.KeptApart, names: Names) -> Edit:
    return Forbid(member=names(edit.member_id), mentor=names(edit.mentor_id))


@_edit.register
def _(edit: Draft.Swapped, names: Names) -> Edit:
    return Swap(
        first=Pin(member=names(edit.first_member_id), mentor=names(edit.first_mentor_id)),
        second=Pin(member=names(edit.second_member_id), mentor=names(edit.second_mentor_id)),
    )


@_edit.register
def _(edit: Draft.SetAside, names: Names) -> Edit:
    name = names(edit.subject_id)
    return WithdrawMember(member=name) if edit.side == Side.MEMBER else WithdrawMentor(mentor=name)


@_edit.register
def _(edit: Draft.PlacesTried, names: Names) -> Edit:
    return ChangeCapacity(mentor=names(edit.mentor_id), capacity=edit.capacity)


@_edit.register
def _(edit: Draft.PolicyTried, _: Names) -> Edit:
    return ChangePolicy(policy=policy_of(edit.policy))
