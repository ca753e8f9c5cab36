"""What is a coordinator shown of a draft? Names, what each change did, and of each pair as much as both let be told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from api.planning.plans import Plan
from api.rounds import explanation_of
from api.showing import Page, Paging, Reader, facts_told
from domain.draft import Draft, DraftEdit
from domain.member import Member
from domain.mentor import Mentor
from matching.session import Change
from matching.session.session import growth
from matching.solution import Objective
from matching.what_if import Move
from projections.explained import ALL


@dataclass(frozen=True)
class Named:
    """Somebody, by what they are known by."""

    id: UUID
    ref: str
    handle: str


@dataclass(frozen=True)
class Pair:
    """A pair of the plan. `was` is the member's mentor in the plan without changes, if that is another or none."""

    member: Named
    mentor: Named
    is_pinned: bool
    has_moved: bool
    was: Named | None
    fit: int | None
    explanation: dict[str, Any]


@dataclass(frozen=True)
class Moved:
    """Somebody whose mentor changes; none stands for waiting."""

    member: Named
    before: Named | None
    after: Named | None


@dataclass(frozen=True)
class Done:
    """A change that stands, by whom and why, and what it did: how each level grew, and who else moved."""

    kind: str
    who: list[Named]
    places: int | None
    why: str | None
    by: str
    growth: Objective
    moves: list[Moved]


@dataclass(frozen=True)
class Standing:
    """How a draft stands: what it reaches, what it would without changes, and whether it is proven best."""

    members: int
    served: int
    objective: Objective
    bound: Objective
    optimal: bool
    growth: Objective
    changes: list[Done]
    lost: list[Named]


def standing(plan: Plan) -> Standing:
    """Give how a draft stands as a whole. `lost` are those who wait with the changes, and would not without."""
    people = _Names(plan)
    before, after = dict(plan.first.answer.assignment), dict(plan.solution.answer.assignment)
    return Standing(
        members=len(plan.question.problem.members),
        served=plan.solution.objective.served,
        objective=plan.solution.objective,
        bound=plan.solution.bound,
        optimal=plan.solution.optimal,
        growth=growth(plan.first.objective, plan.solution.objective),
        changes=[people.done(edit, change) for edit, change in zip(plan.edits, plan.changes, strict=True)],
        lost=[people.named(member) for member in before if member not in after],
    )


def pairs(reader: Reader, plan: Plan, paging: Paging) -> Page[Pair]:
    """Give a page of the pairs of a plan, those that the changes moved first; it is recorded as told."""
    people, proposals = _Names(plan), plan.solution.proposals
    before, pinned = dict(plan.first.answer.assignment), _pinned(plan)

    def has_moved(member: str, mentor: str) -> bool:
        return before.get(member) != mentor

    ordered = sorted(proposals, key=lambda each: (not has_moved(each.member, each.mentor), people.handle(each.member)))
    start = (paging.number - 1) * paging.size
    chosen = ordered[start : start + paging.size]
    members, mentors = plan.question.pool.members, plan.question.pool.mentors
    persons = [(members[plan.ids[each.member]], mentors[plan.ids[each.mentor]]) for each in chosen]
    told = reader.told(
        (person, fields)
        for member, mentor in persons
        for person, fields in ((member.person_id, ALL.of_member), (mentor.person_id, ALL.of_mentor))
    )
    rows = []
    for each, (member, mentor) in zip(chosen, persons, strict=True):
        why = msgspec.to_builtins(explanation_of(plan.question.pool, plan.ids, each))
        facts, fit = facts_told(why, told[member.person_id], told[mentor.person_id])
        rows.append(
            Pair(
                member=people.named(each.member),
                mentor=people.named(each.mentor),
                is_pinned=plan.ids[each.member] in pinned,
                has_moved=has_moved(each.member, each.mentor),
                was=people.maybe(before.get(each.member)) if has_moved(each.member, each.mentor) else None,
                fit=fit,
                explanation=facts,
            )
        )
    return Page(rows, paging.number, paging.pages_of(len(proposals)))


