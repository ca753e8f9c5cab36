"""How does a goal under side constraints stand as a linear or whole-number program, and what does OR-Tools make of it?

    Columns:    x_p for each listed pair p; t_jl, the places taken of mentor j that cost l; z, the switches, in {0, 1};
                s, by how much each demand is short.
    Greatest:   sum of the goal's worth of x, t and s
    Rows:       member i        sum of x_p                          <= 1
                mentor j        sum of x_p  -  sum of t_jl          <= 0
                side row        as in `rows`, less s if a demand    <= bound
                goal before     minus its sum                       <= minus what was reached

In doubles: what comes of it is never believed, only looked at. `multipliers` makes a bound of the dual values that is
whole numbers throughout, and plans are measured again by `question`.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, cast

import numpy as np
from ortools.math_opt import model_pb2  # type: ignore[import-untyped]
from ortools.math_opt.python import mathopt  # type: ignore[import-untyped]
from ortools.util.python import solve_interrupter  # type: ignore[import-untyped]

from matching.arrays import Ints
from matching.assignment import NOBODY
from matching.pairs import Pairs, gathered
from matching.side.goals import Goal
from matching.side.question import Question
from matching.timing import Timing

Doubles = np.ndarray[Any, np.dtype[np.float64]]
Entries = tuple[Ints, Ints, Ints]
POLLED_EVERY_S: Final = 0.05
FEW_JOIN: Final = 100
WHOLE_WITHIN: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Reached:
    """A goal and how much of it must be reached."""

    goal: Goal
    value: int


@dataclass(frozen=True, slots=True)
class Program:
    """What is optimised: `goal`, on these pairs, with what the goals `before` have reached."""

    question: Question
    goal: Goal
    before: tuple[Reached, ...]
    pairs: Pairs


@dataclass(frozen=True, slots=True)
class Corner:
    """A best corner of the linear program: its value, the weights of pairs, and the dual values by kind of row."""

    value: float
    x: Doubles
    u: Doubles
    v: Doubles
    side: Doubles
    before: Doubles


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: a plan or None, and whether the search was complete."""

    plan: Ints | None
    is_complete: bool


class Linear:
    """A linear program that pairs can join, solved by GLOP on one thread, each time from where it stood."""

    def __init__(self, program: Program) -> None:
        self._program, self._last = program, cast("Corner | None", None)
        self._presolve = mathopt.Emphasis.MEDIUM
        self._model = mathopt.Model.from_model_proto(_proto(program, is_whole=False))
        self._solver = mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP)
        self._rows = list(self._model.linear_constraints())
        self._columns = list(self._model.variables())[: len(program.pairs)]

    def is_of(self, program: Program) -> bool:
        """Tell whether it stands for a program with the same goals and pairs."""
        mine, m = self._program, program.question.left.m
        goals = [each.goal.name for each in mine.before] + [mine.goal.name]
        same = goals == [each.goal.name for each in program.before] + [program.goal.name]
        return same and np.array_equal(mine.pairs.keys(m), program.pairs.keys(m))

    def join(self, more: Pairs) -> Program:
        """Add pairs that are not there yet; gives the program with them."""
        program, rows, self._last = self._program, self._rows, None
        joining = [self._model.add_variable(lb=0.0) for _ in range(len(more))]
        for row, at, value in zip(
            *(column.tolist() for column in _entries_of(replace(program, pairs=more))), strict=True
        ):
            rows[row].set_coefficient(joining[at], value)
        for variable, worth in zip(joining, program.goal.of(more).tolist(), strict=True):
            self._model.objective.set_linear_coefficient(variable, worth)
        both = gathered([program.pairs, more])
        order = np.argsort(both.keys(program.question.left.m), kind="stable")
        columns = [*self._columns, *joining]
        self._columns = [columns[at] for at in order.tolist()]
        self._program = replace(program, pairs=both.where(order))
        if FEW_JOIN * len(more) < len(both):  # GLOP goes on from where it stood, unless it is to look through all again
            self._presolve = mathopt.Emphasis.OFF
        return self._program

    def corner(self) -> Corner | None:
        """Find a best corner; None if the rows cannot be kept together, or GLOP gives up."""
        self._last = self._last or self._solved()
        return self._last

    def _solved(self) -> Corner | None:
        result = self._solver.solve(params=mathopt.SolveParameters(presolve=self._presolve))
        if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
            return None
        question, sides = self._program.question, len(self._program.question.rows.rows)
        dual = np.array(result.dual_values(self._rows))
        x = np.array(result.variable_values(self._columns))
        edges = np.cumsum([question.left.n, question.left.m, sides])
        return Corner(result.objective_value(), x, *np.split(dual, edges))


