"""Making the edit that a coordinator asks for, from the plan as it is.

What is refused is refused in the same words whatever the reason, and pairs are kept apart only where the plan has
them: so nobody learns from an answer which of two people has a boundary, or that somebody keeps somebody away.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Final
from uuid import UUID

from api.planning.edits import NOT_POSSIBLE
from api.planning.plans import Plan
from domain.draft import Draft, DraftEdit
from domain.errors import EditNotPossible
from domain.match import Side
from domain.member import Member
from domain.mentor import Mentor
from domain.programme import Policy
from domain.reasons import reason_as_written

Make = Callable[[Plan, datetime, str], DraftEdit]

NOT_IN_THE_PLAN: Final = "These two are not together in this plan."


class People:
    """The people of a plan, by their ids."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def member(self, identifier: UUID) -> Member:
        """Give a member who is in the plan's question. Raises `EditNotPossible`."""
        if identifier not in self._entered:
            raise EditNotPossible(NOT_POSSIBLE)
        return self.plan.question.pool.members[identifier]

    def mentor(self, identifier: UUID) -> Mentor:
        """Give a mentor who is in the plan's question. Raises `EditNotPossible`."""
        if identifier not in self._entered:
            raise EditNotPossible(NOT_POSSIBLE)
        return self.plan.question.pool.mentors[identifier]

    @cached_property
    def mentor_of(self) -> dict[UUID, UUID]:
        """Whom each member served meets."""
        ids = self.plan.ids
        return {ids[member]: ids[mentor] for member, mentor in self.plan.solution.answer.assignment}

    @cached_property
    def _entered(self) -> frozenset[UUID]:
        return frozenset(self.plan.ids.values())


def pinned(member_id: UUID, mentor_id: UUID, why: str) -> Make:
    """Pin a pair."""

    def make(plan: Plan, at: datetime, by: str) -> DraftEdit:
        people = People(plan)
        return Draft.Pinned(**_pair(people, member_id, mentor_id), why=reason_as_written(why), at=at, by=by)

    return make


def unpinned(member_id: UUID) -> Make:
    """Free a member again."""
    return lambda plan, at, by: Draft.Unpinned(member_id=People(plan).member(member_id).id, at=at, by=by)


def kept_apart(member_id: UUID, mentor_id: UUID, why: str) -> Make:
    """Keep a pair of the plan apart."""

    def make(plan: Plan, at: datetime, by: str) -> DraftEdit:
        people = People(plan)
        if people.mentor_of.get(member_id) != mentor_id:
            raise EditNotPossible(NOT_IN_THE_PLAN)
        return Draft.KeptApart(**_pair(people, member_id, mentor_id), why=reason_as_written(why), at=at, by=by)

    return make


def swapped(member_id: UUID, other_id: UUID, why: str) -> Make:
    """Let two members of the plan exchange their mentors."""

    def make(plan: Plan, at: datetime, by: str) -> DraftEdit:
        people = People(plan)
        mentors = people.mentor_of.get(other_id), people.mentor_of.get(member_id)
        if None in mentors or len(set(mentors)) == 1:
            raise EditNotPossible("Only two members who each meet somebody else in this plan can exchange mentors.")
        pairs = zip(("first", "second"), (member_id, other_id), mentors, strict=True)
        named = {
            f"{place}_{name}": identifier
            for place, member, mentor in pairs
            if mentor is not None
            for name, identifier in _pair(people, member, mentor).items()
        }
        return Draft.Swapped(**named, why=reason_as_written(why), at=at, by=by)

    return make


def set_aside(side: Side, subject_id: UUID, why: str) -> Make:
    """Leave a member or a mentor out this time."""

    def make(plan: Plan, at: datetime, by: str) -> DraftEdit:
        people = People(plan)
        person = (people.member(subject_id) if side == Side.MEMBER else people.mentor(subject_id)).person_id
        why_written = reason_as_written(why)
        return Draft.SetAside(side=side, subject_id=subject_id, person_id=person, why=why_written, at=at, by=by)

    return make


def places_tried(mentor_id: UUID, capacity: int) -> Make:
    """Try another number of places of a mentor."""
    return lambda plan, at, by: Draft.PlacesTried(
        mentor_id=People(plan).mentor(mentor_id).id, capacity=capacity, at=at, by=by
    )


def policy_tried(policy: Policy) -> Make:
    """Try another policy."""
    return lambda _, at, by: Draft.PolicyTried(policy=policy, at=at, by=by)


def _pair(people: People, member_id: UUID, mentor_id: UUID) -> dict[str, UUID]:
    member, mentor = people.member(member_id), people.mentor(mentor_id)
    return {
        "member_id": member.id,
        "mentor_id": mentor.id,
        "member_person_id": member.person_id,
        "mentor_person_id": mentor.person_id,
    }
