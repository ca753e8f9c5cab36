"""How fast does a session answer one change, proven over all pairs and with the canonical choice?

    ./run python -m benchmarks.session [--sizes 10000 50000] [--edits 60]

A size is a number of members; there is one mentor to five of them, from the seeded sample. Each kind of edit is made so
often and taken back, on one thread, on people drawn by a seed; the edit and the way back
are told apart. Beside them stands one pass over the packed words of all pairs on one processor, in the same run.
"""

import argparse
from collections.abc import Callable
from dataclasses import replace
from random import Random
from statistics import median, quantiles
from time import perf_counter, process_time

from rich.console import Console
from rich.table import Table

from benchmarks.matching import TODAY, bare_pass, sampled
from matching.problem import InvalidProblem
from matching.session import (
    AddMember,
    ChangeCapacity,
    Edit,
    Forbid,
    Pin,
    Session,
    WithdrawMember,
    WithdrawMentor,
)
from matching.solve import THREADS

SEED = 5
Draw = Callable[[Random, Session], Edit]


def _arrival(rng: Random, session: Session) -> Edit:
    one, other = rng.choices(session.problem.members, k=2)
    return AddMember(
        member=replace(one, id=f"new {one.id}", person=f"new {one.id}", needs=other.needs, waiting_since=TODAY)
    )


def _withdrawal(rng: Random, session: Session) -> Edit:
    return WithdrawMember(member=rng.choice(session.problem.members).id)


def _forbidding(rng: Random, session: Session) -> Edit:
    member, mentor = rng.choice(session.answer.assignment)
    return Forbid(member=member, mentor=mentor)


def _pin(rng: Random, session: Session) -> Edit:
    """Draw pairs until one is feasible and not proposed."""
    while True:
        member, mentor = rng.choice(session.problem.members).id, rng.choice(session.problem.mentors).id
        edit = Pin(member=member, mentor=mentor)
        if session.assignment.get(member) != mentor and _is_possible(session, edit):
            return edit


def _is_possible(session: Session, edit: Edit) -> bool:
    try:
        session.tried(edit)
    except InvalidProblem:
        return False
    return True


def _swap(rng: Random, session: Session) -> Edit:
    plan = session.assignment
    while True:
        edit = session.swapped(*rng.sample(list(plan), 2))
        if _is_possible(session, edit):
            return edit


def _mentor_leaving(rng: Random, session: Session) -> Edit:
    return WithdrawMentor(mentor=rng.choice(session.problem.mentors).id)


def _one_place_more(rng: Random, session: Session) -> Edit:
    mentor = rng.choice(session.problem.mentors)
    return ChangeCapacity(mentor=mentor.id, capacity=mentor.capacity + 1)


def _one_place_fewer(rng: Random, session: Session) -> Edit:
    mentor = rng.choice([each for each in session.problem.mentors if each.capacity > 0])
    return ChangeCapacity(mentor=mentor.id, capacity=mentor.capacity - 1)


KINDS: dict[tuple[str, str], Draw] = {
    ("member arrives", "leaves again"): _arrival,
    ("member leaves", "comes back"): _withdrawal,
    ("proposed pair forbidden", "allowed again"): _forbidding,
    ("pair pinned", "unpinned"): _pin,
    ("two members swapped", "swapped back"): _swap,
    ("mentor leaves", "comes back"): _mentor_leaving,
    ("one place more", "fewer again"): _one_place_more,
    ("one place fewer", "more again"): _one_place_fewer,
}


def timed(act: Callable[[], object]) -> tuple[float, float]:
    """Give milliseconds of the clock and of the processor."""
    start, cpu = perf_counter(), process_time()
    act()
    return 1000 * (perf_counter() - start), 1000 * (process_time() - cpu)


def measured(session: Session, draw: Draw, edits: int) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Make and undo edits of a kind."""
    rng = Random(SEED)  # noqa: S311 - draws edits, not secrets
    there, back = list[tuple[float, float]](), list[tuple[float, float]]()
    for _ in range(edits):
        edit = draw(rng, session)
        there.append(timed(lambda edit=edit: session.apply(edit)))
        back.append(timed(session.undo))
    return there, back


def compare(members: int, edits: int) -> None:
    """Measure every kind at a size and print a table."""
    problem = sampled(members)
    start = perf_counter()
    session = Session(problem, threads=THREADS)
    begun = perf_counter() - start
    bare = 1000 * bare_pass(members)["seconds"] * THREADS
    title = f"{members:,} members, {len(problem.mentors):,} mentors: begun in {begun:.1f} s; bare pass {bare:.1f} ms"
    table = Table(title=title)
    for column in ("ms", "median", "p95", "processor median", "p95"):
        table.add_column(column, justify="right" if column != "ms" else "left")
    for names, draw in KINDS.items():
        for name, times in zip(names, measured(session, draw, edits), strict=True):
            table.add_row(name, *(f"{figure:.1f}" for column in zip(*times, strict=True) for figure in _cells(column)))
    Console(width=110).print(table)


def _cells(times: tuple[float, ...]) -> tuple[float, float]:
    return median(times), quantiles(times, n=20)[-1]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 50_000])
    parser.add_argument("--edits", type=int, default=60)
    asked = parser.parse_args()
    for size in asked.sizes:
        compare(size, asked.edits)