def plan_of(program: Program, x: Doubles) -> Ints | None:
    """Read a plan, or None where a pair is neither in nor out."""
    if (np.abs(x - np.rint(x)) > WHOLE_WITHIN).any():
        return None
    plan = np.full(program.question.left.n, NOBODY, dtype=np.int64)
    chosen = program.pairs.where(np.rint(x) > 0)
    plan[chosen.i] = chosen.j
    return plan


def search(program: Program, at_least: int, timing: Timing) -> Found:
    """Find the best plan that is worth `at_least` so much, by CP-SAT in whole numbers, one worker, a fixed seed."""
    model = mathopt.Model.from_model_proto(_proto(program, is_whole=True, at_least=at_least))
    interrupter = solve_interrupter.SolveInterrupter()
    parameters = mathopt.SolveParameters(threads=1, random_seed=1, relative_gap_tolerance=0.0)
    parameters.cp_sat.linearization_level = 2
    solving = partial(mathopt.solve, model, mathopt.SolverType.CP_SAT, params=parameters, interrupter=interrupter)
    result = _watched(solving, interrupter, program.goal.name, timing)
    is_complete = result.termination.reason in {
        mathopt.TerminationReason.OPTIMAL,
        mathopt.TerminationReason.INFEASIBLE,
    }
    if not result.has_primal_feasible_solution():
        return Found(None, is_complete)
    x = np.array(result.variable_values(list(model.variables())))[: len(program.pairs)]
    return Found(plan_of(program, x), is_complete)


def _watched(
    solving: Callable[[], mathopt.SolveResult],
    interrupter: solve_interrupter.SolveInterrupter,
    what: str,
    timing: Timing,
) -> mathopt.SolveResult:
    with ThreadPoolExecutor(1) as thread:
        result = thread.submit(solving)
        while True:
            try:
                return result.result(timeout=POLLED_EVERY_S)
            except NotYet:
                if not timing.onward(what, 0, 1):
                    interrupter.interrupt()


def _proto(program: Program, *, is_whole: bool, at_least: int | None = None) -> model_pb2.ModelProto:
    question, pairs = program.question, program.pairs
    place_j, place_cost = np.nonzero(question.free)
    demands = question.rows.demands
    counts = [len(pairs), len(place_j), len(question.rows.switched), len(demands)]
    tops = [
        np.ones(counts[0]) if is_whole else np.full(counts[0], np.inf),
        question.free[place_j, place_cost],
        np.ones(counts[2]),
        np.array([-question.rows.rows[number].bound for number in demands]),
    ]
    matrix = _matrix(program, place_j, counts)
    bounds = [*[0] * question.left.m, *(row.bound for row in question.rows.rows)]
    bounds = [*[1] * question.left.n, *bounds]
    for each in program.before:
        worths = _worths(each.goal, pairs, place_cost, counts)
        worths[: counts[0]] = 0  # those of pairs stand there already
        matrix.append(_row(len(bounds), -worths))
        bounds.append(-each.value)
    worths = _worths(program.goal, pairs, place_cost, counts)
    if at_least is not None:
        matrix.append(_row(len(bounds), -worths))
        bounds.append(-at_least)
    model = model_pb2.ModelProto()
    columns = sum(counts)
    model.variables.ids.extend(range(columns))
    model.variables.lower_bounds.extend([0.0] * columns)
    model.variables.upper_bounds.extend(np.concatenate(tops).tolist())
    model.variables.integers.extend([is_whole] * columns)
    model.objective.maximize = True
    _, told, worth = _row(0, worths)
    model.objective.linear_coefficients.ids.extend(told.tolist())
    model.objective.linear_coefficients.values.extend(worth.astype(float).tolist())
    model.linear_constraints.ids.extend(range(len(bounds)))
    model.linear_constraints.lower_bounds.extend([-np.inf] * len(bounds))
    model.linear_constraints.upper_bounds.extend(map(float, bounds))
    row, column, value = _stacked(matrix)
    order = np.lexsort((column, row))
    model.linear_constraint_matrix.row_ids.extend(row[order].tolist())
    model.linear_constraint_matrix.column_ids.extend(column[order].tolist())
    model.linear_constraint_matrix.coefficients.extend(value[order].astype(float).tolist())
    return model


