"""Commands about who is missing, on problems in files: whose next place, what kind of mentor, who takes over."""

from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.options import Json
from api.cli.output import emit, show
from api.cli.solving import ProblemFile, people_in
from matching import sentences
from matching.backups import backups
from matching.files import read_mentors
from matching.one_more import next_places
from matching.problem import InvalidProblem, Problem
from matching.recruiting import recruits
from matching.solve import solve
from matching.what_if import one_more_mentor


def places(problem: ProblemFile, *, json: Json = False) -> None:
    """Say what one more place of each mentor would bring."""
    asked = _without_side(people_in(problem))
    found = next_places(asked, solve(asked))
    _tell(found, sentences.of_next_places(found), json=json)


def recruit(
    problem: ProblemFile,
    *,
    mentors: Annotated[
        Path | None,
        typer.Option(metavar="MENTORS.json", help="Instead: what each of these mentors would bring, a list of them."),
    ] = None,
    capacity: Annotated[int, typer.Option(min=1, help="How many places a mentor to look for has.")] = 2,
    most: Annotated[int, typer.Option(min=1, help="How many to look for.")] = 3,
    json: Json = False,
) -> None:
    """Say what kind of mentor to look for next, or what certain mentors would bring, each by solving with them."""
    asked = _without_side(people_in(problem))
    solution = solve(asked)
    if mentors is None:
        found = recruits(asked, solution, places=capacity, most=most)
        _tell(found, sentences.of_recruits(found), json=json)
        return
    brought = {
        mentor.id: one_more_mentor(asked, solution, mentor).growth for mentor in read_mentors(mentors.read_bytes())
    }
    _tell(brought, [f"{mentor}: {sentences.of_growth(growth)}" for mentor, growth in brought.items()], json=json)


def stand_ins(problem: ProblemFile, *, json: Json = False) -> None:
    """Find for each match a second mentor, so that as few as possible are left alone whoever leaves."""
    asked = _without_side(people_in(problem))
    found = backups(asked, solve(asked))
    data = {"mentors": found.mentors, "stranded": found.stranded, "most_stranded": found.most_stranded}
    _tell(data, sentences.of_backups(found), json=json)


def _without_side(asked: Problem) -> Problem:
    """Refuse what the prices of places do not speak of."""
    if asked.side:
        raise InvalidProblem("side: what one more person brings is known only without side constraints")
    return asked


def _tell(data: Any, said: list[str], *, json: bool) -> None:
    if json:
        emit(data)
    else:
        show("\n".join(said))
