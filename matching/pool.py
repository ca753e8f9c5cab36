"""What do the rules and the fit read of each person, laid out in columns?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from matching.arrays import Indices, Ints
from matching.hours.free import FreeHours, free_hours
from matching.packing import Facing, facing
from matching.people import ANY_GENDER, SAME_GENDER, Member, Mentor
from matching.policy import Policy
from matching.problem import Problem
from matching.ranks import ranks
from matching.week import facing_weeks

UNKNOWN: Final = -1
ANY: Final = -2
NOBODY: Final = -3


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """The problem in columns: members stand in the order of their ids, and so do mentors.

    What is compared as sets is a `Facing`; numbers of members have shape (n,), of mentors (m,). `barred`,
    `kept` and `pins` hold the keys of their pairs, ascending. `hours` are known if the policy has standing hours.
    """

    members: tuple[Member, ...]
    mentors: tuple[Mentor, ...]
    policy: Policy
    languages: Facing
    first_language: Facing
    contact_modes: Facing
    week: Facing
    hours: FreeHours | None
    needs: Facing
    avoided: Facing
    declined: Facing
    matchable: Facing
    needs_stated: Ints
    modes_stated: Ints
    wanted_gender: Ints
    mentor_gender: Ints
    member_age: Ints
    mentor_age: Ints
    member_person: Ints
    mentor_person: Ints
    r: Ints
    barred: Ints
    kept: Ints
    pins: Ints
    seed: str

    def keys(self, i: Indices, j: Indices) -> Ints:
        """Number pairs so that the order of the numbers is the order of (member, mentor)."""
        return i.astype(np.int64) * len(self.mentors) + j


def pool_of(problem: Problem) -> Pool:
    """Lay out a problem; who stands where depends on the ids alone, not on the order in which people are listed."""
    members = tuple(sorted(problem.members, key=lambda member: member.id))
    mentors = tuple(sorted(problem.mentors, key=lambda mentor: mentor.id))
    languages = [j.languages for j in mentors]
    genders = _numbered(j.gender for j in mentors)
    everybody: list[Member | Mentor] = [*members, *mentors]
    persons = _numbered(each.person for each in everybody)
    return Pool(
        members=members,
        mentors=mentors,
        policy=problem.policy,
        languages=facing([i.languages for i in members], languages),
        first_language=facing([i.languages[:1] for i in members], languages),
        contact_modes=facing([i.contact_modes for i in members], [j.contact_modes for j in mentors]),
        week=facing_weeks(members, mentors, problem.today),
        hours=free_hours(members, mentors, problem.today) if problem.policy.standing_hour else None,
        needs=facing([i.needs for i in members], [j.offers for j in mentors]),
        avoided=facing([i.avoid_topics for i in members], [j.lived_experience | j.offers for j in mentors]),
        declined=facing([i.lived_experience.union(i.needs) for i in members], [j.declined_topics for j in mentors]),
        matchable=facing([i.matchable for i in members], [j.matchable for j in mentors]),
        needs_stated=_ints(len(set(i.needs)) for i in members),
        modes_stated=_ints(len(i.contact_modes) for i in members),
        wanted_gender=_ints(_wanted_gender(i, genders) for i in members),
        mentor_gender=_ints(genders.get(j.gender, UNKNOWN) for j in mentors),
        member_age=_ints(UNKNOWN if i.age is None else i.age for i in members),
        mentor_age=_ints(UNKNOWN if j.age is None else j.age for j in mentors),
        member_person=_ints(persons[i.person] for i in members),
        mentor_person=_ints(persons[j.person] for j in mentors),
        r=ranks(members),
        barred=_keys(problem.barred, members, mentors),
        kept=_keys(problem.kept, members, mentors),
        pins=_keys(problem.pins, members, mentors),
        seed=problem.seed,
    )


def _wanted_gender(member: Member, genders: dict[str | None, int]) -> int:
    if member.mentor_gender == ANY_GENDER:
        return ANY
    wanted = member.gender if member.mentor_gender == SAME_GENDER else member.mentor_gender
    return genders.get(wanted, NOBODY)


def _numbered(codes: Iterable[str | None]) -> dict[str | None, int]:
    return {code: number for number, code in enumerate(sorted({code for code in codes if code is not None}))}


def _ints(numbers: Iterable[int]) -> Ints:
    return np.fromiter(numbers, dtype=np.int64)


def _keys(pairs: Iterable[tuple[str, str]], members: Sequence[Member], mentors: Sequence[Mentor]) -> Ints:
    i = {member.id: index for index, member in enumerate(members)}
    j = {mentor.id: index for index, mentor in enumerate(mentors)}
    return np.sort(_ints(i[a] * len(mentors) + j[b] for a, b in pairs if a in i and b in j))
