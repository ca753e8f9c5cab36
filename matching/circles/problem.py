"""Who wants a circle, and what would make a good plan of circles?

**Notation.** Members `i` want to meet others on a topic, with ranks `r_i` as in `matching.problem`. Facilitators `j`
are mentors whose capacity and open count circles; their offers are the topics that they facilitate. A *circle* has one
facilitator, a topic that they offer, a language, a way to meet and an hour of the week, and from `least_size` to
`most_size` members. It is feasible when

- `topic`, `language`, `contact-mode`: all of it want the topic, speak the language, meet in this way;
- `hour`: it begins on a full hour of the facilitator's clock and all are free for `meeting_minutes`, every week for a
  year, whatever the clocks of their zones do meanwhile;
- `member-boundary`, `mentor-boundary`, `preference`, `relation` hold between each member and the facilitator as in
  `matching.rules`, and nobody avoids the topic;
- `others`: nothing that a member avoids was lived through by another member, no two members are kept apart, and where a
  member wishes for a circle of one gender, all others and the facilitator are of that gender;
- every rule of composition holds.

Nobody is in two circles, nobody is in two places at one time, no two people support each other, and a facilitator has
no more circles than places.

**Problem.** Choose circles so that, each level before the next,

1. order of serving: the sum of `r_i` over the members served is greatest;
2. fit: the sum over the members served is greatest, each by the terms of `fit`;
3. evenness: the largest circle has as few members more than the smallest as can be.

A circle needs several, so the sets that can be served together are no matroid: a member of high rank can be passed over
for several of lower rank. Lots drawn from the seed decide between equals.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Final

from matching.people import ANY_GENDER, MINUTES_A_DAY, URGENCIES, Member, Mentor
from matching.policy import Policy
from matching.problem import Problem
from matching.validity import MOST_POINTS, InvalidProblem, first_complaint
from matching.week import SLOT_MINUTES

URGENCY: Final = "urgency"
GENDER: Final = "gender"
LIVED_EXPERIENCE: Final = "lived-experience"
GROUP: Final = "group"
TRAITS: Final = (URGENCY, GENDER, LIVED_EXPERIENCE, GROUP)


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleMember(Member):
    """Somebody who wants a circle on one of `topics`, the most wanted first.

    `groups` are those that rules of composition speak of, as far as the member lets them. `circle_gender` is `any`,
    `same` or a gender, and speaks of all others in the circle.
    """

    topics: tuple[str, ...]
    groups: frozenset[str] = frozenset()
    circle_gender: str = ANY_GENDER


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """How many members of a circle may have something: from `least` to `most`, or with `or_none` nobody.

    "Nobody is the only one" is least 2 or none. `trait` says where `value` is looked up: the urgency, the gender, the
    groups, or the lived experience as far as it is matchable. With a `topic` it holds for circles on that alone.
    """

    trait: str
    value: str
    least: int = 0
    most: int | None = None
    or_none: bool = False
    topic: str | None = None

    def counts(self, member: CircleMember) -> bool:
        """Tell whether a member is one of those who are counted."""
        if self.trait == URGENCY:
            return member.urgency == self.value
        if self.trait == GENDER:
            return member.gender == self.value
        return self.value in (member.groups if self.trait == GROUP else member.matchable)

    def holds(self, topic: str, count: int) -> bool:
        """Tell whether a circle on a topic may have so many of them."""
        if self.topic not in {None, topic} or (self.or_none and not count):
            return True
        return count >= self.least and (self.most is None or count <= self.most)


@dataclass(frozen=True, slots=True, kw_only=True)
class CirclePolicy:
    """Every number of the problem; points add up to at most 1,000."""

    least_size: int = 4
    most_size: int = 12
    meeting_minutes: int = 60
    weeks: int = 52
    first_topic_points: int = 500
    other_topic_points: int = 250
    one_experience_points: int = 200
    more_experiences_points: int = 300
    first_language_points: int = 200
    compositions: tuple[Composition, ...] = ()

    @property
    def full_fit(self) -> int:
        """The fit of a member who has everything."""
        topic = max(self.first_topic_points, self.other_topic_points)
        return topic + max(self.one_experience_points, self.more_experiences_points) + self.first_language_points


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleProblem:
    """One round's question. People whose consent or standing does not hold must be left out by the caller.

    `barred` holds pairs (member id, facilitator id), `apart` pairs of members who may not be in one circle. Hours at
    which a facilitator has a circle already must be left out of their availability.

    Raises `InvalidProblem` when a part of it cannot be.
    """

    today: date
    members: tuple[CircleMember, ...]
    facilitators: tuple[Mentor, ...]
    policy: CirclePolicy = field(default_factory=CirclePolicy)
    barred: frozenset[tuple[str, str]] = frozenset()
    apart: frozenset[tuple[str, str]] = frozenset()
    seed: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        complaint = first_complaint(Policy(), self.members, ())
        if complaint := complaint or next(self._complaints(), None):
            raise InvalidProblem(complaint)

    def _complaints(self) -> Iterator[str]:
        if complaint := first_complaint(Policy(), (), self.facilitators):
            yield f"facilitators{complaint.removeprefix('mentors')}"
        for side in ("members", "facilitators"):
            persons: set[str] = set()
            for number, each in enumerate(getattr(self, side)):
                if each.person in persons:
                    yield f"{side}[{number}].person: stands more than once"
                persons.add(each.person)
        yield from (f"policy.{complaint}" for complaint in _policy(self.policy))
        for number, rule in enumerate(self.policy.compositions):
            yield from (f"policy.compositions[{number}].{complaint}" for complaint in _composition(rule))


def _policy(policy: CirclePolicy) -> Iterator[str]:
    for number in fields(policy):
        if number.type is int and getattr(policy, number.name) < 0:
            yield f"{number.name}: is negative"
    if policy.full_fit > MOST_POINTS:
        yield f"full_fit: the points add up to more than {MOST_POINTS}"
    if not 1 <= policy.least_size <= policy.most_size:
        yield "least_size: is not from 1 to most_size"
    if policy.meeting_minutes % SLOT_MINUTES or not 0 < policy.meeting_minutes <= MINUTES_A_DAY:
        yield "meeting_minutes: is not a number of quarters of an hour within a day"
    if not policy.weeks:
        yield "weeks: is not at least 1"


def _composition(rule: Composition) -> Iterator[str]:
    if rule.trait not in TRAITS:
        yield f"trait: is not one of {', '.join(TRAITS)}"
    if rule.trait == URGENCY and rule.value not in URGENCIES:
        yield f"value: is not one of {', '.join(URGENCIES)}"
    if rule.least < 0:
        yield "least: is negative"
    if rule.most is not None and rule.most < rule.least:
        yield "most: is less than least"


def in_pairs(problem: CircleProblem) -> Problem:
    """Look at members and facilitators as at members and mentors, so that rules of pairs can be asked."""
    return Problem(
        today=problem.today,
        members=problem.members,
        mentors=problem.facilitators,
        barred=problem.barred,
        seed=problem.seed,
    )
