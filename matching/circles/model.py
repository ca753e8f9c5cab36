"""What is a plan of circles to CP-SAT?

    y_c   0/1   candidate c becomes a circle
    x_ic  0/1   member i is in it, for whoever can be

    x_ic <= y_c,   least y_c <= sum over i of x_ic <= most y_c
    sum over c of x_ic <= 1                               for each member
    sum over the c of a facilitator of y_c <= places      and of those whose hours overlap <= 1
    x_ic <= b,  x_hc <= y_c - b                           for i on one side of a rift and h on the other, b 0/1
    least a <= sum over whoever counts of x_ic <= most a  for each rule of composition; a is y_c, or 0/1 up to y_c
    small <= size of each circle <= large

A candidate stands for its facilitator's topic and hour and not for a numbered seat, so plans that differ by nothing but
the numbering of circles do not exist.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final

import numpy as np
from ortools.sat.python import cp_model

from matching.circles.candidates import Candidate, Setting
from matching.circles.others import Rift
from matching.circles.problem import Composition
from matching.searching import LARGEST_LOT, Level, lot
from matching.week import SLOT_MINUTES, SLOTS

ORDER: Final = "order of serving"
FIT: Final = "fit"
EVENNESS: Final = "evenness"
LOTS: Final = "lots"

Literal = cp_model.IntVar


@dataclass(frozen=True, slots=True)
class CircleModel:
    """The model with its variables: `opened` by candidate, `joined` by candidate and member."""

    model: cp_model.CpModel
    setting: Setting
    candidates: Sequence[Candidate]
    opened: list[Literal] = field(default_factory=list)
    joined: list[dict[int, Literal]] = field(default_factory=list)

    def plan(self, chosen: Sequence[int]) -> list[tuple[Candidate, list[int]]]:
        """Read which candidates become circles, and of whom."""
        return [
            (candidate, [i for i, joins in joined.items() if chosen[joins.index]])
            for candidate, opened, joined in zip(self.candidates, self.opened, self.joined, strict=True)
            if chosen[opened.index]
        ]

    def order_of_serving(self) -> Level:
        """Serve those who come first, and as many as can be."""
        ranks = self.setting.pool.r.tolist()
        every = [(joins, ranks[i]) for joined in self.joined for i, joins in joined.items()]
        return Level(ORDER, *_columns(every), sum(ranks))

    def fit(self) -> Level:
        """Let members be where they fit best."""
        every = [
            (joins, int(candidate.fit[i]))
            for candidate, joined in zip(self.candidates, self.joined, strict=True)
            for i, joins in joined.items()
        ]
        return Level(FIT, *_columns(every), self.setting.policy.full_fit * len(self.setting.members))

    def evenness(self) -> Level:
        """Let the largest circle have few members more than the smallest."""
        most = self.setting.policy.most_size
        large, small = (self.model.new_int_var(0, most, "") for _ in range(2))
        self.model.add(small <= large)
        for opened, joined in zip(self.opened, self.joined, strict=True):
            size = cp_model.LinearExpr.sum(list(joined.values()))
            self.model.add(size <= large)
            self.model.add(small <= size + most - most * opened)
        return Level(EVENNESS, (small, large), (1, -1), 0)

    def lots(self) -> Level:
        """Draw who is with whom."""
        seed, members, facilitators = self.setting.pool.seed, self.setting.members, self.setting.facilitators
        every = [
            (joins, lot(seed, members[i].id, facilitators[candidate.facilitator].id, *_when(candidate)))
            for candidate, joined in zip(self.candidates, self.joined, strict=True)
            for i, joins in joined.items()
        ]
        return Level(LOTS, *_columns(every), LARGEST_LOT * len(members))


def modelled(setting: Setting, candidates: Sequence[Candidate], rifts: Sequence[Rift]) -> CircleModel:
    """Put the rules of a plan into a model."""
    found = CircleModel(cp_model.CpModel(), setting, candidates)
    for candidate in candidates:
        found.opened.append(found.model.new_bool_var(""))
        found.joined.append({i: found.model.new_bool_var("") for i in candidate.possible().tolist()})
        add_circle(found.model, setting, candidate, found.opened[-1], found.joined[-1], rifts)
    _one_circle_each(found)
    _facilitators(found)
    _one_place_at_a_time(found)
    _no_mutual_support(found)
    return found


def add_circle(
    model: cp_model.CpModel,
    setting: Setting,
    candidate: Candidate,
    opened: Literal,
    joined: dict[int, Literal],
    rifts: Sequence[Rift],
) -> None:
    """Let a candidate become a circle only by the rules of size and composition, and nobody meet across a rift."""
    policy, size = setting.policy, cp_model.LinearExpr.sum(list(joined.values()))
    model.add(size >= policy.least_size * opened)
    model.add(size <= policy.most_size * opened)
    for joins in joined.values():
        model.add_implication(joins, opened)
    for rule in policy.compositions:
        if rule.topic in {None, candidate.topic}:
            _composition(model, rule, opened, [joins for i, joins in joined.items() if rule.counts(setting.members[i])])
    for rift in rifts:
        _part(model, opened, *([joined[i] for i in sorted(side & joined.keys())] for side in (rift.left, rift.right)))


def _part(model: cp_model.CpModel, opened: Literal, left: list[Literal], right: list[Literal]) -> None:
    if not left or not right:
        return
    if len(left) > 1 and len(right) > 1:
        is_left = model.new_bool_var("")
        for joins in left:
            model.add_implication(joins, is_left)
        left = [is_left]
    alone, others = (left[0], right) if len(left) == 1 else (right[0], left)
    for joins in others:
        model.add(alone + joins <= opened)


def _composition(model: cp_model.CpModel, rule: Composition, opened: Literal, counted: list[Literal]) -> None:
    count = cp_model.LinearExpr.sum(counted)
    some = opened
    if rule.or_none:
        some = model.new_bool_var("")
        model.add_implication(some, opened)
        for joins in counted:
            model.add_implication(joins, some)
    model.add(count >= rule.least * some)
    if rule.most is not None:
        model.add(count <= rule.most * some)


def _one_circle_each(found: CircleModel) -> None:
    by_member: defaultdict[int, list[Literal]] = defaultdict(list)
    for joined in found.joined:
        for i, joins in joined.items():
            by_member[i].append(joins)
    for every in by_member.values():
        found.model.add_at_most_one(every)


def _facilitators(found: CircleModel) -> None:
    by_facilitator: defaultdict[int, list[int]] = defaultdict(list)
    for number, candidate in enumerate(found.candidates):
        by_facilitator[candidate.facilitator].append(number)
    for j, numbers in by_facilitator.items():
        opened = [found.opened[number] for number in numbers]
        places = found.setting.free_places(j)
        if places == 1:
            found.model.add_at_most_one(opened)
            continue
        found.model.add(cp_model.LinearExpr.sum(opened) <= places)
        for slot in sorted({found.candidates[number].slot for number in numbers}):
            meanwhile = [number for number in numbers if _runs_at(found, number, slot)]
            found.model.add_at_most_one(found.opened[number] for number in meanwhile)


def _runs_at(found: CircleModel, number: int, slot: int) -> bool:
    since = (slot - found.candidates[number].slot) % SLOTS
    return since * SLOT_MINUTES < found.setting.policy.meeting_minutes


def _one_place_at_a_time(found: CircleModel) -> None:
    """Keep whoever facilitates from being a member elsewhere meanwhile."""
    for own, other, joins in _both_sides(found):
        one, two = found.candidates[own].slot, found.candidates[other].slot
        if _runs_at(found, own, two) or _runs_at(found, other, one):
            found.model.add_at_most_one((found.opened[own], joins))


def _both_sides(found: CircleModel) -> Iterator[tuple[int, int, Literal]]:
    """Give for everybody on both sides each candidate of theirs, with each other that they may be a member of."""
    pool = found.setting.pool
    for i in np.flatnonzero(found.setting.on_both_sides).tolist():
        theirs = pool.mentor_person == pool.member_person[i]
        own = [number for number, candidate in enumerate(found.candidates) if theirs[candidate.facilitator]]
        others = [(number, joined[i]) for number, joined in enumerate(found.joined) if i in joined]
        yield from ((one, other, joins) for one, (other, joins) in product(own, others))


def _no_mutual_support(found: CircleModel) -> None:
    """Let nobody facilitate for somebody who facilitates for them."""
    pool = found.setting.pool
    members = set(pool.member_person.tolist())
    between: defaultdict[tuple[int, int], list[Literal]] = defaultdict(list)
    for candidate, joined in zip(found.candidates, found.joined, strict=True):
        host = int(pool.mentor_person[candidate.facilitator])
        if host in members:
            for i, joins in joined.items():
                if found.setting.on_both_sides[i]:
                    between[host, int(pool.member_person[i])].append(joins)
    for (host, guest), every in between.items():
        if host < guest and (guest, host) in between:
            found.model.add_at_most_one([*every, *between[guest, host]])


def _when(candidate: Candidate) -> tuple[str, ...]:
    return (str(candidate.hour),) if candidate.is_bound else ()


def _columns(terms: Sequence[tuple[Literal, int]]) -> tuple[list[Literal], list[int]]:
    return [choice for choice, _ in terms], [weight for _, weight in terms]
