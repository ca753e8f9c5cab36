"""Is a plan of circles one that the rules allow, and what does it reach? Told from the problem, without the model."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from matching.circles.candidates import NOT_POSSIBLE, Candidate, Setting
from matching.circles.others import may_meet
from matching.week import SLOT_MINUTES, SLOTS

Plan = Sequence[tuple[Candidate, Sequence[int]]]
"""Circles with the positions of their members."""


@dataclass(frozen=True, slots=True)
class Levels:
    """What a plan reaches; `evenness`, the members that the largest has more than the smallest, counts against it."""

    order_of_serving: int
    fit: int
    evenness: int

    def signed(self) -> tuple[int, int, int]:
        """Give the levels so that more is better on each."""
        return self.order_of_serving, self.fit, -self.evenness


def levels_of(setting: Setting, plan: Plan) -> Levels:
    """Count what a plan reaches, in whole numbers."""
    sizes = [len(members) for _, members in plan]
    return Levels(
        sum(int(setting.pool.r[i]) for _, members in plan for i in members),
        sum(int(candidate.fit[i]) for candidate, members in plan for i in members),
        max(sizes, default=0) - min(sizes, default=0),
    )


def complaints(setting: Setting, plan: Plan, apart: frozenset[tuple[str, str]]) -> Iterator[str]:
    """Say which rules a plan breaks; nothing, if it breaks none."""
    for candidate, members in plan:
        yield from (f"{name}: in a circle on {candidate.topic}" for name in _of_one(setting, candidate, members, apart))
    if max(Counter(i for _, members in plan for i in members).values(), default=0) > 1:
        yield "a member is in two circles"
    opened = Counter(candidate.facilitator for candidate, _ in plan)
    if any(circles > setting.free_places(j) for j, circles in opened.items()):
        yield "a facilitator has more circles than places"
    if any(_clash(setting, one, other) for one, other in combinations(plan, 2)):
        yield "somebody would be in two places at one time, or two people would support each other"


def _of_one(
    setting: Setting, candidate: Candidate, members: Sequence[int], apart: frozenset[tuple[str, str]]
) -> Iterator[str]:
    policy, people = setting.policy, [setting.members[i] for i in members]
    if not policy.least_size <= len(members) <= policy.most_size:
        yield "size"
    if (candidate.fit[list(members)] == NOT_POSSIBLE).any():
        yield "member"
    if not all(may_meet(one, other, apart) for one, other in combinations(people, 2)):
        yield "others"
    for number, rule in enumerate(policy.compositions):
        if not rule.holds(candidate.topic, sum(map(rule.counts, people))):
            yield f"compositions[{number}]"


def _clash(setting: Setting, one: tuple[Candidate, Sequence[int]], other: tuple[Candidate, Sequence[int]]) -> bool:
    (first, guests), (second, others) = one, other
    between = (second.slot - first.slot) % SLOTS * SLOT_MINUTES
    minutes = setting.policy.meeting_minutes
    overlap = between < minutes or SLOTS * SLOT_MINUTES - between < minutes
    hosts = [int(setting.pool.mentor_person[candidate.facilitator]) for candidate in (first, second)]
    first_hosts_second = hosts[1] in setting.pool.member_person[list(guests)]
    second_hosts_first = hosts[0] in setting.pool.member_person[list(others)]
    is_twice = hosts[0] == hosts[1] or first_hosts_second or second_hosts_first
    return (overlap and is_twice) or (first_hosts_second and second_hosts_first)
