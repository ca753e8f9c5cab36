"""The command that thinks of people who have not come yet, for a problem in a file. No database is opened."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import Json
from api.cli.output import emit, show
from api.cli.solving import ProblemFile
from matching.arrivals.outlook import outlook_of
from matching.arrivals.placing import placed
from matching.arrivals.reserving import Reserving
from matching.arrivals.steering import Steered, steered
from matching.files import read_past, read_problem
from matching.problem import InvalidProblem, Problem


def ahead(
    problem: ProblemFile,
    past: Annotated[Path, typer.Argument(metavar="PAST.json", help="Who came before: docs/arrivals.md.")],
    days: Annotated[int, typer.Option(help="How far ahead is looked.")],
    *,
    futures: Annotated[int, typer.Option(help="How many futures are drawn, by the problem's seed.")] = 10,
    served_points: Annotated[int, typer.Option(help="Points of fit that one person more is worth.")] = 1000,
    may_wait: Annotated[list[str] | None, typer.Option(help="An urgency that may wait for those to come.")] = None,
    json: Json = False,
) -> None:
    """Find the best plan for those who wait, with places charged for those who may come."""
    asked = read_problem(problem.read_bytes())
    if not isinstance(asked, Problem):
        raise InvalidProblem("pairs: those to come are compared only with a problem told person by person")
    reserving = Reserving(
        horizon_days=days, futures=futures, served_points=served_points, may_wait=frozenset(may_wait or ())
    )
    outlook = outlook_of(read_past(past.read_bytes()), asked.mentors, asked.policy, asked.today)
    placement = placed(asked, outlook, reserving)
    told = steered(asked, placement)
    if json:
        emit({"placement": placement, "steered": told})
        return
    for member, mentor in placement.assignment:
        show(f"{member} meets {mentor}, whose place is charged {placement.charges[mentor]:,} points.")
    for member, reason in placement.unserved.items():
        show(f"{member} waits: {reason}.")
    for each in told:
        show(f"Without those to come, {each.member} would {_meet(each)}.")
    show(f"{placement.objective.served} served. Proven best with the charges: {'yes' if placement.optimal else 'no'}.")


def _meet(each: Steered) -> str:
    if each.usual is None:
        return "wait"
    instead = f" instead of {each.fit}" if each.meets else ""
    return f"meet {each.usual}, with a fit of {each.usual_fit}{instead}"
