"""Whom does the rule `relation` keep apart because of who they are?"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from matching.comparing import related
from matching.people import Member, Mentor
from matching.pool import pool_of
from matching.session.draft import Draft
from matching.session.rows import Pair


class BothSides:
    """Who is both a member and a mentor; only they can be kept apart for that."""

    def __init__(self, draft: Draft) -> None:
        """Count everybody."""
        self._draft = draft
        self._members = Counter(each.person for each in draft.members.values())
        self._mentors = Counter(each.person for each in draft.mentors.values())

    def count(self, person: Member | Mentor, step: int) -> None:
        """Count somebody in (1) or out (-1)."""
        side = self._members if isinstance(person, Member) else self._mentors
        side[person.person] += step

    def has_any(self, people: Iterable[Member | Mentor | None]) -> bool:
        """Tell whether one of these people is on both sides."""
        return any(each and self._members[each.person] > 0 and self._mentors[each.person] > 0 for each in people)

    def kept_apart(self) -> set[Pair]:
        """Give the pairs of those who are on both sides that the rule forbids."""
        members = [each for each in self._draft.members.values() if self._mentors[each.person] > 0]
        mentors = [each for each in self._draft.mentors.values() if self._members[each.person] > 0]
        if not members:
            return set()
        pool = pool_of(
            replace(
                self._draft.begun,
                members=tuple(members),
                mentors=tuple(mentors),
                barred=frozenset(self._draft.barred),
                pins=(),
                policy=self._draft.policy,
            )
        )
        keys = related(pool).tolist()
        return {(pool.members[key // len(mentors)].id, pool.mentors[key % len(mentors)].id) for key in keys}
