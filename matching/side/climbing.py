"""Which plan is best under side constraints, goal by goal, and how is it proven over all pairs?

For each goal in turn, with what the goals before have reached as rows:

1. The linear program on some pairs gives multipliers; all pairs are priced with them, and those that lose less than
   nothing join, until none is left that matters. What remains of rounding is raised away. So there is a `bound` that
   holds over all pairs (`multipliers`).
2. If the corner of the linear program is a plan, that is the plan, and the bound its proof.
3. If not, the *kernel* is searched: all pairs that lose no more than a limit. A plan with any other pair is worth at
   most bound - limit - 1. When a search of the kernel is complete and nothing better than the best plan known can be
   outside of it, that plan is best over all pairs. The limit doubles, or goes straight to where it must be so.
4. Pairs that lose more than bound - best are in no best plan, and are left out from there on.

`by` tells what the proof of a goal rests on: `multipliers`, which anybody can add up, or `search`, where the solver's
word has to be taken that the kernel holds nothing better. Where time is over first, the gap is told and nothing is
claimed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from matching.arrays import Ints
from matching.pairs import Pairs
from matching.side.goals import ORDER, SHORTFALL, Goal
from matching.side.multipliers import Multipliers, Stage, no_multipliers, raised, rounded
from matching.side.program import WHOLE_WITHIN, Doubles, Linear, Program, Reached, plan_of, search
from matching.side.question import Question
from matching.timing import Timing

MOST_A_MEMBER: Final = 64
FEW_PAIRS: Final = 1 << 22
MOST_IN_KERNEL: Final = 60_000
JOINING: Final = 16
MULTIPLIERS, SEARCH, NOTHING = "multipliers", "search", "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Height:
    """What was reached of a goal, what no plan surpasses, what the proof rests on, and how many pairs were searched."""

    goal: str
    value: int
    bound: int
    by: str
    kernel: int
    multipliers: Multipliers

    @property
    def is_proven(self) -> bool:
        """Tell whether nothing better is possible."""
        return self.value == self.bound


@dataclass(slots=True)
class Climb:
    """A plan that grows better.

    `pool` holds the pairs that linear programs begin with, and `listed`, once they are few, all that are in question.
    `ahead` is a linear program that may be needed again.
    """

    question: Question
    plan: Ints
    pool: Pairs
    timing: Timing
    listed: Pairs | None = None
    heights: list[Height] = field(default_factory=list)
    before: tuple[Reached, ...] = ()
    ahead: Linear | None = None

    def climb(self, goals: Sequence[Goal]) -> None:
        """Reach the best of each goal, as far as there is time."""
        for goal in goals:
            if not self.timing.onward(goal.name, len(self.heights), len(goals)):
                return
            if goal.own is not None and self.listed is None:
                return  # what only listed pairs can tell does not choose among pairs that are too many to list
            stage = Stage(self.question, goal, self.before)
            if goal.name == SHORTFALL:
                self._look_ahead(goal, Goal(ORDER, self.question.left.r, 0, goal.place, 1))
            height = self._at_the_top(stage) or self._reach(stage)
            self.heights.append(height)
            if not height.is_proven:
                return
            self.before = (*self.before, Reached(goal, height.value))

    def _at_the_top(self, stage: Stage) -> Height | None:
        """Tell that a plan is short of nothing, which needs no proof."""
        if stage.goal.name != SHORTFALL or self._value(stage) < 0:
            return None
        nothing = no_multipliers(stage)
        return Height(goal=SHORTFALL, value=0, bound=0, by=MULTIPLIERS, kernel=0, multipliers=nothing)

    def _reach(self, stage: Stage) -> Height:
        program, multipliers, x = self._relaxed(stage)
        bound, scale = stage.bound(multipliers), multipliers.scale
        self._try(stage, plan_of(program, x))
        if self._value(stage) < bound // scale:
            self._search(stage, self._around(program, x))
        best, top, by, kernel = self._value(stage), bound // scale, MULTIPLIERS, 0
        limit = scale * stage.goal.step
        while best < top and self._onward(stage):
            pairs, is_whole = self._kernel(stage, multipliers, limit)
            is_complete = self._search(stage, pairs)
            best, kernel = self._value(stage), len(pairs)
            if not (is_whole and is_complete):
                break
            if (outside := max(best, (bound - limit - 1) // scale)) < top:
                top, by = outside, SEARCH
            limit = max(2 * limit, bound - scale * (best + 1))
        self.narrow(stage, multipliers, bound - scale * best)
        by = by if best == top else NOTHING
        return Height(goal=stage.goal.name, value=best, bound=top, by=by, kernel=kernel, multipliers=multipliers)

    def _look_ahead(self, shortfall: Goal, order: Goal) -> None:
        """Look for a plan that is short of nothing where the next goal is best, for there often is one."""
        program = Program(self.question, order, (Reached(shortfall, 0),), self.pool)
        self.ahead = Linear(program)
        corner = self.ahead.corner()
        if corner is not None:
            plan = plan_of(program, corner.x)
            if plan is None:
                plan = search(replace(program, pairs=self._around(program, corner.x)), 0, self.timing).plan
            self._try(Stage(self.question, shortfall, ()), plan)

    def choose_among(self, stage: Stage, pairs: Pairs) -> None:
        """Take the best plan of a few pairs, even if time is over."""
        found = search(Program(stage.question, stage.goal, stage.before, pairs), self._value(stage) + 1, Timing())
        self._try(stage, found.plan)

    def _search(self, stage: Stage, pairs: Pairs) -> bool:
        """Look for a better plan among these pairs; tells whether the search was complete."""
        found = search(Program(stage.question, stage.goal, stage.before, pairs), self._value(stage) + 1, self.timing)
        self._try(stage, found.plan)
        return found.is_complete

    def _around(self, program: Program, x: Doubles) -> Pairs:
        """Give the pairs of a corner, and all pairs of those whom it divides among mentors."""
        split = np.unique(program.pairs.i[np.abs(x - np.rint(x)) > WHOLE_WITHIN])
        return program.pairs.where((x > WHOLE_WITHIN) | np.isin(program.pairs.i, split))

    def _relaxed(self, stage: Stage) -> tuple[Program, Multipliers, Doubles]:
        """Solve the linear program until no pair that is not in it matters."""
        program = Program(stage.question, stage.goal, stage.before, self._known())
        linear = self.ahead if self.ahead and self.ahead.is_of(program) else Linear(program)
        while True:
            corner = linear.corner()
            multipliers = no_multipliers(stage) if corner is None else rounded(stage, corner, program.pairs)
            missing, losses = self._losing_less(stage, multipliers, 0, JOINING)
            multipliers = raised(multipliers, missing, losses)
            self.pool = program.pairs
            if corner is None:
                return program, multipliers, np.full(len(program.pairs), 1 / 2)
            top = stage.bound(multipliers) // multipliers.scale
            more = missing.where(~np.isin(missing.keys(self._m), program.pairs.keys(self._m)))
            if top <= corner.value + WHOLE_WITHIN or not len(more) or not self._onward(stage):
                return program, multipliers, corner.x
            program = linear.join(more)

    def _known(self) -> Pairs:
        return self.pool.united(self.question.pairs_of(self.plan), self._m)

    @property
    def _m(self) -> int:
        return self.question.left.m

    def _onward(self, stage: Stage) -> bool:
        return self.timing.onward(stage.goal.name, 0, 1)

    def loses_less_than_nothing(self, stage: Stage, multipliers: Multipliers) -> bool:
        """Tell whether the bound of the multipliers does not hold, because of a pair that is still in question."""
        return len(self._losing_less(stage, multipliers, 0, 1)[0]) > 0

    def is_searched(self, stage: Stage, multipliers: Multipliers, limit: int) -> bool:
        """Search the pairs that lose no more than a limit; tells whether they surely hold no better plan."""
        best, (pairs, is_whole) = self._value(stage), self._kernel(stage, multipliers, limit)
        return is_whole and self._search(stage, pairs) and self._value(stage) == best

    def _losing_less(self, stage: Stage, multipliers: Multipliers, limit: int, most: int) -> tuple[Pairs, Ints]:
        """Find pairs that lose less than a limit, of each member at least the `most` that lose least."""
        pairs = self.listed
        if pairs is None:
            prices = stage.prices(multipliers)
            pairs = self.question.left.candidates.exceeding(prices._replace(base=prices.base + limit), most)
            pairs = pairs.united(self.question.listed, self._m)
        losses = stage.losses(multipliers, pairs)
        return pairs.where(losses < limit), losses[losses < limit]

    def _kernel(self, stage: Stage, multipliers: Multipliers, limit: int) -> tuple[Pairs, bool]:
        """Give the pairs that lose no more than a limit, or of too many those in the pool, and whether it is all."""
        pairs, _ = self._losing_less(stage, multipliers, limit + 1, self._most())
        if self.listed is not None or (len(pairs) <= MOST_IN_KERNEL and self._is_all(pairs)):
            return pairs, True
        losses = stage.losses(multipliers, self.pool)
        return self.pool.where(losses <= limit), False

    def _is_all(self, pairs: Pairs) -> bool:
        return self._most() == self.question.left.m or int(np.bincount(pairs.i).max(initial=0)) < self._most()

    def _most(self) -> int:
        """Say how many pairs of a member are asked for; of large pools not all, so as to notice when they are many."""
        left = self.question.left
        return max(1, left.m) if left.n * left.m <= FEW_PAIRS else min(MOST_A_MEMBER, left.m)

    def narrow(self, stage: Stage, multipliers: Multipliers, slack: int) -> None:
        """Leave out, from here on, the pairs that lose more than a plan that is as good can."""
        pairs, is_all = self._kernel(stage, multipliers, slack)
        if is_all:
            self.listed = pairs
            self.pool = pairs

    def _try(self, stage: Stage, plan: Ints | None) -> None:
        """Take a plan if it keeps all that it must and is better."""
        if plan is None or not self.question.is_kept_by(self.question.pairs_of(plan)):
            return
        if all(self.question.value(each.goal, plan) >= each.value for each in stage.before) and self.question.value(
            stage.goal, plan
        ) > self._value(stage):
            self.plan = plan

    def _value(self, stage: Stage) -> int:
        return self.question.value(stage.goal, self.plan)
