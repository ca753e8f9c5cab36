"""A problem told pair by pair: who has which rank and how many places, and how well each feasible pair fits."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Final

import msgspec
import numpy as np
from msgspec import Meta

from matching.arrays import Ints
from matching.hours.free import unpacked_hours
from matching.hours.pricing import ListedHours
from matching.hours.told import told_hours
from matching.instance import Instance
from matching.pairs import Listed, Pairs
from matching.people import HOURS_A_WEEK
from matching.side.constraints import SideConstraints
from matching.side.naming import complaints_about_side
from matching.validity import MOST_LEVELS, MOST_PLACES, MOST_POINTS, InvalidProblem, complaints_about_pins

MOST_FIT: Final = 2 * MOST_POINTS
MOST_RANK: Final = 2**31 - 1
NO_SIDE: Final = SideConstraints()

Count = Annotated[int, Meta(ge=0, le=MOST_PLACES)]
Fit = Annotated[int, Meta(ge=0, le=MOST_FIT)]
Hour = Annotated[int, Meta(ge=0, lt=HOURS_A_WEEK)]
Pair = tuple[str, str]


class ToldMember(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who waits; the greater the rank, the sooner they are served."""

    id: str
    rank: Annotated[int, Meta(ge=1, le=MOST_RANK)] = 1


class ToldMentor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody with `capacity` places, of which `open` are taken."""

    id: str
    capacity: Count
    open: Count = 0


class ToldProblem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`pairs` are all feasible ones with their fit, at most `full_fit`; `kept` ones win where nothing else decides.

    With `hours`, each pair of a plan needs an hour of its own: one of those that are told of it.
    """

    members: tuple[ToldMember, ...]
    mentors: tuple[ToldMentor, ...]
    pairs: tuple[tuple[str, str, Fit], ...]
    pins: tuple[Pair, ...] = ()
    forbidden: tuple[Pair, ...] = ()
    kept: tuple[Pair, ...] = ()
    seed: str = ""
    full_fit: Fit = MOST_POINTS
    evenness_levels: Annotated[int, Meta(ge=1, le=MOST_LEVELS)] = 8
    hours: tuple[tuple[str, str, tuple[Hour, ...]], ...] | None = None
    side: SideConstraints = NO_SIDE

    def first_complaint(self) -> str | None:
        """Say what is wrong first, with its place, or None if nothing is."""
        return next(self._complaints(), None)

    def _complaints(self) -> Iterator[str]:
        members, mentors = {member.id for member in self.members}, {mentor.id for mentor in self.mentors}
        yield from _repeated("members", ".id", (member.id for member in self.members))
        yield from _repeated("mentors", ".id", (mentor.id for mentor in self.mentors))
        yield from _repeated("pairs", "", ((member, mentor) for member, mentor, _ in self.pairs))
        yield from _repeated("hours", "", ((member, mentor) for member, mentor, _ in self.hours or ()))
        told = {"pairs": self.pairs, "forbidden": self.forbidden, "kept": self.kept, "hours": self.hours or ()}
        for name, rows in told.items():
            for number, (member, mentor, *_) in enumerate(rows):
                if member not in members:
                    yield f"{name}[{number}][0]: is the id of no member"
                if mentor not in mentors:
                    yield f"{name}[{number}][1]: is the id of no mentor"
        for number, (_, _, fit) in enumerate(self.pairs):
            if fit > self.full_fit:
                yield f"pairs[{number}][2]: is more than full_fit"
        yield from self._complaints_about_pins(members)
        yield from complaints_about_side(self.side, members, mentors, with_hours=self.hours is not None)

    def _complaints_about_pins(self, members: set[str]) -> Iterator[str]:
        places = {mentor.id: max(0, mentor.capacity - mentor.open) for mentor in self.mentors}
        yield from complaints_about_pins(self.pins, places, members)
        feasible = {(member, mentor) for member, mentor, _ in self.pairs} - set(self.forbidden) if self.pins else set()
        if self.hours is not None:
            feasible &= {(member, mentor) for member, mentor, hours in self.hours if hours}
        for number, pin in enumerate(self.pins):
            if pin not in feasible:
                yield f"pins[{number}]: is not feasible"


