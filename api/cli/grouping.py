"""Commands about problems in files in which people form groups: teams of two helpers, and circles of members."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from api.cli.output import emit, say, show
from api.cli.progress import Tell, progress
from api.cli.solving import ending, write
from matching.circles.files import read_circles
from matching.circles.files import result_of as result_of_circles
from matching.circles.sentences import why_circle
from matching.circles.solve import solve_circles
from matching.problem import InvalidProblem
from matching.searching import EFFORT
from matching.teams.certificate import refusals
from matching.teams.files import read_result, read_teams
from matching.teams.files import result_of as result_of_teams
from matching.teams.sentences import why_team
from matching.teams.solve import solve_teams
from matching.timing import Onward

ProblemFile = Annotated[
    Path, typer.Argument(metavar="PROBLEM.json", help="A problem: docs/teams-and-circles.md says in which form.")
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Where the result goes, if not shown.")]
Effort = Annotated[
    float, typer.Option(min=0, help="How much work each level may take, about this many seconds; repeatable.")
]
Check = Annotated[
    Path | None, typer.Option(metavar="RESULT.json", help="Check this result and its prices, and solve nothing.")
]
TimeLimit = Annotated[float | None, typer.Option(metavar="SECONDS", min=0, help="Then give the best plan so far.")]
Why = Annotated[str | None, typer.Option(metavar="MEMBER", help="Say in words why, for this member, and nothing else.")]


def teams(
    problem: ProblemFile,
    *,
    output: Output = None,
    why: Why = None,
    check: Check = None,
    effort: Effort = EFFORT,
    time_limit: TimeLimit = None,
) -> None:
    """Give members a mentor and a navigator together, both or none. Interrupt it once for the best plan so far."""
    asked = read_teams(problem.read_bytes())
    if check is not None:
        _checked(refusals(asked, read_result(check.read_bytes())))
        return
    _known(why, (member.id for member in asked.members))
    with progress("searching") as tell, ending(time_limit) as is_over:
        found = solve_teams(asked, effort=effort, onward=_onward(tell, is_over))
    if why is not None:
        show("\n".join(why_team(found, why)))
        return
    _give(result_of_teams(found), output)
    say(f"{len(found.teams)} served. {_proven(found.optimal)}")


def circles(
    problem: ProblemFile,
    *,
    output: Output = None,
    why: Why = None,
    effort: Effort = EFFORT,
    time_limit: TimeLimit = None,
) -> None:
    """Form circles of members with a facilitator and an hour. Interrupt it once for the best plan so far."""
    asked = read_circles(problem.read_bytes())
    _known(why, (member.id for member in asked.members))
    with progress("searching") as tell, ending(time_limit) as is_over:
        found = solve_circles(asked, effort=effort, onward=_onward(tell, is_over))
    if why is not None:
        show("\n".join(why_circle(found, why)))
        return
    _give(result_of_circles(found), output)
    served = sum(len(circle.places) for circle in found.circles)
    say(f"{served} served in {len(found.circles)} circles. {_proven(found.optimal)}")


def _checked(complaints: Sequence[str]) -> None:
    show(f"REFUSED: {'; '.join(complaints)}." if complaints else "Nothing is wrong with it.")
    if complaints:
        raise typer.Exit(1)


def _onward(tell: Tell, is_over: Callable[[], bool]) -> Onward:
    def onward(_what: str, done: int, total: int) -> bool:
        tell(done, total)
        return not is_over()

    return onward


def _known(why: str | None, members: Iterable[str]) -> None:
    if why is not None and why not in set(members):
        raise InvalidProblem("members: nobody has this id")


def _give(result: Any, output: Path | None) -> None:
    if output is None:
        emit(result)
    else:
        write(output, msgspec.json.encode(result) + b"\n")


def _proven(is_optimal: bool) -> str:  # noqa: FBT001
    return f"Proven best: {'yes' if is_optimal else 'no, the result says what gap is left'}."
