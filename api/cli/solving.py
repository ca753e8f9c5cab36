"""Commands about problems in files: solve one, check an answer, tell a problem pair by pair. No database is opened."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Annotated, Any, Final

import msgspec
import typer

from api.cli.options import Json
from api.cli.output import emit, say, show
from api.cli.progress import progress
from matching import sentences
from matching.files import read_answer, read_problem, result_of, written
from matching.instance import Instance, every_pair, instance_of
from matching.preparing import prepare
from matching.problem import InvalidProblem, Problem
from matching.side.costs import places_that_hold_back
from matching.side.proofs import refusals_beside
from matching.solution import Solution, Verdict
from matching.solve import THREADS, solve, solve_told
from matching.told import ToldProblem, instance_told, told
from matching.waiting import why_waiting
from matching.weights import weights_for
from matching.what_if import alternatives, why_not

ProblemFile = Annotated[
    Path, typer.Argument(metavar="PROBLEM.json", help="A problem: docs/matching.md says in which form.")
]

ALTERNATIVES: Final = 3


def solve_file(
    problem: ProblemFile,
    *,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Where the result goes, if not shown.")] = None,
    time_limit: Annotated[
        float | None, typer.Option(metavar="SECONDS", min=0, help="Then give the best plan so far, with its bound.")
    ] = None,
    threads: Annotated[int, typer.Option(min=1, help="How many processors to use.")] = THREADS,
    seed: Annotated[str | None, typer.Option(help="What equals are drawn by, instead of the seed in the file.")] = None,
) -> None:
    """Find the best plan for a problem in a file, and prove it. Interrupt it once for the best plan so far."""
    asked = read_problem(problem.read_bytes())
    if seed is not None:
        asked = replace(asked, seed=seed) if isinstance(asked, Problem) else msgspec.structs.replace(asked, seed=seed)
    with progress("solving") as tell, ending(time_limit) as is_over:

        def onward(_what: str, done: int, total: int) -> bool:
            tell(done, total)
            return not is_over()

        found: Solution | Verdict
        if isinstance(asked, Problem):
            found = solve(asked, threads=threads, onward=onward)
        else:
            found = solve_told(asked, onward=onward)
    if output is None:
        emit(result_of(found))
    else:
        write(output, msgspec.json.encode(result_of(found)) + b"\n")
    reached = found.answer.objective
    say(f"{reached.served} served. Proven best: {'yes' if found.optimal else 'no, time was over'}.")
    for line in sentences.of_gaps(found.answer.side):
        say(line)


def certify(
    problem: ProblemFile,
    result: Annotated[Path, typer.Argument(metavar="RESULT.json", help="What `solve` gave, or another solver.")],
    *,
    json: Json = False,
) -> None:
    """Check that a result is the best there is, over all feasible pairs, without solving anything."""
    asked = read_problem(problem.read_bytes())
    instance = _instance(asked)
    answer = read_answer(result.read_bytes(), weights_for(instance))
    complaints = refusals_beside(instance, asked.side, answer)
    if json:
        emit({"proven": not complaints, "complaints": complaints})
    else:
        show(f"REFUSED: {'; '.join(complaints)}." if complaints else "Proven best.")
        for line in () if complaints else sentences.of_searches(answer.side):
            show(line)
    if complaints:
        raise typer.Exit(1)


def tell_pairs(
    problem: ProblemFile,
    output: Annotated[Path, typer.Argument(metavar="PAIRS.json", help="Where the same problem goes, pair by pair.")],
) -> None:
    """Tell a problem pair by pair, as matching/verify.py reads it, which needs nothing but Python."""
    asked = read_problem(problem.read_bytes())
    instance = _instance(asked)
    write(output, written(told(instance, every_pair(instance), asked.side)) + b"\n")


def why(
    problem: ProblemFile,
    member: Annotated[str, typer.Argument(help="The id of a member.")],
    mentor: Annotated[str | None, typer.Argument(help="The id of a mentor; all who are possible, if left out.")] = None,
    *,
    json: Json = False,
) -> None:
    """Say why a member meets whom they meet, why not somebody else and at what price, or why they wait."""
    asked = people_in(problem)
    if member not in {each.id for each in asked.members}:
        raise InvalidProblem("members: nobody has this id")
    if mentor is not None and mentor not in {each.id for each in asked.mentors}:
        raise InvalidProblem("mentors: nobody has this id")
    data, said = _reasons(asked, member, mentor)
    if json:
        emit(data)
    else:
        show("\n".join(said))


def compile_loops() -> None:
    """Prepare this machine for large pools, so that nobody waits later: about a minute, once for each version."""
    for what in prepare():
        say(f"Compiling for {what}.")


def people_in(problem: Path) -> Problem:
    """Read a problem that is told person by person; of other problems no reasons are known."""
    asked = read_problem(problem.read_bytes())
    if not isinstance(asked, Problem):
        raise InvalidProblem("pairs: reasons are known only for a problem told person by person")
    return asked


def _reasons(asked: Problem, member: str, mentor: str | None) -> tuple[Any, list[str]]:
    """Give reasons as data and as sentences."""
    solution = solve(asked)
    proposal = next((each for each in solution.proposals if each.member == member), None)
    if proposal is not None and mentor in {None, proposal.mentor}:
        others = alternatives(asked, solution, member, ALTERNATIVES + 1) if mentor is None else ()
        others = tuple(each for each in others if each.mentor != proposal.mentor)[:ALTERNATIVES]
        told = [{"mentor": each.mentor, "fit": each.fit, "regret": each.regret} for each in others]
        return {"proposal": proposal, "alternatives": told}, sentences.why(proposal) + sentences.of_alternatives(others)
    if mentor is None:
        waiting = why_waiting(asked, solution, member)
        nearest = [{"rules": rules, "mentors": count} for rules, count in waiting.nearest.items()]
        held_back = places_that_hold_back(asked, solution, member)
        told_ahead = {"nearest": nearest, "mentors": waiting.mentors, "ahead": waiting.ahead, "side": held_back}
        return {"waiting": told_ahead}, [*sentences.of_waiting(waiting), *sentences.of_side(held_back)]
    refusal = why_not(asked, solution, member, mentor)
    forcing = refusal.forcing and {"growth": refusal.forcing.growth, "moves": refusal.forcing.moves}
    return {"failing": refusal.failing, "forcing": forcing}, sentences.why_not(refusal)


def _instance(asked: Problem | ToldProblem) -> Instance:
    return instance_of(asked, THREADS) if isinstance(asked, Problem) else instance_told(asked)


def write(path: Path, octets: bytes) -> None:
    """Write a file whole or not at all."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
    try:
        unfinished.touch(mode=0o600)  # a result tells as much of people as a pool does
        unfinished.write_bytes(octets)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def ending(time_limit_s: float | None) -> Iterator[Callable[[], bool]]:
    """Lend a function that says whether time is over or somebody has interrupted; the second interruption ends all."""
    ends_at = None if time_limit_s is None else monotonic() + time_limit_s
    interrupted: list[int] = []

    def interrupt(number: int, _frame: object) -> None:
        interrupted.append(number)
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield lambda: bool(interrupted) or (ends_at is not None and monotonic() >= ends_at)
    finally:
        signal.signal(signal.SIGINT, before)
