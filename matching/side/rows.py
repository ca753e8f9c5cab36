"""How do side constraints read as inequalities over pairs?

Each becomes rows of the form

    sum over its parts of sign x (number of proposed pairs of these members with these mentors)
      +  coefficient x switch   <=   bound

Pins are settled (`pins.unsettled`), so that a bound is what they leave. A row whose bound is below zero asks for
something that the empty plan does not give: it is a *demand*, and by how much a plan misses it is its shortfall.

- a span: all pairs of its mentors, at most `most`;
- together: each member served at most as often as the next, and the last as the first; with the same mentor, mentor by
  mentor;
- apart: for each mentor who could have both, the two pairs, at most 1;
- a least caseload: with a switch z in {0, 1}, `need z <= load`, and each pair of the mentor at most z; `need` is
  `least` without open matches (`load <= places z` would do for whole numbers, but says much less of others);
- a novice limit: the pairs of the mentor with the group, at most `most`;
- a floor: minus the pairs of the group, at most minus `least`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from matching.arrays import Ints
from matching.instance import Instance
from matching.pairs import Pairs
from matching.side.constraints import SideConstraints


@dataclass(frozen=True, slots=True)
class Part:
    """All pairs of these members with these mentors, positions ascending; None stands for everybody."""

    sign: int
    members: Ints | None
    mentors: Ints | None

    @property
    def is_spot(self) -> bool:
        """Tell whether it takes both to know whether a pair belongs."""
        return self.members is not None and self.mentors is not None

    def among(self, pairs: Pairs, m: int) -> Ints:
        """Find the positions of those pairs in a list; `m` is the number of mentors."""
        if self.mentors is None:
            return np.arange(len(pairs)) if self.members is None else np.flatnonzero(np.isin(pairs.i, self.members))
        if self.members is None:
            return np.flatnonzero(np.isin(pairs.j, self.mentors))
        wanted = (self.members[:, np.newaxis] * m + self.mentors).ravel()
        listed = pairs.keys(m)
        at = np.searchsorted(listed, wanted)
        there = at < len(listed)
        there[there] = listed[at[there]] == wanted[there]
        return at[there]


@dataclass(frozen=True, slots=True)
class Row:
    """An inequality; `place` is that of its constraint, `switch` the number of a switch with its coefficient."""

    place: str
    parts: tuple[Part, ...]
    bound: int
    switch: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """All inequalities of a problem, and the mentor of each switch."""

    rows: tuple[Row, ...]
    switched: tuple[int, ...]

    @property
    def demands(self) -> tuple[int, ...]:
        """Give the positions of the rows that the empty plan does not satisfy."""
        return tuple(number for number, row in enumerate(self.rows) if row.bound < 0)

    def members_of_demands(self) -> Ints:
        """Give the members of whom demands speak, positions ascending."""
        parts = (part.members for number in self.demands for part in self.rows[number].parts)
        return np.unique(np.concatenate([np.empty(0, dtype=np.int64), *(part for part in parts if part is not None)]))

    def entries(self, pairs: Pairs, m: int, *, spots: bool | None = None) -> tuple[Ints, Ints, Ints]:
        """Give row, position of the pair, and sign, of all parts; or of those only that are spots, or are none."""
        found = [
            (number, part.sign, part.among(pairs, m))
            for number, row in enumerate(self.rows)
            for part in row.parts
            if spots is None or part.is_spot == spots
        ]
        at = [positions for _, _, positions in found]
        lengths = [len(positions) for positions in at]
        return (
            np.repeat(np.array([number for number, _, _ in found], dtype=np.int64), lengths),
            np.concatenate([np.empty(0, dtype=np.int64), *at]),
            np.repeat(np.array([sign for _, sign, _ in found], dtype=np.int64), lengths),
        )


def special(instance: Instance, side: SideConstraints) -> tuple[Ints, Ints]:
    """Give the members and the mentors of whom it takes both to know what a pair owes to the side constraints."""
    i, j = _positions(instance)
    apart = {i[each] for pair in side.apart for each in pair}
    same = {i[each] for together in side.together if together.same_mentor for each in together.members}
    mentors = {j[each.mentor] for each in side.novices} | {j[each.mentor] for each in side.least_caseloads}
    return _ascending(apart | same), _ascending(mentors)


def rows_of(instance: Instance, left: Instance, side: SideConstraints, listed: Pairs) -> Rows:
    """Put side constraints into rows.

    `left` is the instance without its pins; `listed` holds all feasible pairs of special people that are left.
    """
    writer = _Writer(instance, left, side, listed)
    rows = tuple(_beyond_pins(instance, row) for row in writer.rows())
    return Rows(rows, tuple(writer.switched))


def _mentors_of(instance: Instance, listed: Pairs) -> dict[int, set[int]]:
    pinned = zip(*(part.tolist() for part in np.divmod(instance.pins, max(1, instance.m))), strict=True)
    return _each_with_all([*zip(listed.i.tolist(), listed.j.tolist(), strict=True), *pinned])


def _each_with_all(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for one, other in pairs:
        found.setdefault(one, set()).add(other)
    return found


def _beyond_pins(instance: Instance, row: Row) -> Row:
    """Take off a bound what the pins bring."""
    i, j = np.divmod(instance.pins, max(1, instance.m))
    nothing = np.zeros(len(i), dtype=np.int64)
    pins = Pairs(i, j, nothing)
    settled = sum(part.sign * len(part.among(pins, instance.m)) for part in row.parts)
    return replace(row, bound=row.bound - settled)


def _positions(instance: Instance) -> tuple[Mapping[str, int], Mapping[str, int]]:
    i, j = ({name: position for position, name in enumerate(ids)} for ids in (instance.member_ids, instance.mentor_ids))
    return i, j


def _ascending(positions: set[int]) -> Ints:
    return np.array(sorted(positions), dtype=np.int64)


class _Writer:
    """Writes the rows of one problem; `switched` grows as switches are needed."""

    def __init__(self, instance: Instance, left: Instance, side: SideConstraints, listed: Pairs) -> None:
        self._left, self._side = left, side
        self._mentors_of = _mentors_of(instance, listed)
        self._members_of = _each_with_all(zip(listed.j.tolist(), listed.i.tolist(), strict=True))
        self._i, self._j = _positions(instance)
        self._places = left.free_places().sum(axis=1).tolist()
        self._pinned = (left.o - instance.o).tolist()
        self.switched: list[int] = []

    def rows(self) -> Iterator[Row]:
        yield from self._spans()
        yield from self._together()
        yield from self._apart()
        yield from self._least_caseloads()
        for number, novice in enumerate(self._side.novices):
            part = Part(1, self._group(novice.group), self._mentors([novice.mentor]))
            yield Row(f"side.novices[{number}]", (part,), novice.most)
        for number, floor in enumerate(self._side.floors):
            group = self._group(floor.group)
            yield Row(f"side.floors[{number}]", (Part(-1, group, None),), -floor.least_of(len(group)))

    def _spans(self) -> Iterator[Row]:
        for number, span in enumerate(self._side.spans):
            yield Row(f"side.spans[{number}]", (Part(1, None, self._mentors(span.mentors)),), span.most)

    def _together(self) -> Iterator[Row]:
        for number, together in enumerate(self._side.together):
            place, names = f"side.together[{number}]", together.members
            for one, other in pairwise([*names, names[0]]):
                a, b = self._members([one]), self._members([other])
                if not together.same_mentor:
                    yield Row(place, (Part(1, a, None), Part(-1, b, None)), 0)
                    continue
                for j in sorted(self._mentors_of.get(int(a[0]), ())):
                    at = np.array([j])
                    yield Row(place, (Part(1, a, at), Part(-1, b, at)), 0)

    def _apart(self) -> Iterator[Row]:
        for number, (one, other) in enumerate(self._side.apart):
            a, b = self._i[one], self._i[other]
            both = self._mentors_of.get(a, set()) & self._mentors_of.get(b, set())
            for j in sorted(both):
                if self._places[j] > 1 or self._pinned[j]:
                    yield Row(f"side.apart[{number}]", (Part(1, _ascending({a, b}), np.array([j])),), 1)

    def _least_caseloads(self) -> Iterator[Row]:
        for number, caseload in enumerate(self._side.least_caseloads):
            place, j = f"side.least_caseloads[{number}]", self._j[caseload.mentor]
            need, places, mentor = caseload.least - int(self._left.o[j]), self._places[j], np.array([j])
            if pins := self._pinned[j]:
                yield Row(place, (Part(-1, None, mentor),), -(max(0, need) + pins))
            elif need > places:
                yield Row(place, (Part(1, None, mentor),), 0)
            elif need > 1:
                switch = len(self.switched)
                self.switched.append(j)
                yield Row(place, (Part(-1, None, mentor),), 0, (switch, need))
                for i in sorted(self._members_of.get(j, ())):
                    yield Row(place, (Part(1, np.array([i]), mentor),), 0, (switch, -1))

    def _group(self, name: str) -> Ints:
        return self._members(self._side.members_of(name))

    def _members(self, names: Sequence[str]) -> Ints:
        return _ascending({self._i[name] for name in names})

    def _mentors(self, names: Sequence[str]) -> Ints:
        return _ascending({self._j[name] for name in names})
