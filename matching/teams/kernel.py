"""Which plan of teams is best among the pairs that matter?

Pairs that can only be part of plans worth less than a target are left out, by the losses of `prices`. Where the search
reaches the target among the rest, nothing left out was better; where it proves that it cannot, no plan at all can, and
it looks again with a lower target and more pairs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from ortools.sat.python import cp_model

from matching.arrays import Flags, Ints
from matching.pairs import Pairs
from matching.searching import LARGEST_LOT, Level, Reached, Search, lot
from matching.teams.market import TeamMarket
from matching.teams.prices import SCALE, Proof, levels_of
from matching.timing import Timing

LEVELS: Final = ("order of serving", "fit", "evenness")
LARGER_STEP: Final = 8


@dataclass(frozen=True, slots=True)
class Kernel:
    """Some pairs, by their positions among all, with the search for a plan of them."""

    positions: Ints
    search: Search
    counted: tuple[tuple[Sequence[cp_model.IntVar], Sequence[int]], ...]

    def chosen(self, pairs: int) -> Flags:
        """Mark the pairs of the plan among all, of which there are so many."""
        marks = np.zeros(pairs, dtype=np.bool_)
        marks[self.positions] = self.search.chosen[: len(self.positions)]
        return marks


def bettered(
    market: TeamMarket, proven: Proof, plan: Flags, before: Sequence[int], effort: float, timing: Timing
) -> tuple[Flags, Reached, bool]:
    """Better a plan on the level after those that reached so much.

    Gives the plan, what it reaches and what no plan betters, and whether the prices alone prove it.
    """
    level = len(before)
    value = levels_of(market, market.pairs.where(plan)).signed()[level]
    step = 0
    while value < proven.bound:
        target = max(value, proven.bound - step)
        kernel = _kernel(market, _near(proven, target) | plan, plan, before, timing)
        found = kernel.search.best(Level(LEVELS[level], *kernel.counted[level], proven.bound), effort)
        plan, value = kernel.chosen(len(plan)), found.value
        if value >= target or not found.is_proven:
            bound = min(proven.bound, max(value, target - 1, found.bound))
            return plan, Reached(value, bound), value == proven.bound
        step = max(1, LARGER_STEP * step)
    return plan, Reached(value, value), True


def drawn(
    market: TeamMarket, proven: Proof, plan: Flags, reached: Sequence[int], effort: float, timing: Timing
) -> tuple[Flags, bool]:
    """Choose by lots among the plans that reach as much, and say whether it is proven that no other draws more."""
    near = _near(proven, reached[-1]) | plan
    kernel = _kernel(market, near, plan, reached, timing)
    lots = [
        lot(market.instance.seed, market.instance.member_ids[i], market.instance.mentor_ids[j])
        for i, j in zip(market.pairs.i[near].tolist(), market.pairs.j[near].tolist(), strict=True)
    ]
    choices = kernel.counted[1][0]
    found = kernel.search.best(Level("lots", choices, lots, LARGEST_LOT * len(lots)), effort)
    return kernel.chosen(len(plan)), found.is_proven


def _near(proven: Proof, target: int) -> Flags:
    """Mark the pairs that a plan which reaches the target may have."""
    near: Flags = proven.most - proven.loss >= target * SCALE
    return near


def _kernel(market: TeamMarket, near: Flags, plan: Flags, before: Sequence[int], timing: Timing) -> Kernel:
    pairs, instance, model = market.pairs.where(near), market.instance, cp_model.CpModel()
    x = [model.new_bool_var("") for _ in range(len(pairs))]
    s = [model.new_bool_var("") for _ in range(instance.n)]
    by_member: list[tuple[list[cp_model.IntVar], list[cp_model.IntVar]]] = [([], []) for _ in s]
    by_helper: list[list[cp_model.IntVar]] = [[] for _ in range(instance.m)]
    for i, j, one in zip(pairs.i.tolist(), pairs.j.tolist(), x, strict=True):
        by_member[i][int(market.is_navigator[j] and market.of_two[i])].append(one)
        by_helper[j].append(one)
    for rows, one, is_of_two in zip(by_member, s, market.of_two.tolist(), strict=True):
        for row in rows[: 1 + is_of_two]:
            model.add(cp_model.LinearExpr.sum(row) == one)
    for two in _impossible(market, pairs):
        model.add_at_most_one(x[position] for position in two)
    known = [*plan[near].tolist(), *_served(instance.n, market.pairs.where(plan))]
    costs = _places(market, pairs, by_helper, model, known, np.bincount(market.pairs.j[plan], minlength=instance.m))
    counted = ((s, instance.r.tolist()), (x, pairs.f.tolist()), costs)
    for (choices, weights), reached in zip(counted, before, strict=False):
        model.add(cp_model.LinearExpr.weighted_sum(choices, weights) >= reached)
    return Kernel(np.flatnonzero(near), Search(model, timing, [int(value) for value in known]), counted)


def _served(n: int, plan: Pairs) -> list[int]:
    served = np.zeros(n, dtype=np.int64)
    served[plan.i] = 1
    return list(served.tolist())


def _places(
    market: TeamMarket,
    pairs: Pairs,
    by_helper: Sequence[Sequence[cp_model.IntVar]],
    model: cp_model.CpModel,
    known: list[int],
    load: Ints,
) -> tuple[list[cp_model.IntVar], list[int]]:
    """Give each helper places of each cost, and note in `known` which of them the plan takes."""
    taken: list[cp_model.IntVar] = []
    costs: list[int] = []
    wanted = np.bincount(pairs.j, minlength=market.instance.m).tolist()
    for j, row in enumerate(market.instance.free_places().tolist()):
        theirs: list[cp_model.IntVar] = []
        left = int(load[j])
        for cost, free in enumerate(row):
            most = min(free, wanted[j])
            if most:
                theirs.append(model.new_int_var(0, most, ""))
                costs.append(-cost)
                known.append(min(most, left))
                left -= min(most, left)
        model.add(cp_model.LinearExpr.sum(by_helper[j]) == cp_model.LinearExpr.sum(theirs))
        taken += theirs
    return taken, costs


def _impossible(market: TeamMarket, pairs: Pairs) -> list[list[int]]:
    """List positions of pairs of which at most one can be chosen: a helper, and whoever cannot work with them."""
    together: list[list[int]] = []
    row = np.searchsorted(pairs.i, np.arange(market.instance.n + 1))
    for i in np.flatnonzero(market.of_two).tolist():
        theirs = np.arange(row[i], row[i + 1])
        second = market.is_navigator[pairs.j[theirs]]
        for position in theirs[~second].tolist():
            others = theirs[second]
            apart = others[~market.works[pairs.j[position], pairs.j[others]]]
            if len(apart):
                together.append([position, *apart.tolist()])
    return together
