"""The command about misreports: who could gain by saying something else? No database is opened."""

from typing import Annotated

import typer

from api.cli.options import Json
from api.cli.output import emit, show
from api.cli.progress import progress
from api.cli.solving import ProblemFile
from matching.files import read_problem
from matching.problem import InvalidProblem, Problem
from matching.strategy.search import search
from matching.strategy.sentences import of_findings


def strategy(
    problem: ProblemFile,
    *,
    people: Annotated[int, typer.Option(min=1, help="How many members are tried, and how many mentors.")] = 20,
    seed: Annotated[str, typer.Option(help="Draws the people.")] = "",
    json: Json = False,
) -> None:
    """Search for somebody who would gain by saying something else than what is true, and say how much."""
    asked = read_problem(problem.read_bytes())
    if not isinstance(asked, Problem):
        raise InvalidProblem("pairs: misreports are known only for a problem told person by person")
    with progress("trying people") as tell:

        def onward(_what: str, done: int, total: int) -> bool:
            tell(done, total)
            return True

        findings = search(asked, people=people, seed=seed, onward=onward)
    if json:
        emit(findings)
    else:
        show("\n".join(of_findings(findings)))
