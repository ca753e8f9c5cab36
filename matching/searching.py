"""Which answer is best level by level, where no network helps? CP-SAT searches, in whole numbers.

One worker with a fixed seed gives the same answer each time. How long it may search is told in its own count of work
and not by the clock, so that this holds where the search ends early too.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Final

from ortools.sat.python import cp_model

from matching.timing import Timing

EFFORT: Final = 20.0
"""How much work a level may take, in CP-SAT's deterministic time, about a second each on an idle machine."""

LOOKS_AT_CLOCK_EVERY_S: Final = 0.1
LINEARISED: Final = 2
LOT_BYTES: Final = 5
LARGEST_LOT: Final = (1 << 8 * LOT_BYTES) - 1


@dataclass(frozen=True, slots=True)
class Level:
    """A sum of weighted choices that is to be as great as possible, and what it can never be more than."""

    name: str
    choices: Sequence[cp_model.IntVar]
    weights: Sequence[int]
    most: int


@dataclass(frozen=True, slots=True)
class Reached:
    """What the best answer found reaches on a level, and what no answer betters that is as good before it."""

    value: int
    bound: int

    @property
    def is_proven(self) -> bool:
        """Tell whether nothing better is left."""
        return self.value >= self.bound


class Search:
    """An answer to a model, bettered level by level; what a level reached holds on all that follow."""

    def __init__(self, model: cp_model.CpModel, timing: Timing, known: Sequence[int] | None = None) -> None:
        """Begin with a known answer, a number for each variable of the model; nothing but zeros, if left out."""
        self._model = model
        self._timing = timing
        self.chosen = list(known) if known is not None else [0] * len(model.proto.variables)

    def best(self, level: Level, effort: float = EFFORT) -> Reached:
        """Better a level as far as the effort allows, and keep what it reached.

        Half of the effort goes into better answers; what is left of the gap then, into a better bound.
        """
        counted = cp_model.LinearExpr.weighted_sum(level.choices, level.weights)
        self._model.maximize(counted)
        bound = self._searched(level, effort / 2, lifts_bound=False)
        if self._value(level) < bound and not self._timing.is_over:
            bound = min(bound, self._searched(level, effort / 2, lifts_bound=True))
        reached = Reached(self._value(level), bound)
        self._model.add(counted >= reached.value)
        return reached

    def _value(self, level: Level) -> int:
        return sum(
            self.chosen[choice.index] * weight for choice, weight in zip(level.choices, level.weights, strict=True)
        )

    def _searched(self, level: Level, effort: float, *, lifts_bound: bool) -> int:
        """Search once, and give the bound. Raises RuntimeError if the solver finds that there is no answer."""
        self._model.clear_hints()  # type: ignore[no-untyped-call]
        for index, value in enumerate(self.chosen):
            self._model.add_hint(self._model.get_int_var_from_proto_index(index), value)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 0
        solver.parameters.linearization_level = LINEARISED
        solver.parameters.max_deterministic_time = effort
        solver.parameters.optimize_with_lb_tree_search = lifts_bound
        solver.parameters.catch_sigint_signal = False
        status = self._solved(solver, level.name)
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.UNKNOWN}:
            raise RuntimeError(f"the search for {level.name} ended as {solver.status_name(status)}")
        if status == cp_model.UNKNOWN:
            return level.most
        known, before = self.chosen, self._value(level)
        self.chosen = list(solver.response_proto.solution)
        if self._value(level) < before:
            self.chosen = known
        return min(level.most, int(solver.best_objective_bound))

    def _solved(self, solver: cp_model.CpSolver, name: str) -> cp_model.CpSolverStatus:
        """Let the solver work beside this thread, which looks at the clock and hears interruptions."""
        with ThreadPoolExecutor(1) as beside:
            solving = beside.submit(partial(solver.solve, self._model))
            while wait([solving], LOOKS_AT_CLOCK_EVERY_S).not_done:
                if not self._timing.onward(name, 0, 1):
                    solver.stop_search()
            return solving.result()


def lot(seed: str, *names: str) -> int:
    """Draw the lot of a choice: the first five bytes, big-endian, of SHA-256 of seed and names, a line each."""
    return int.from_bytes(sha256("\n".join((seed, *names)).encode()).digest()[:LOT_BYTES], "big")
