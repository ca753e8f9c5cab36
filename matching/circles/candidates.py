"""Which circles could there be: whose, on what, in which language, how and when, and who could be in them?

Of candidates of one facilitator on one topic, all but the roomiest are left out: those where whoever can be in them, at
whatever fit, can be in another at no less. The hour decides nothing then, unless the facilitator may have several
circles or somebody is on both sides and cannot be in two places; those candidates are compared within their hour.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, product
from typing import Final

import numpy as np

from matching.arrays import Flags, Ints
from matching.circles.hours import HOURS, StandingHours, standing_hours
from matching.circles.problem import CircleMember, CirclePolicy, CircleProblem, in_pairs
from matching.people import ANY_GENDER, SAME_GENDER, Mentor
from matching.pool import Pool, pool_of
from matching.rules import RULES

BETWEEN_TWO: Final = ("member-boundary", "mentor-boundary", "preference", "relation")
"""The rules of pairs that hold between a member and the facilitator, as they stand."""

NOT_POSSIBLE: Final = -1


@dataclass(frozen=True, slots=True)
class Candidate:
    """A circle that could be: `fit` (n,) is that of each member, -1 for whoever cannot be in it.

    `slot` is when it begins in the first week; `is_bound` says that its hour matters to other circles.
    """

    facilitator: int
    topic: str
    language: str
    contact_mode: str
    hour: int
    slot: int
    is_bound: bool
    fit: Ints

    @property
    def order(self) -> tuple[int, str, str, str]:
        """Say which of equal candidates comes first: the earliest in the week."""
        return self.hour, self.topic, self.language, self.contact_mode

    @property
    def kin(self) -> tuple[int, str, int]:
        """Tell which candidates it is compared with."""
        return self.facilitator, self.topic, self.hour if self.is_bound else HOURS

    def possible(self) -> Ints:
        """List the members who can be in it."""
        return np.flatnonzero(self.fit != NOT_POSSIBLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Members and facilitators in the order of their ids, and what holds between each two of them.

    `allowed` (n, m) says it for each of the rules of `BETWEEN_TWO`; `on_both_sides` (n,) marks members who facilitate
    too.
    """

    members: tuple[CircleMember, ...]
    pool: Pool
    policy: CirclePolicy
    hours: StandingHours
    allowed: dict[str, Flags]
    on_both_sides: Flags

    @property
    def facilitators(self) -> tuple[Mentor, ...]:
        """Give the facilitators."""
        return self.pool.mentors

    def free_places(self, j: int) -> int:
        """Count the circles that a facilitator has room for."""
        return max(0, self.facilitators[j].capacity - self.facilitators[j].open)


def setting_of(problem: CircleProblem) -> Setting:
    """Lay out a problem; who stands where depends on the ids alone."""
    pool = pool_of(in_pairs(problem))
    members = tuple(sorted(problem.members, key=lambda member: member.id))
    everybody, facilitators = np.arange(len(members))[:, np.newaxis], np.arange(len(pool.mentors))
    allowed = {name: RULES[name](pool, everybody, facilitators) for name in BETWEEN_TWO}
    alike = [[wishes_for(i, j.gender) for j in pool.mentors] for i in members]
    allowed["preference"] = allowed["preference"] & np.array(alike, dtype=np.bool_).reshape(len(members), -1)
    policy = problem.policy
    return Setting(
        members=members,
        pool=pool,
        policy=policy,
        hours=standing_hours(members, pool.mentors, problem.today, policy.weeks, policy.meeting_minutes),
        allowed=allowed,
        on_both_sides=np.isin(pool.member_person, pool.mentor_person),
    )


def wishes_for(member: CircleMember, gender: str | None) -> bool:
    """Tell whether somebody of a gender may be in a circle with a member, by what the member wishes."""
    if member.circle_gender == ANY_GENDER:
        return True
    wanted = member.gender if member.circle_gender == SAME_GENDER else member.circle_gender
    return wanted is not None and wanted == gender


def everything(setting: Setting) -> Iterator[Candidate]:
    """Find all candidates that have enough members for a circle."""
    for j, facilitator in enumerate(setting.facilitators):
        if setting.free_places(j):
            alone = np.logical_and.reduce([allowed[:, j] for allowed in setting.allowed.values()])
            parts = sorted(facilitator.offers), sorted(set(facilitator.languages)), sorted(facilitator.contact_modes)
            for topic, language, contact_mode in product(*parts):
                fit = _fit(setting, j, topic, language, contact_mode, alone)
                yield from _at_its_hours(setting, j, (topic, language, contact_mode), fit)


def _at_its_hours(setting: Setting, j: int, what: tuple[str, str, str], fit: Ints) -> Iterator[Candidate]:
    facilitator = setting.facilitators[j]
    zone = facilitator.time_zone
    has_more = setting.free_places(j) > 1 or bool((setting.pool.member_person == setting.pool.mentor_person[j]).any())
    for hour in np.flatnonzero(setting.hours.facilitators[j]).tolist():
        theirs = np.where(setting.hours.members[zone][:, hour], fit, NOT_POSSIBLE)
        possible = theirs != NOT_POSSIBLE
        if possible.sum() >= setting.policy.least_size:
            is_bound = has_more or bool((possible & setting.on_both_sides).any())
            yield Candidate(j, *what, hour, int(setting.hours.slots[zone][hour]), is_bound, theirs)


def _fit(setting: Setting, j: int, topic: str, language: str, contact_mode: str, alone: Flags) -> Ints:
    """Give the fit of each member, or -1 to whoever cannot be in it at any hour."""
    terms = [points(setting.policy, member, setting.facilitators[j], topic, language) for member in setting.members]
    joins = np.array(
        [
            topic in member.topics
            and topic not in member.avoid_topics
            and language in member.languages
            and contact_mode in member.contact_modes
            for member in setting.members
        ],
        dtype=np.bool_,
    )
    fits = np.array([sum(each.values()) for each in terms], dtype=np.int64)
    return np.where(joins & alone, fits, NOT_POSSIBLE)


def points(
    policy: CirclePolicy, member: CircleMember, facilitator: Mentor, topic: str, language: str
) -> dict[str, int]:
    """Give the points of a member in a circle, term by term; only what both marked as matchable counts."""
    shared = min(2, len(member.matchable & facilitator.matchable))
    is_first = member.topics[:1] == (topic,)
    return {
        "topic": policy.first_topic_points if is_first else policy.other_topic_points,
        "lived-experience": (0, policy.one_experience_points, policy.more_experiences_points)[shared],
        "first-language": policy.first_language_points * (member.languages[:1] == (language,)),
    }


def roomiest(every: Sequence[Candidate]) -> list[Candidate]:
    """Leave out of candidates, kin beside kin, those that another outdoes for all; of equals the first stays."""
    return [best for _, kin in groupby(every, lambda each: each.kin) for best in _roomiest(list(kin))]


def _roomiest(kin: Sequence[Candidate]) -> list[Candidate]:
    kept: list[Candidate] = []
    for each in sorted(kin, key=lambda each: -int(np.count_nonzero(each.fit != NOT_POSSIBLE))):
        if not any((other.fit >= each.fit).all() for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda each: each.order)