def _row(number: int, values: Ints) -> Entries:
    used = np.flatnonzero(values)
    return np.full(len(used), number), used, values[used]


def _worths(goal: Goal, pairs: Pairs, place_cost: Ints, counts: Sequence[int]) -> Ints:
    """Say what each column is worth."""
    return np.concatenate(
        [
            goal.of(pairs),
            goal.place[place_cost],
            np.zeros(counts[2], dtype=np.int64),
            np.full(counts[3], goal.short, dtype=np.int64),
        ]
    )


def _matrix(program: Program, place_j: Ints, counts: Sequence[int]) -> list[Entries]:
    """Give the entries of the matrix: row, column, coefficient."""
    question = program.question
    n, m = question.left.n, question.left.m
    first = np.cumsum([0, *counts])
    switches = [(number, each.switch) for number, each in enumerate(question.rows.rows) if each.switch is not None]
    demands = np.array(question.rows.demands, dtype=np.int64)
    return [
        _entries_of(program),
        (n + place_j, first[1] + np.arange(len(place_j)), -np.ones(len(place_j), dtype=np.int64)),
        (
            np.array([n + m + number for number, _ in switches], dtype=np.int64),
            np.array([first[2] + switch for _, (switch, _) in switches], dtype=np.int64),
            np.array([coefficient for _, (_, coefficient) in switches], dtype=np.int64),
        ),
        (n + m + demands, first[3] + np.arange(len(demands)), -np.ones(len(demands), dtype=np.int64)),
    ]


def _entries_of(program: Program) -> Entries:
    """Give the entries of pairs: in the rows of members, mentors, side constraints, and goals before."""
    question, pairs = program.question, program.pairs
    n, m = question.left.n, question.left.m
    everybody, ones = np.arange(len(pairs)), np.ones(len(pairs), dtype=np.int64)
    row, at, sign = question.rows.entries(pairs, m)
    row, at, sign = _added_up(row, at, sign, len(pairs))
    parts = [(pairs.i.astype(np.int64), everybody, ones), (n + pairs.j.astype(np.int64), everybody, ones)]
    parts.append((n + m + row, at, sign))
    for number, each in enumerate(program.before):
        worth = each.goal.of(pairs)
        used = np.flatnonzero(worth)
        parts.append((np.full(len(used), n + m + len(question.rows.rows) + number), used, -worth[used]))
    return _stacked(parts)


def _stacked(parts: Sequence[Entries]) -> Entries:
    row, column, value = (np.concatenate(each) for each in zip(*parts, strict=True))
    return row, column, value


def _added_up(row: Ints, at: Ints, sign: Ints, pairs: int) -> tuple[Ints, Ints, Ints]:
    """Add up what a row says of one pair in several parts."""
    keys, where = np.unique(row * max(1, pairs) + at, return_inverse=True)
    total = np.zeros(len(keys), dtype=np.int64)
    np.add.at(total, where, sign)
    rows, positions = np.divmod(keys, max(1, pairs))
    return rows, positions, total