def _pinned(plan: Plan) -> frozenset[UUID]:
    """Give the members whose pairs the edits hold."""
    found: set[UUID] = set()
    for edit in plan.edits:
        match edit:
            case Draft.Pinned():
                found.add(edit.member_id)
            case Draft.Swapped():
                found |= {edit.first_member_id, edit.second_member_id}
            case Draft.Unpinned():
                found.discard(edit.member_id)
    return frozenset(found)


class _Names:
    """By what the people of a plan are known."""

    def __init__(self, plan: Plan) -> None:
        self._ids = plan.ids
        pool = plan.question.pool
        self._people: Mapping[UUID, Member | Mentor] = {**pool.members, **pool.mentors}

    def by_id(self, identifier: UUID) -> Named:
        profile = self._people[identifier].profile
        return Named(identifier, profile.ref, profile.handle)

    def named(self, name: str) -> Named:
        return self.by_id(self._ids[name])

    def maybe(self, name: str | None) -> Named | None:
        return None if name is None else self.named(name)

    def handle(self, name: str) -> str:
        return self.named(name).handle

    def done(self, edit: DraftEdit, change: Change) -> Done:
        return Done(
            kind=edit.TOPIC.removeprefix("draft."),
            who=[self.by_id(identifier) for identifier in _concerned(edit)],
            places=edit.capacity if isinstance(edit, Draft.PlacesTried) else None,
            why=getattr(edit, "why", None),
            by=edit.by,
            growth=change.growth,
            moves=[self._moved(move) for move in change.moves],
        )

    def _moved(self, move: Move) -> Moved:
        return Moved(self.named(move.member), self.maybe(move.before), self.maybe(move.after))


def _concerned(edit: DraftEdit) -> Sequence[UUID]:
    """Give whom an edit names: members before their mentors."""
    match edit:
        case Draft.Pinned() | Draft.KeptApart():
            return (edit.member_id, edit.mentor_id)
        case Draft.Swapped():
            return (edit.first_member_id, edit.first_mentor_id, edit.second_member_id, edit.second_mentor_id)
        case Draft.Unpinned():
            return (edit.member_id,)
        case Draft.SetAside():
            return (edit.subject_id,)
        case Draft.PlacesTried():
            return (edit.mentor_id,)
    return ()


@dataclass(frozen=True)
class MemberChoice:
    """A member, whom they would meet, and whether the changes hold that pair."""

    named: Named
    partner: Named | None
    is_pinned: bool


@dataclass(frozen=True)
class MentorChoice:
    """A mentor, and how many places they have in the draft, those of open matches included."""

    named: Named
    places: int


@dataclass(frozen=True)
class Choices:
    """Everybody in a draft, by their handles."""

    members: list[MemberChoice]
    mentors: list[MentorChoice]

    @property
    def waiting(self) -> list[MemberChoice]:
        """Those who would wait."""
        return [each for each in self.members if each.partner is None]


def people(plan: Plan) -> Choices:
    """Give everybody in a draft; names are shown without asking."""
    names, pinned, mentor_of = _Names(plan), _pinned(plan), dict(plan.solution.answer.assignment)
    places = {mentor.id: mentor.capacity for mentor in plan.question.problem.mentors}
    tried = {edit.mentor_id: edit.capacity for edit in plan.edits if isinstance(edit, Draft.PlacesTried)}
    members = [
        MemberChoice(names.named(name), names.maybe(mentor_of.get(name)), plan.ids[name] in pinned)
        for name in (each.id for each in plan.question.problem.members)
    ]
    mentors = [MentorChoice(names.named(name), tried.get(plan.ids[name], places[name])) for name in places]
    return Choices(
        sorted(members, key=lambda each: each.named.handle), sorted(mentors, key=lambda each: each.named.handle)
    )
