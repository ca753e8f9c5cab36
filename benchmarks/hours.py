"""What does a standing hour for each match cost, in time and in people served?

    ./run python -m benchmarks.hours [--sizes 1000 10000]

A size is a number of members of the seeded sample, with one mentor to five of them, as in `benchmarks.matching`. Both
policies are solved in one process on one thread, twice: the first time loads compiled loops. Seconds are those of the
processor, so that others on the machine do not count. Of the plan without hours it is said how many mentors could not
meet all of their members every week.
"""

import argparse
from collections import Counter
from dataclasses import replace
from time import process_time
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.matching import sampled
from matching.hours.free import free_hours, unpacked_hours
from matching.problem import Problem
from matching.solution import Solution
from matching.solve import solve

COLUMNS = ("", "seconds", "first", "served", "fit", "pairs", "proven", "mentors who cannot meet all")


def measured(problem: Problem) -> tuple[Solution, list[float]]:
    """Solve twice."""
    seconds = []
    for _ in range(2):
        start = process_time()
        solution = solve(problem, threads=1)
        seconds.append(process_time() - start)
    return solution, seconds


def without_an_hour(problem: Problem, solution: Solution) -> int:
    """Count the mentors for whom a plan has more members than they can have hours for."""
    i = {member.id: index for index, member in enumerate(problem.members)}
    j = {mentor.id: index for index, mentor in enumerate(problem.mentors)}
    pairs = [(i[member], j[mentor]) for member, mentor in solution.answer.assignment]
    rows, columns = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    shared = unpacked_hours(free_hours(problem.members, problem.mentors, problem.today).hours(rows, columns))
    by_mentor: dict[int, list[list[int]]] = {}
    for mentor, hours in zip(columns.tolist(), shared, strict=True):
        by_mentor.setdefault(mentor, []).append(np.flatnonzero(hours).tolist())
    return sum(seated(choices) < len(choices) for choices in by_mentor.values())


def seated(choices: list[list[int]]) -> int:
    """Count how many can have an hour of their own (augmenting paths)."""
    has: dict[int, int] = {}

    def finds(row: int, seen: set[int]) -> bool:
        for hour in set(choices[row]) - seen:
            seen.add(hour)
            if hour not in has or finds(has[hour], seen):
                has[hour] = row
                return True
        return False

    return sum(finds(row, set()) for row in range(len(choices)))


def row(name: str, solution: Solution, seconds: list[float], clashes: int) -> list[str]:
    """Put one policy into a row."""
    reached = solution.objective
    figures: list[Any] = [reached.served, reached.fit, solution.feasible_pairs]
    told = [f"{figure:,}" for figure in figures]
    return [name, f"{seconds[1]:.2f}", f"{seconds[0]:.2f}", *told, "yes" if solution.optimal else "no", f"{clashes:,}"]


def compare(sizes: list[int]) -> None:
    """Solve with and without hours at each size and print a table."""
    console = Console(width=150)
    for members in sizes:
        problem = sampled(members)
        with_hours = replace(problem, policy=replace(problem.policy, standing_hour=True))
        table = Table(title=f"{members:,} members, {members // 5:,} mentors")
        for column in COLUMNS:
            table.add_column(column, justify="right" if column else "left")
        for name, asked in (("without hours", problem), ("with hours", with_hours)):
            solution, seconds = measured(asked)
            table.add_row(*row(name, solution, seconds, without_an_hour(asked, solution)))
        hours = Counter(hour % 24 for hour in solution.answer.hours.values())
        console.print(table)
        console.print({"phases": {phase: round(s, 2) for phase, s in solution.seconds.items()}})
        console.print({"hours of the day": dict(sorted(hours.items()))})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000])
    compare(parser.parse_args().sizes)
