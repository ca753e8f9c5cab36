"""How does the best plan follow a draft that is edited?

Whoever an edit names leaves the market, and comes back as the draft has them; then the loops of `repairing` make the
plan the best again. People keep their rows; those of people who left are given to newcomers.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import numpy as np

from matching.assignment import NOBODY
from matching.canonical import digests, lot_bits_of, mix
from matching.people import Member, Mentor
from matching.session import nearest
from matching.session.auditing import FAULTS, TIES, count_level
from matching.session.classes import Crowded
from matching.session.comparing import fits_of
from matching.session.draft import Draft
from matching.session.edits import Edit
from matching.session.lists import UNLISTED, exchange_member, exchange_mentor, exchange_pair, list_all
from matching.session.live import FIT, SETTLED, draw, less, stand
from matching.session.naming import Named, named
from matching.session.newcomers import Unpackable, Witnesses
from matching.session.related import BothSides
from matching.session.repairing import price_of_newcomer, repair, run, seat_within
from matching.session.rows import Keys, Pair, PairsByName, Rows
from matching.session.starting import start
from matching.session.words import Exceptions, Side
from matching.validity import InvalidProblem

ALL_LISTED_UP_TO: Final = 1 << 25
"""Up to so many pairs, feasible or not, everybody is compared with everybody at the beginning."""
NEVER: Final = -(1 << 61)
"""The dual of nobody, by which a member or a mentor counts as changed."""


class OutOfRoom(Exception):
    """The engine has to be made anew for what comes next."""


class Broken(Exception):
    """A repair did not lead to a plan that is proven best."""


class Engine:
    """The best plan of a draft, and all that it takes to make it the best again when the draft was edited.

    Once something went wrong while `is_whole` was false, the engine has to be made anew.
    """

    def __init__(self, draft: Draft, threads: int) -> None:
        """Solve the draft. Raises `InvalidProblem` and `ProblemTooLarge` as `solve` does."""
        begun = start(draft.problem, threads)
        instance, exceptions, m = begun.instance, begun.market.packed.exceptions, len(begun.market.c)
        self.draft, self.rank, self.classes = draft, begun.rank, begun.classes
        self.full_fit, self.levels = instance.full_fit, instance.levels
        self.market, self.plan = begun.market, begun.plan
        members = [draft.members[name] for name in instance.member_ids]
        mentors = [draft.mentors[name] for name in instance.mentor_ids]
        self.members, self.mentors = Rows(members, len(begun.market.rank)), Rows(mentors, m)
        self.pinned = {self.members.at[member]: self.mentors.at[mentor] for member, mentor in draft.pins.items()}
        self.found = np.zeros(4, dtype=np.int64)
        self.is_whole = True
        self._lot_bits = lot_bits_of(instance.n, instance.m)
        self._search = nearest.room_for(m)
        self._witnesses = Witnesses(draft.problem, members, mentors, begun.packed)
        self._both_sides = BothSides(draft)
        self._apart = self._both_sides.kept_apart()
        self._barred = Keys(exceptions.barred_from, exceptions.barred, m)
        self._kept = Keys(exceptions.kept_from, exceptions.kept, m)
        self._kept_names = PairsByName(draft.begun.kept)
        self._again, self._resized = set[int](), set[int]()
        self._u, self._v = self.plan.u.copy(), self.plan.v.copy()
        if len(begun.market.rank) * m <= ALL_LISTED_UP_TO:
            run(list_all, self.market)
        self._repair()

    @property
    def is_only_one(self) -> bool:
        """Whether the first draw of lots surely leaves just this plan. If not, all draw again, but not here."""
        return int(self.found[TIES]) == 0

    def follow(self, edits: Iterable[Edit]) -> None:
        """Make the plan the best for the draft, of which these edits were made or taken back.

        Raises:
            InvalidProblem: a pinned pair is not feasible.
            OutOfRoom: the engine has to be made anew for this.
            Broken: the plan could not be proven.

        """
        names = named(edits)
        if names.policy:
            raise OutOfRoom
        members, mentors = self._newcomers(names)
        self._insist_on_known_pins(names.members)
        self._insist_on_room(members)
        sides = self._packed(members, mentors)
        self.is_whole = False
        before = [*map(self.members.named, names.members), *map(self.mentors.named, names.mentors)]
        were_on_both = self._both_sides.has_any(before)
        self._release(names, {each.id for each in members}, {each.id for each in mentors})
        self._enter_members(members, sides[0])
        self._enter_mentors(mentors, sides[1])
        self._keep_apart(names, were_on_both=were_on_both)
        for pair in names.pairs:
            self._rebar(pair)
        self._place(names)
        for j in self._resized:
            self._seat_within(j)
        for mentor in mentors:
            run(price_of_newcomer, self.mentors.at[mentor.id], self.market, self.plan)
        self._repair()
        self.is_whole = True

    def fit(self, i: int, j: int) -> int | None:
        """Give the fit of a pair, or None if it is not feasible."""
        if (i, j) in self._barred:
            return None
        fits = np.empty(1, dtype=np.int64)
        one = (np.array([row], dtype=np.int64) for row in (i, j))
        run(fits_of, *one, self.market.packed, self.market.free, self.market.row, fits)
        return None if fits[0] < 0 else int(fits[0])

    def _newcomers(self, names: Named) -> tuple[list[Member], list[Mentor]]:
        """Find who is named and new, or another than before; places alone make nobody another."""
        draft = self.draft
        members = (draft.members[each] for each in sorted(names.members) if each in draft.members)
        mentors = (draft.mentors[each] for each in sorted(names.mentors) if each in draft.mentors)
        return (
            [each for each in members if each != self.members.named(each.id)],
            [each for each in mentors if not _is_same_but_for_places(each, self.mentors.named(each.id))],
        )

    def _packed(self, members: list[Member], mentors: list[Mentor]) -> tuple[Side, Side]:
        if not members and not mentors:
            return self.market.packed.members, self.market.packed.mentors  # nothing of which is taken
        try:
            return self._witnesses.packed(members, mentors)
        except Unpackable:
            raise OutOfRoom from None

    def _insist_on_room(self, members: list[Member]) -> None:
        n, m = len(self.draft.members), len(self.draft.mentors)
        if n > len(self.market.rank) or m > len(self.market.c) or lot_bits_of(n, m) != self._lot_bits:
            raise OutOfRoom
        try:
            for member in members:
                self.classes.label(member)
        except Crowded:
            raise OutOfRoom from None

    def _insist_on_known_pins(self, members: set[str]) -> None:
        """Refuse pins that are not feasible while nothing has changed yet."""
        for name in members & self.draft.pins.keys():
            i, j = self.members.at.get(name), self.mentors.at.get(self.draft.pins[name])
            if i is not None and j is not None and self.draft.members[name] == self.members.people[i]:
                self._insist_on_pin(i, j)

    def _insist_on_pin(self, i: int, j: int) -> None:
        if self.fit(i, j) is None:
            raise InvalidProblem("pin: is not feasible")

    def _release(self, names: Named, new_members: set[str], new_mentors: set[str]) -> None:
        """Take everybody out who is gone, or comes back as another."""
        for name in names.members & self.members.at.keys():
            i, pin = self.members.at[name], self.draft.pins.get(name)
            is_another = name in new_members or name not in self.draft.members
            if is_another or self.pinned.get(i) != (None if pin is None else self.mentors.at.get(pin)):
                self._unplace(i)
            if is_another:
                self._take_member_out(i, name)
        for name in names.mentors & self.mentors.at.keys():
            if name in new_mentors or name not in self.draft.mentors:
                self._take_mentor_out(self.mentors.at[name], name)

    def _unplace(self, i: int) -> None:
        """Take a member out of the market, or loosen their pin."""
        if i in self.pinned:
            j = self.pinned.pop(i)
            self.market.o[j] -= 1
            self._resized.add(j)
        elif self.plan.mentor_of[i] != SETTLED:
            run(count_level, i, -1, self.market, self.plan)
            run(stand, i, self.plan, SETTLED)
        self.plan.u[i], self._u[i] = 0, NEVER

    def _take_member_out(self, i: int, name: str) -> None:
        before = self.members.people[i]
        assert before is not None
        run(exchange_member, i, False, self.market)  # noqa: FBT003
        self.classes.leave(before)
        self._both_sides.count(before, -1)
        self.plan.holder[self.plan.holder == i] = NOBODY
        if name not in self.draft.members:
            self.market.packed.members.glance[:, i] = 0
            self._barred.discard(i=i)
            self._kept.discard(i=i)
            self._write_exceptions()
            self.members.leave(name)

    def _take_mentor_out(self, j: int, name: str) -> None:
        before, plan = self.mentors.people[j], self.plan
        assert before is not None
        self._stand_up(np.flatnonzero(plan.mentor_of == j).tolist())
        run(exchange_mentor, j, False, self.market)  # noqa: FBT003
        self._both_sides.count(before, -1)
        plan.v[j], plan.level[j], plan.holder[j], self._v[j] = 0, 0, NOBODY, NEVER
        if name not in self.draft.mentors:
            self.market.packed.mentors.glance[:, j] = 0
            self.market.c[j] = self.market.o[j] = 0
            self._barred.discard(j=j)
            self._kept.discard(j=j)
            self._write_exceptions()
            self.mentors.leave(name)

    def _stand_up(self, members: Iterable[int]) -> None:
        """Have members leave their mentors, to be served anew."""
        for i in members:
            run(stand, i, self.plan, SETTLED)
            self._again.add(i)

    def _enter_members(self, members: list[Member], side: Side) -> None:
        """Let members stand in their rows, and compare them with all mentors."""
        for number, member in enumerate(members):
            is_new = member.id not in self.members.at
            i = self.members.enter(member)
            _copy(side, number, self.market.packed.members, i)
            self.market.rank[i] = self.rank * self.classes.enter(member)
            self.market.a[i] = digests(self.draft.begun.seed, "member", [member.id])[0]
            self._both_sides.count(member, 1)
            if is_new:
                barred = [pair for pair in self.draft.barred | self._apart if pair[0] == member.id]
                self._except(barred, self._kept_names.of_member(member.id))
            self.market.rows.begin[i] = UNLISTED
            run(exchange_member, i, True, self.market)  # noqa: FBT003

    def _enter_mentors(self, mentors: list[Mentor], side: Side) -> None:
        """Let mentors stand in their rows, and compare them with all members."""
        for number, mentor in enumerate(mentors):
            is_new = mentor.id not in self.mentors.at
            j = self.mentors.enter(mentor)
            _copy(side, number, self.market.packed.mentors, j)
            self.market.b[j] = mix(digests(self.draft.begun.seed, "mentor", [mentor.id]))[0]
            self._both_sides.count(mentor, 1)
            if is_new:
                barred = [pair for pair in self.draft.barred | self._apart if pair[1] == mentor.id]
                self._except(barred, self._kept_names.of_mentor(mentor.id))
            self.market.columns.begin[j] = UNLISTED
            run(exchange_mentor, j, True, self.market)  # noqa: FBT003

    def _except(self, barred: Iterable[Pair], kept: Iterable[Pair]) -> None:
        """Note exceptions of a newcomer, as far as the other is there."""
        i, j = self.members.at, self.mentors.at
        self._barred.add((i[member], j[mentor]) for member, mentor in barred if member in i and mentor in j)
        self._kept.add((i[member], j[mentor]) for member, mentor in kept if member in i and mentor in j)
        self._write_exceptions()

    def _write_exceptions(self) -> None:
        exceptions = Exceptions(*self._barred.by_member(), *self._kept.by_member())
        self.market = self.market._replace(packed=self.market.packed._replace(exceptions=exceptions))

    def _keep_apart(self, names: Named, *, were_on_both: bool) -> None:
        """See whom the rule `relation` keeps apart now, if anybody who is on both sides is named."""
        people = [
            *map(self.members.named, names.members | {member for member, _ in names.pairs}),
            *map(self.mentors.named, names.mentors | {mentor for _, mentor in names.pairs}),
        ]
        if were_on_both or self._both_sides.has_any(people):
            apart = self._both_sides.kept_apart()
            names.pairs |= apart ^ self._apart
            self._apart = apart

    def _rebar(self, pair: Pair) -> None:
        """Bar a pair, or no longer, as the draft and the rule `relation` have it."""
        i, j = self.members.at.get(pair[0]), self.mentors.at.get(pair[1])
        is_barred = pair in self.draft.barred or pair in self._apart
        if i is None or j is None or is_barred == ((i, j) in self._barred):
            return
        self._v[j] = NEVER
        if is_barred:
            self._bar(i, j)
        else:
            self._barred.discard(i, j)
            self._write_exceptions()
            fit = self.fit(i, j)
            if fit is not None:
                self._open(i, j, fit)

    def _bar(self, i: int, j: int) -> None:
        if self.pinned.get(i) == j:
            raise InvalidProblem("pin: is not feasible")
        run(exchange_pair, i, j, 0, False, self.market)  # noqa: FBT003
        self._barred.add([(i, j)])
        self._write_exceptions()
        if self.plan.holder[j] == i:
            self.plan.holder[j] = NOBODY
        if self.plan.mentor_of[i] == j:
            self._stand_up([i])

    def _open(self, i: int, j: int, fit: int) -> None:
        """Let a pair be; if it is worth more than its prices, the member is served anew."""
        run(exchange_pair, i, j, fit, True, self.market)  # noqa: FBT003
        market, plan = self.market, self.plan
        first = int(market.rank[i] + market.numbers[FIT] * fit)
        second = int(run(draw, i, j, market))
        prices = plan.u[i] + plan.v[j]
        if plan.mentor_of[i] != SETTLED and less(int(prices[0]), int(prices[1]), first, second):
            self._stand_up([i])

    def _place(self, names: Named) -> None:
        """Give mentors their places, and let members be placed or pinned as the draft has them."""
        for name in names.mentors & self.mentors.at.keys():
            j, mentor = self.mentors.at[name], self.draft.mentors[name]
            pinned = [i for i, pin in self.pinned.items() if pin == j]
            for i in pinned:
                self._insist_on_pin(i, j)
            self.market.c[j], self.market.o[j] = mentor.capacity, mentor.open + len(pinned)
            self.mentors.people[j] = mentor
            self._resized.add(j)
        for name in names.members & self.members.at.keys():
            i, pin = self.members.at[name], self.draft.pins.get(name)
            if pin is not None and i not in self.pinned:
                j = self.mentors.at[pin]
                self._insist_on_pin(i, j)
                self.pinned[i] = j
                self.market.o[j] += 1
                self._resized.add(j)
            elif pin is None and self.plan.mentor_of[i] == SETTLED:
                self._again.add(i)

    def _seat_within(self, j: int) -> None:
        again = np.empty(self.plan.load[j], dtype=np.int64)
        taken = run(seat_within, j, again, self.market, self.plan)
        self._again.update(again[:taken].tolist())

    def _repair(self) -> None:
        again = np.array(sorted(self._again, key=lambda i: -self.market.rank[i]), dtype=np.int64)
        run(repair, again, self.market, self.plan, self._search, self._u, self._v, self.found)
        if self.found[FAULTS]:
            raise Broken
        self._u[:], self._v[:] = self.plan.u, self.plan.v
        self._again.clear()
        self._resized.clear()


def _is_same_but_for_places(one: Mentor, other: Mentor | None) -> bool:
    return other is not None and replace(one, capacity=other.capacity, open=other.open) == other


def _copy(side: Side, number: int, whole: Side, row: int) -> None:
    """Write the words of one person where they stand."""
    whole.glance[:, row] = side.glance[:, number]
    whole.sets[row] = side.sets[number]
    whole.numbers[row] = side.numbers[number]
