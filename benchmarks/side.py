"""How long do side constraints take, and how much of each level is proven?

    ./run python -m benchmarks.side [--sizes 1000 10000] [--seeds 5] [--limit-s 60]

A size is a number of members of the seeded sample, with one mentor to five of them; each seed draws some fifty side
constraints of all kinds. The network is the same problem without them. CPU seconds are those of all threads.
"""

import argparse
from dataclasses import replace
from random import Random
from time import perf_counter, process_time

from rich.console import Console
from rich.table import Table

from benchmarks.matching import sampled
from matching.problem import Problem
from matching.side.constraints import Floor, Group, LeastCaseload, Novice, SideConstraints, Span, Together
from matching.solution import Solution
from matching.solve import solve

OF_A_KIND = 12


def constrained(problem: Problem, seed: int) -> Problem:
    """Draw side constraints that bind here and there."""
    rng = Random(seed)  # noqa: S311 - made up
    members, mentors = ([each.id for each in people] for people in (problem.members, problem.mentors))
    places = {mentor.id: max(0, mentor.capacity - mentor.open) for mentor in problem.mentors}
    couples = rng.sample(members, 2 * OF_A_KIND)
    teams, team = rng.sample(mentors, len(mentors)), len(mentors) // OF_A_KIND
    supervised = [teams[number * team : (number + 1) * team] for number in range(OF_A_KIND // 2)]
    high_need = [member.id for member in problem.members if member.urgency == "urgent"]
    side = SideConstraints(
        groups=(
            Group(name="high need", members=tuple(high_need)),
            Group(name="newcomers", members=tuple(rng.sample(members, len(members) // 10))),
        ),
        spans=tuple(
            Span(supervisor=f"s{number}", mentors=tuple(each), most=sum(map(places.__getitem__, each)) * 4 // 5)
            for number, each in enumerate(supervised)
        ),
        together=tuple(
            Together(members=(one, other), same_mentor=rng.random() < 1 / 3)
            for one, other in zip(couples[::2], couples[1::2], strict=True)
        ),
        apart=tuple((one, other) for one, other in (rng.sample(members, 2) for _ in range(OF_A_KIND))),
        least_caseloads=tuple(LeastCaseload(mentor=mentor, least=2) for mentor in rng.sample(mentors, OF_A_KIND)),
        novices=tuple(Novice(mentor=mentor, group="high need", most=0) for mentor in rng.sample(mentors, OF_A_KIND)),
        floors=(Floor(group="newcomers", least_percent=42),),
    )
    return replace(problem, side=side)


def measured(problem: Problem, limit_s: float) -> tuple[Solution, float, float]:
    """Solve within a time; gives the seconds on the wall and of processors."""
    wall, processors = perf_counter(), process_time()
    solution = solve(problem, onward=lambda *_: perf_counter() - wall < limit_s)
    return solution, perf_counter() - wall, process_time() - processors


def compare(sizes: list[int], seeds: int, limit_s: float) -> None:
    """Measure each size and print a table."""
    for size in sizes:
        problem = sampled(size)
        solve(problem)
        table = Table(title=f"{size:,} members, {size // 5:,} mentors")
        for column in ("constraints", "seconds", "CPU seconds", "proven", "order", "fit", "evenness"):
            table.add_column(column, justify="right")
        table.add_row("none", *_cells(*measured(problem, limit_s)))
        for seed in range(seeds):
            asked = constrained(problem, seed)
            table.add_row(str(len(asked.side.places())), *_cells(*measured(asked, limit_s)))
        Console(width=150).print(table)


def _cells(solution: Solution, wall: float, processors: float) -> list[str]:
    proofs = {proof.goal: proof for proof in solution.side}
    levels = []
    for goal in ("order_of_serving", "fit", "evenness"):
        proof = proofs.get(goal)
        told = f"{getattr(solution.objective, goal):,}"
        if proof is not None:
            gap = f" to {abs(proof.bound):,}" if proof.value != proof.bound else ""
            told += f"{gap} {proof.by} {proof.kernel or ''}"
        levels.append(told)
    return [f"{wall:.2f}", f"{processors:.2f}", "yes" if solution.optimal else "no", *levels]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--limit-s", type=float, default=60)
    asked = parser.parse_args()
    compare(asked.sizes, asked.seeds, asked.limit_s)
