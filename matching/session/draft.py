"""Which problem do edits amount to, and which edits take them back?"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import singledispatchmethod

from matching.problem import Problem
from matching.session.edits import (
    AddMember,
    AddMentor,
    Allow,
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
from matching.validity import InvalidProblem, first_complaint


class Draft:
    """A problem that is being edited, in parts: people and pins by id, forbidden pairs, and the policy."""

    def __init__(self, problem: Problem) -> None:
        """Begin with a problem."""
        self._told: Problem | None = problem
        self.begun = problem
        self.members = {member.id: member for member in problem.members}
        self.mentors = {mentor.id: mentor for mentor in problem.mentors}
        self.barred = set(problem.barred)
        self.pins = dict(problem.pins)
        self.policy = problem.policy

    @property
    def problem(self) -> Problem:
        """Tell the problem as it stands; once edited, people and pins come in the order of their ids."""
        if self._told is None:
            self._told = replace(
                self.begun,
                members=tuple(self.members[member] for member in sorted(self.members)),
                mentors=tuple(self.mentors[mentor] for mentor in sorted(self.mentors)),
                barred=frozenset(self.barred),
                pins=tuple(sorted(self.pins.items())),
                policy=self.policy,
            )
        return self._told

    def amend(self, edits: Iterable[Edit]) -> tuple[Edit, ...]:
        """Make edits, all or none, and give those that take them back, in the order in which to make them.

        Raises `InvalidProblem` if one is not possible, or if there are more pins than places in the end.
        """
        back: list[Edit] = []
        try:
            for edit in edits:
                back[:0] = self._amend(edit)
            self._keep_to_places(back)
        except InvalidProblem:
            self.take_back(back)
            raise
        self._told = None
        return tuple(back)

    def take_back(self, back: Iterable[Edit]) -> None:
        """Undo edits with what `amend` gave."""
        for edit in back:
            self._amend(edit)
        self._told = None

    def _keep_to_places(self, back: Iterable[Edit]) -> None:
        """Refuse more pins than places at any mentor."""
        if any(not isinstance(edit, ChangePolicy) for edit in back):
            for mentor, pinned in Counter(self.pins.values()).items():
                each = self.mentors[mentor]
                _insist(pinned <= max(0, each.capacity - each.open), "mentor: has fewer free places than pins")

    @singledispatchmethod
    def _amend(self, edit: Edit) -> list[Edit]:
        """Make one edit, and give those that take it back."""
        raise TypeError(edit)

    @_amend.register
    def _(self, edit: Pin) -> list[Edit]:
        self._know(edit.member, edit.mentor)
        _insist((edit.member, edit.mentor) not in self.barred, "pin: the pair is forbidden")
        before = self.pins.get(edit.member)
        self.pins[edit.member] = edit.mentor
        return [Unpin(member=edit.member) if before is None else Pin(member=edit.member, mentor=before)]

    @_amend.register
    def _(self, edit: Unpin) -> list[Edit]:
        self._know(edit.member)
        _insist(edit.member in self.pins, "member: is not pinned")
        return [Pin(member=edit.member, mentor=self.pins.pop(edit.member))]

    @_amend.register
    def _(self, edit: Forbid) -> list[Edit]:
        self._know(edit.member, edit.mentor)
        _insist(self.pins.get(edit.member) != edit.mentor, "pair: is pinned")
        _insist((edit.member, edit.mentor) not in self.barred, "pair: is forbidden already")
        self.barred.add((edit.member, edit.mentor))
        return [Allow(member=edit.member, mentor=edit.mentor)]

    @_amend.register
    def _(self, edit: Allow) -> list[Edit]:
        self._know(edit.member, edit.mentor)
        _insist((edit.member, edit.mentor) in self.barred, "pair: is not forbidden")
        self.barred.remove((edit.member, edit.mentor))
        return [Forbid(member=edit.member, mentor=edit.mentor)]

    @_amend.register
    def _(self, edit: Swap) -> list[Edit]:
        _insist(edit.first.member != edit.second.member, "swap: is of one member with themselves")
        first = self._amend(edit.first)
        try:
            return [*self._amend(edit.second), *first]
        except InvalidProblem:
            self.take_back(first)
            raise

    @_amend.register
    def _(self, edit: AddMember) -> list[Edit]:
        _insist_on(first_complaint(self.policy, [edit.member], []), "members[0]", "member")
        before = self.members.get(edit.member.id)
        self.members[edit.member.id] = edit.member
        return [WithdrawMember(member=edit.member.id) if before is None else AddMember(member=before)]

    @_amend.register
    def _(self, edit: AddMentor) -> list[Edit]:
        _insist_on(first_complaint(self.policy, [], [edit.mentor]), "mentors[0]", "mentor")
        before = self.mentors.get(edit.mentor.id)
        self.mentors[edit.mentor.id] = edit.mentor
        return [WithdrawMentor(mentor=edit.mentor.id) if before is None else AddMentor(mentor=before)]

    @_amend.register
    def _(self, edit: WithdrawMember) -> list[Edit]:
        self._know(edit.member)
        pinned = self._unpinned([edit.member] if edit.member in self.pins else [])
        return [AddMember(member=self.members.pop(edit.member)), *pinned]

    @_amend.register
    def _(self, edit: WithdrawMentor) -> list[Edit]:
        self._know(mentor=edit.mentor)
        pinned = self._unpinned([member for member, mentor in self.pins.items() if mentor == edit.mentor])
        return [AddMentor(mentor=self.mentors.pop(edit.mentor)), *pinned]

    @_amend.register
    def _(self, edit: ChangeCapacity) -> list[Edit]:
        self._know(mentor=edit.mentor)
        before = self.mentors[edit.mentor]
        self._amend(AddMentor(mentor=replace(before, capacity=edit.capacity)))
        return [ChangeCapacity(mentor=edit.mentor, capacity=before.capacity)]

    @_amend.register
    def _(self, edit: ChangePolicy) -> list[Edit]:
        _insist_on(first_complaint(edit.policy, [], []))
        before, self.policy = self.policy, edit.policy
        return [ChangePolicy(policy=before)]

    def _unpinned(self, members: list[str]) -> list[Pin]:
        return [Pin(member=member, mentor=self.pins.pop(member)) for member in members]

    def _know(self, member: str | None = None, mentor: str | None = None) -> None:
        _insist(member is None or member in self.members, "member: is the id of no member")
        _insist(mentor is None or mentor in self.mentors, "mentor: is the id of no mentor")


def _insist(holds: bool, complaint: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not holds:
        raise InvalidProblem(complaint)


def _insist_on(complaint: str | None, place: str = "", name: str = "") -> None:
    if complaint:
        raise InvalidProblem(complaint.replace(place, name, 1) if place else complaint)
