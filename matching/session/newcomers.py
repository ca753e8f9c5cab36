"""How is a newcomer packed, so that the words mean what they mean for everybody else?

The words of a person depend on which codes occur in the whole pool. So newcomers are packed beside witnesses: a few
people of the pool who between them have every code, on each side, that anybody had. If the words of all witnesses come
out as they are in the pool, those of the newcomers fit into it; if not, the pool has to be packed anew.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Generic, TypeVar

import numpy as np

from matching.people import Member, Mentor
from matching.pool import pool_of
from matching.problem import Problem
from matching.session.words import Packed, Side, packed

Code = tuple[str, object]

Person = TypeVar("Person", Member, Mentor)


class Unpackable(Exception):
    """Somebody has a code that the pool has no bit for."""


class Witnesses:
    """The people beside whom newcomers are packed."""

    def __init__(self, problem: Problem, members: Sequence[Member], mentors: Sequence[Mentor], whole: Packed) -> None:
        """Choose witnesses; people stand in the rows of the packed pool."""
        self._alone = replace(problem, members=(), mentors=(), barred=frozenset(), kept=frozenset(), pins=())
        self._tables = whole[3:]
        self._members = _Witnessed[Member](_codes_of_member)
        self._mentors = _Witnessed[Mentor](_codes_of_mentor)
        self._members.hear(members, whole.members)
        self._mentors.hear(mentors, whole.mentors)

    def packed(self, members: Sequence[Member], mentors: Sequence[Mentor]) -> tuple[Side, Side]:
        """Pack newcomers, in the order in which they stand. Raises `Unpackable`."""
        beside = replace(
            self._alone,
            members=_named([*self._members.people, *members]),
            mentors=_named([*self._mentors.people, *mentors]),
        )
        part = packed(pool_of(beside), np.empty(0, dtype=np.int64))
        if not all(np.array_equal(one, other) for one, other in zip(part[3:], self._tables, strict=True)):
            raise Unpackable
        sides = self._members.beside(part.members), self._mentors.beside(part.mentors)
        self._members.hear(members, sides[0])
        self._mentors.hear(mentors, sides[1])
        return sides


class _Witnessed(Generic[Person]):
    """The witnesses of one side, the codes that they have, and their words."""

    def __init__(self, codes_of: Callable[[Person], set[Code]]) -> None:
        self.people: list[Person] = []
        self._codes_of: Callable[[Person], set[Code]] = codes_of
        self._codes: set[Code] = set()
        self._words: list[Side] = []

    def hear(self, people: Sequence[Person], side: Side) -> None:
        """Make witnesses of those who have a code that no witness has."""
        for row, person in enumerate(people):
            codes = self._codes_of(person)
            if not codes <= self._codes:
                self._codes |= codes
                self.people.append(person)
                self._words.append(_rows(side, slice(row, row + 1)))

    def beside(self, part: Side) -> Side:
        """Give the words of those who stand after the witnesses. Raises `Unpackable`."""
        heard = len(self.people)
        found = _rows(part, slice(heard))
        if heard and not all(
            np.array_equal(np.concatenate(words, axis=axis), there)
            for words, there, axis in zip(zip(*self._words, strict=True), found, (1, 0, 0), strict=True)
        ):
            raise Unpackable
        return _rows(part, slice(heard, None))


def _rows(side: Side, rows: slice) -> Side:
    """Take some people out of a side."""
    return Side(side.glance[:, rows], side.sets[rows], side.numbers[rows])


def _named(people: Sequence[Person]) -> tuple[Person, ...]:
    """Name people so that they stand in this order."""
    width = len(str(len(people)))
    return tuple(replace(each, id=f"{number:0{width}}") for number, each in enumerate(people))


def _codes_of_member(member: Member) -> set[Code]:
    needs = set(member.needs)
    sets: dict[str, Iterable[object]] = {
        "language": member.languages,
        "first": member.languages[:1],
        "mode": member.contact_modes,
        "need": needs,
        "avoided": member.avoid_topics,
        "told": member.lived_experience | needs,
        "matchable": member.matchable,
        "stated": (len(needs),),
        "modes stated": (len(member.contact_modes),),
    }
    return {(name, code) for name, codes in sets.items() for code in codes}


def _codes_of_mentor(mentor: Mentor) -> set[Code]:
    sets: dict[str, Iterable[object]] = {
        "language": mentor.languages,
        "mode": mentor.contact_modes,
        "offer": mentor.offers,
        "told": mentor.lived_experience | mentor.offers,
        "declined": mentor.declined_topics,
        "matchable": mentor.matchable,
        "gender": (mentor.gender,),
    }
    return {(name, code) for name, codes in sets.items() for code in codes}
