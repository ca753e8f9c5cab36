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

EFFORT: Final = 60.0
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

        Raises RuntimeError if the solver contradicts itself: an answer was known.
        """
        counted = cp_model.LinearExpr.weighted_sum(level.choices, level.weights)
        solver = self._prepared(effort)
        self._model.maximize(counted)
        status = self._solved(solver, level.name)
        if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            self.chosen = list(solver.response_proto.solution)
        elif status != cp_model.UNKNOWN:
            raise RuntimeError(f"the search for {level.name} ended as {solver.status_name(status)}")
        value = sum(
            self.chosen[choice.index] * weight for choice, weight in zip(level.choices, level.weights, strict=True)
        )
        self._model.add(counted >= value)
        if status == cp_model.OPTIMAL:
            return Reached(value, value)
        is_bounded = status == cp_model.FEASIBLE
        return Reached(value, min(level.most, int(solver.best_objective_bound)) if is_bounded else level.most)

    def _prepared(self, effort: float) -> cp_model.CpSolver:
        self._model.clear_hints()
        for index, value in enumerate(self.chosen):
            self._model.add_hint(self._model.get_int_var_from_proto_index(index), value)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 0
        solver.parameters.linearization_level = LINEARISED
        solver.parameters.max_deterministic_time = effort
        solver.parameters.catch_sigint_signal = False
        return solver

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
