"""Do the read models still say what the log says after whoever fills them was killed, wherever they were?"""

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection as Pipe
from random import Random
from threading import Event
from time import sleep
from typing import Any, Final

from sqlalchemy import Connection, Engine, event

from api.checks.check import Check, Result
from api.checks.people import AT, BY, contests
from api.checks.read_models import digest
from api.checks.scratch import opened, scratch_databases, scratch_safe
from api.databases import Databases
from api.safe import Safe
from api.service import assemble
from domain.application import Alongside
from eventlog.schema import Role
from projections.carrier import Carrier
from projections.projection import SCHEMA
from projections.read_models import PROJECTIONS

FULL_KILLS: Final = 300
SMALL_KILLS: Final = 6
CONTROL_KILLS: Final = 2
SEED: Final = 2026

_BATCH: Final = 40
_CONNECTIONS: Final = 4
_PAUSE_S: Final = 0.2
_LONGEST_LIFE_S: Final = 0.03
_MOST_BATCHES: Final = 4
_PATIENCE_S: Final = 20.0


class Apart(Carrier):
    """Carries over as `Carrier` does, but commits the rows before it moves the position: a control."""

    def _move(self, connection: Connection, names: Sequence[str], position: int) -> None:
        connection.exec_driver_sql("COMMIT")
        super()._move(connection, names, position)


def run(server_url: str, full: bool) -> Result:  # noqa: FBT001 - the registry calls it by position
    """Kill one projecting process after another while events are written, and compare the tables with a rebuild."""
    kills = FULL_KILLS if full else SMALL_KILLS
    with scratch_databases(server_url) as databases, scratch_safe() as safe:
        written, is_equal = _killed(databases, safe, Carrier, kills)
    with scratch_databases(server_url) as databases, scratch_safe() as safe:
        _, control_is_equal = _killed(databases, safe, Apart, CONTROL_KILLS)
    return Result(
        figure=f"{kills:,} processes killed while {written:,} events were written, every other one between rows and "
        f"position: the tables {'equal' if is_equal else 'DIFFER FROM'} those of a rebuild",
        kept=is_equal,
        control=f"with rows and position in separate transactions, {CONTROL_KILLS} processes killed between the two: "
        f"the tables {'equal' if control_is_equal else 'differ from'} those of a rebuild",
        control_caught=not control_is_equal,
    )


def _killed(databases: Databases, safe: Safe, kind: type[Carrier], kills: int) -> tuple[int, bool]:
    """Kill so many; give how many events were written, and whether the tables then equal those of a rebuild."""
    draw = Random(SEED)  # noqa: S311 - when to kill is no secret
    with opened(databases, safe, connections=_CONNECTIONS) as service:
        with _writing(service.alongside):
            for number in range(kills):
                _kill_one(databases, safe, kind, draw, is_between=kind is Apart or number % 2 == 0)
        service.projector.catch_up()
        found = digest(service)
        position = service.projector.rebuild()
        return position, found == digest(service)


@contextmanager
def _writing(alongside: Alongside) -> Iterator[None]:
    """Let people come, be proposed and be matched for as long as the block lasts, and at least once."""
    enough = Event()

    def write() -> None:
        while True:
            for contest in contests(alongside, 4, members=2):
                alongside.approve(contest.matches[0], at=AT, by=BY)
            if enough.wait(_PAUSE_S):
                return

    with ThreadPoolExecutor(1) as executor:
        writing = executor.submit(write)
        try:
            yield
        finally:
            enough.set()
        writing.result()


def _kill_one(databases: Databases, safe: Safe, kind: type[Carrier], draw: Random, *, is_between: bool) -> None:
    """Start a process that projects, and see it killed: by itself between rows and position, or at any moment."""
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload([__name__])
    heard, told = processes.Pipe(duplex=False)
    batches = draw.randint(1, _MOST_BATCHES) if is_between else 0
    process = processes.Process(target=_project, args=(databases, safe, kind, batches, told), daemon=True)
    process.start()
    told.close()
    heard.recv()
    heard.close()
    if is_between:
        process.join(_PATIENCE_S)
    else:
        sleep(draw.uniform(0, _LONGEST_LIFE_S))
    died_by_itself = process.exitcode is not None
    process.kill()
    process.join()
    if died_by_itself != is_between or process.exitcode != -signal.SIGKILL:
        raise RuntimeError("A projecting process did not come to the point where it was to be killed.")
    process.close()


def _project(databases: Databases, safe: Safe, kind: type[Carrier], batches: int, told: Pipe) -> None:
    """Carry over until killed; with `batches`, before the position of that batch moves."""
    service = assemble(databases, safe, connections=_CONNECTIONS)
    log, engine = service.alongside.log, service.engines[Role.PROJECTOR]
    if batches:
        _die_before_moving(engine, batches)
    carrier = kind(engine, log, PROJECTIONS, batch=_BATCH)
    told.send(None)
    while True:
        carrier.step(log.head())


def _die_before_moving(engine: Engine, batches: int) -> None:
    left = batches

    @event.listens_for(engine, "before_cursor_execute")
    def _(_: Connection, __: Any, statement: str, *___: object) -> None:
        nonlocal left
        if statement.startswith(f"UPDATE {SCHEMA}.positions"):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


CHECK: Final = Check(
    "kill-projector", "Read models say what the log says, however often whoever fills them is killed.", run
)
