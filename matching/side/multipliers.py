"""What can no plan with side constraints surpass, and which pairs can a better plan have?

A multiplier for every row of `program`, none negative: u_i of members, v_j of mentors, y_k of side rows, q_g of goals
reached before. With a_kp the coefficient of pair p in side row k, and w_p, w_gp what the goal and those before pay,

    toll of pair p   =   u_i + v_j + sum of y_k a_kp
    loss of pair p   =   toll of p  -  w_p  -  sum of q_g w_gp

Suppose that no pair has a loss below zero. Take any plan that keeps the side constraints and reaches what was reached
before. Each row, times its multiplier, is at most its bound, times it. Add all of them up, and to both sides what the
columns gain that are no pairs; then the plan is worth no more than

    bound   =   sum of u_i  +  sum of y_k bound_k  -  sum of q_g reached_g
              + sum over places of max(0, what the goals pay for it + v_j)
              + sum over switches of max(0, minus the sum of y_k coefficient_k)
              + sum over demands of max(0, what the goals pay for being short + y_k) x the most it can be short

    less the losses of its own pairs.

So the bound holds for all plans; and a plan with pair p is worth at most the bound less the loss of p. Whoever knows a
plan worth L need not look at pairs that lose more than bound - L: no better plan has them, nor any equally good one.
All of it is whole numbers: multipliers are doubles of the linear program times `scale`, rounded, and then each u_i is
raised until no pair of the member loses less than nothing. So it holds whatever the doubles were.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from matching.arrays import Ints
from matching.pairs import Pairs
from matching.scanning import BEYOND_ANY, FAR_BELOW, Prices
from matching.side.goals import Goal
from matching.side.program import Corner, Doubles, Reached
from matching.side.question import Question

SCALE_BITS: Final = 20
LARGEST_BITS: Final = 56
"""A loss adds up a few products of multipliers and worths, each below 2 to this power."""


@dataclass(frozen=True, slots=True)
class Multipliers:
    """Whole numbers, `scale` to one unit of the goal: u (n,), v (m,), `side` (rows,), `before` (goals before,)."""

    scale: int
    u: Ints
    v: Ints
    side: Ints
    before: Ints


@dataclass(frozen=True, slots=True)
class Stage:
    """The goal that is worked at, and what was reached before."""

    question: Question
    goal: Goal
    before: tuple[Reached, ...]

    def losses(self, multipliers: Multipliers, pairs: Pairs) -> Ints:
        """Say what each pair loses."""
        row, at, sign = self.question.rows.entries(pairs, self.question.left.m)
        toll = multipliers.u[pairs.i] + multipliers.v[pairs.j]
        np.add.at(toll, at, sign * multipliers.side[row])
        losses: Ints = toll - sum(weight * goal.of(pairs) for weight, goal in self._weighed(multipliers))
        return losses

    def bound(self, multipliers: Multipliers) -> int:
        """Give, times `scale`, what no plan surpasses if no pair loses less than nothing."""
        rows, y = self.question.rows, multipliers.side.tolist()
        total = sum(multipliers.u.tolist()) + sum(each * row.bound for each, row in zip(y, rows.rows, strict=True))
        total -= sum(q * each.value for q, each in zip(multipliers.before.tolist(), self.before, strict=True))
        weighed = self._weighed(multipliers)
        for cost, free in enumerate(self.question.free.T):
            paid = sum(weight * int(goal.place[cost]) for weight, goal in weighed)
            some = np.flatnonzero(free)
            total += sum(
                places * max(0, paid + v)
                for places, v in zip(free[some].tolist(), multipliers.v[some].tolist(), strict=True)
            )
        switches = [0] * len(rows.switched)
        for each, row in zip(y, rows.rows, strict=True):
            if row.switch is not None:
                switches[row.switch[0]] -= each * row.switch[1]
        total += sum(max(0, gain) for gain in switches)
        paid = sum(weight * goal.short for weight, goal in weighed)
        return int(total + sum(max(0, paid + y[number]) * -rows.rows[number].bound for number in rows.demands))

    def prices(self, multipliers: Multipliers) -> Prices:
        """Give what pairs must outweigh to lose less than nothing, but for special people, who outweigh nothing."""
        left, weighed = self.question.left, self._weighed(multipliers)
        base, v = -multipliers.u, multipliers.v.copy()
        for weight, goal in weighed:
            base = base + weight * goal.base
        for each, row in zip(multipliers.side.tolist(), self.question.rows.rows, strict=True):
            for part in row.parts if each else ():
                if part.mentors is None and part.members is not None:
                    base[part.members] -= part.sign * each
                elif part.members is None:
                    v[part.mentors] += part.sign * each
        base[self.question.special_members] = FAR_BELOW
        v[self.question.special_mentors] = BEYOND_ANY
        assert len(base) == left.n
        return Prices(base, sum(weight * goal.unit for weight, goal in weighed), v)

    def _weighed(self, multipliers: Multipliers) -> list[tuple[int, Goal]]:
        before = zip(multipliers.before.tolist(), (each.goal for each in self.before), strict=True)
        return [(multipliers.scale, self.goal), *before]


def rounded(stage: Stage, corner: Corner, pairs: Pairs) -> Multipliers:
    """Make whole numbers of dual values, as fine as 64 bits allow."""
    parts = [np.maximum(0.0, part) for part in (corner.u, corner.v, corner.side, corner.before)]
    largest = max([1.0, *(float(part.max(initial=0)) for part in parts)])
    heaviest = max(
        [
            float(np.abs(stage.goal.of(pairs)).max(initial=1)),
            *(
                float(q) * float(np.abs(each.goal.of(pairs)).max(initial=1))
                for q, each in zip(parts[3], stage.before, strict=True)
            ),
        ]
    )
    bits = min(SCALE_BITS, LARGEST_BITS - int(max(largest, heaviest)).bit_length())
    scale = 1 << max(0, bits)
    return Multipliers(scale, *(_whole(part * scale) for part in parts))


def no_multipliers(stage: Stage) -> Multipliers:
    """Begin with nothing."""
    left = stage.question.left
    counts = (left.n, left.m, len(stage.question.rows.rows), len(stage.before))
    return Multipliers(1, *(np.zeros(count, dtype=np.int64) for count in counts))


def raised(multipliers: Multipliers, pairs: Pairs, losses: Ints) -> Multipliers:
    """Raise the values of members until none of these pairs loses less than nothing."""
    missing = np.zeros_like(multipliers.u)
    np.maximum.at(missing, pairs.i, -losses)
    return replace(multipliers, u=multipliers.u + missing)


def _whole(doubles: Doubles) -> Ints:
    return np.rint(doubles).astype(np.int64)