def instance_told(problem: ToldProblem) -> Instance:
    """Put a problem into numbers; who stands where depends on the ids alone. Raises `InvalidProblem`."""
    if complaint := problem.first_complaint():
        raise InvalidProblem(complaint)
    members = sorted(problem.members, key=lambda member: member.id)
    mentors = sorted(problem.mentors, key=lambda mentor: mentor.id)
    i = {member.id: index for index, member in enumerate(members)}
    j = {mentor.id: index for index, mentor in enumerate(mentors)}

    def keys(pairs: Iterable[Pair]) -> Ints:
        return np.array([i[member] * len(j) + j[mentor] for member, mentor in pairs], dtype=np.int64)

    listed = keys((member, mentor) for member, mentor, _ in problem.pairs)
    fits = np.array([fit for _, _, fit in problem.pairs], dtype=np.int64)
    order = np.argsort(listed)
    order = order[~np.isin(listed[order], keys(problem.forbidden))]
    shared = None if problem.hours is None else told_hours(problem.hours, i, j)
    if shared is not None:
        order = order[shared.meet(listed[order])]
    rows, columns = np.divmod(listed[order], max(1, len(j)))
    pairs = Listed(Pairs(rows, columns, fits[order]), len(i), len(j))
    return Instance(
        member_ids=tuple(i),
        mentor_ids=tuple(j),
        r=np.array([member.rank for member in members], dtype=np.int64),
        c=np.array([mentor.capacity for mentor in mentors], dtype=np.int64),
        o=np.array([mentor.open for mentor in mentors], dtype=np.int64),
        candidates=pairs,
        kept=np.sort(keys(problem.kept)),
        pins=np.sort(keys(problem.pins)),
        seed=problem.seed,
        full_fit=problem.full_fit,
        levels=problem.evenness_levels,
        hourly=None if shared is None else ListedHours(pairs, shared),
    )


def told(instance: Instance, pairs: Pairs, side: SideConstraints = NO_SIDE) -> ToldProblem:
    """Tell an instance pair by pair; `pairs` are all its feasible pairs, `side` what else holds for every plan."""

    def named(keys: Ints) -> tuple[Pair, ...]:
        at = zip(*(part.tolist() for part in np.divmod(keys, max(1, instance.m))), strict=True)
        return tuple((instance.member_ids[i], instance.mentor_ids[j]) for i, j in at)

    listed = zip(named(pairs.keys(instance.m)), pairs.f.tolist(), strict=True)
    capacity, taken = instance.c.tolist(), instance.o.tolist()
    return ToldProblem(
        members=tuple(
            ToldMember(id=name, rank=r) for name, r in zip(instance.member_ids, instance.r.tolist(), strict=True)
        ),
        mentors=tuple(
            ToldMentor(id=name, capacity=c, open=o)
            for name, c, o in zip(instance.mentor_ids, capacity, taken, strict=True)
        ),
        pairs=tuple((*pair, fit) for pair, fit in listed),
        pins=named(instance.pins),
        kept=named(instance.kept),
        seed=instance.seed,
        full_fit=instance.full_fit,
        evenness_levels=instance.levels,
        hours=None if instance.hourly is None else _hours(instance, pairs, named(pairs.keys(instance.m))),
        side=side,
    )


def _hours(instance: Instance, pairs: Pairs, names: tuple[Pair, ...]) -> tuple[tuple[str, str, tuple[int, ...]], ...]:
    assert instance.hourly is not None
    shared = unpacked_hours(instance.hourly.hours(pairs.i, pairs.j))
    return tuple((*pair, tuple(np.flatnonzero(row).tolist())) for pair, row in zip(names, shared, strict=True))


def _repeated(name: str, part: str, keys: Iterable[object]) -> Iterator[str]:
    seen: set[object] = set()
    for number, key in enumerate(keys):
        if key in seen:
            yield f"{name}[{number}]{part}: stands more than once"
        seen.add(key)
