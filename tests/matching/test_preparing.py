from dataclasses import replace
from random import Random

from numba.core import event
from typer.testing import CliRunner

from api.cli import app
from matching.problem import InvalidProblem, Policy
from matching.session import Session
from matching.solve import solve
from tests.matching.given import a_random_problem
from tests.matching.session.random_edits import an_edit


def test_once_loops_are_prepared_nobody_waits_for_them():
    prepared = CliRunner().invoke(app, ["compile"])
    with event.install_recorder("numba:compile") as compiled:
        problem = a_random_problem(1, most_members=60, most_mentors=30)
        solve(problem, listed_up_to_pairs=0)
        solve(replace(problem, policy=Policy(standing_hour=True)), listed_up_to_pairs=0)
        rng, session = Random(1), Session(problem, anew_up_to_pairs=0)
        for _ in range(60):
            try:
                session.apply(an_edit(rng, session))
            except InvalidProblem:
                continue

    assert [line.split()[0] for line in prepared.stderr.splitlines()] == ["Compiling"] * 3
    assert len(session.edits) > 20
    assert [names for _, names in compiled.buffer] == []
