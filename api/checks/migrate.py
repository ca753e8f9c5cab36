"""Can the tables be changed while people use them?"""

import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import quantiles
from typing import Final
from uuid import UUID

from api.checks.check import Check, Result
from api.checks.load import UNAVAILABLE, Outcome, Request, send
from api.checks.locks import EVERY_S, watched
from api.checks.people import AT, BY, Contest, contests
from api.checks.race_withdraw import AFTER, outcome
from api.checks.scratch import scratch_databases, service_on
from api.service import Service
from domain.consent import ConsentLedger, Method
from domain.events import Entry, Event
from domain.match import Match
from domain.mentor import Mentor
from domain.purposes import Purpose
from eventlog.schema import LOG_PLACE, Place, downgrade, migrate
from projections import waiting_list

PER_SECOND: Final = 50
FULL_S: Final = 60
SMALL_S: Final = 2
CONTROL_S: Final = 1
LONGEST_LOCK_S: Final = 2.0
LARGEST_SHARE_UNAVAILABLE: Final = 0.01

_THREADS: Final = 8
_KINDS: Final = 4
_SEEDED_AT_ONCE: Final = 50

COLUMN_AND_INDEX: Final = """
def upgrade():
    op.execute("ALTER TABLE eventlog.events ADD COLUMN IF NOT EXISTS trial bigint")
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS eventlog.events_trial")
        op.execute("CREATE INDEX CONCURRENTLY events_trial ON eventlog.events (trial)")


def downgrade():
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS eventlog.events_trial")
    op.execute("ALTER TABLE eventlog.events DROP COLUMN trial")
"""
"""A migration as it should be: short locks, and the index built beside those who write."""

KEEPS_ITS_LOCK: Final = f"""
def upgrade():
    op.execute("ALTER TABLE eventlog.events ADD COLUMN trial bigint")
    op.execute("SELECT pg_sleep({LONGEST_LOCK_S + 0.4})")


def downgrade():
    op.execute("ALTER TABLE eventlog.events DROP COLUMN trial")
"""
"""A migration that does something slow while it has the table to itself."""


@dataclass(frozen=True)
class Found:
    """What was seen while migrations ran to and fro.

    `acknowledged` counts approvals and withdrawals, `lost` those that the log does not hold, `wrong` matches that were
    approved after a withdrawal; `longest_s` is of locks.
    """

    outcomes: list[Outcome]
    acknowledged: tuple[int, int]
    cycles: int
    lost: int
    wrong: int
    longest_s: float

    @property
    def unavailable(self) -> int:
        """How many requests the database did not answer."""
        return Counter(each.said for each in self.outcomes)[UNAVAILABLE]

    @property
    def kept(self) -> bool:
        """Whether nothing was lost or wrong, and hardly anybody noticed."""
        return (
            (self.lost, self.wrong) == (0, 0)
            and min(*self.acknowledged, self.cycles) > 0
            and self.unavailable <= LARGEST_SHARE_UNAVAILABLE * len(self.outcomes)
            and self.longest_s <= LONGEST_LOCK_S
        )

    def __str__(self) -> str:
        """Give the figures in one line."""
        p99 = quantiles((each.seconds for each in self.outcomes), n=100)[-1]
        return (
            f"{len(self.outcomes):,} requests at {PER_SECOND}/s beside {self.cycles} migrations there and back: "
            f"{self.lost} of {sum(self.acknowledged):,} changes lost, {self.wrong} approved after a withdrawal, "
            f"{self.unavailable} not answered, 99 % answered in {p99 * 1000:.0f} ms, "
            f"locks held for up to {self.longest_s:.2f} s at {EVERY_S} s a look"
        )


def run(server_url: str, full: bool) -> Result:  # noqa: FBT001 - the registry calls it by position
    """Migrate to and fro beside a steady load, first as it should be done, then with a lock that is kept."""
    found = migrate_under_load(server_url, COLUMN_AND_INDEX, FULL_S if full else SMALL_S)
    control = migrate_under_load(server_url, KEEPS_ITS_LOCK, CONTROL_S, at_most=1)
    return Result(
        figure=str(found),
        kept=found.kept,
        control=f"with a migration that keeps its lock, one was held for {control.longest_s:.1f} s",
        control_caught=control.longest_s > LONGEST_LOCK_S,
    )


def migrate_under_load(server_url: str, trial: str, seconds: int, *, at_most: int | None = None) -> Found:
    """Take a migration on top of all others to and fro, as often as there is time or `at_most`, while requests come."""
    with (
        scratch_databases(server_url) as databases,
        with_trial(trial) as place,
        service_on(databases, connections=_THREADS + 2) as service,
    ):
        load = _Load(service, seconds * PER_SECOND)
        with watched(databases.log) as watch, ThreadPoolExecutor(1) as executor:
            sending = executor.submit(send, load.requests, per_second=PER_SECOND, threads=_THREADS)
            cycles = _to_and_fro(databases.log, place, sending.done, at_most)
            outcomes = sending.result()
        return Found(outcomes, load.acknowledged(), cycles, load.lost(), load.wrong(), watch.longest_s)


@contextmanager
def with_trial(trial: str) -> Iterator[Place]:
    """Give the log's place with one more migration than the program knows."""
    revision = f"{int(LOG_PLACE.head) + 1:04}"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path in LOG_PLACE.migrations.glob("v*.py"):
            shutil.copy(path, folder)
        head = f'from alembic import op\n\nrevision = "{revision}"\ndown_revision = "{LOG_PLACE.head}"\n\n'
        (folder / f"v{revision}_trial.py").write_text(head + trial)
        yield Place(LOG_PLACE.schema, folder)


def _to_and_fro(url: str, place: Place, is_done: Callable[[], bool], at_most: int | None) -> int:
    cycles = 0
    while not is_done() and cycles != at_most:
        migrate(url, place)
        downgrade(url, place, LOG_PLACE.head)
        cycles += 1
        time.sleep(0.1)
    return cycles


class _Load:
    """Requests of four kinds in turn: approve a match, withdraw the consent it needs, read a list, replay a ledger."""

    def __init__(self, service: Service, number: int) -> None:
        self._service = service
        self._contests: list[Contest] = []
        while missing := -(-number // _KINDS) - len(self._contests):
            self._contests += contests(service.alongside, min(missing, _SEEDED_AT_ONCE), members=1)
        self._programme = service.alongside.load(Mentor, self._contests[0].mentor).programme_id
        self._approved: list[UUID] = []
        self._withdrawn: list[UUID] = []
        self.requests = [request for contest in self._contests for request in self._of(contest)][:number]

    def _of(self, contest: Contest) -> list[Request]:
        approve, withdraw = partial(self._approve, contest), partial(self._withdraw, contest)
        return [approve, withdraw, self._read, partial(self._service.alongside.ledger, contest.member_persons[0])]

    def _approve(self, contest: Contest) -> None:
        self._service.alongside.approve(contest.matches[0], at=AT, by=BY)
        self._approved.append(contest.matches[0])

    def _withdraw(self, contest: Contest) -> None:
        person = contest.member_persons[0]
        self._service.alongside.withdraw(person, Purpose.MATCH_CONSIDER, method=Method.WEB, at=AT, by="member")
        self._withdrawn.append(person)

    def _read(self) -> None:
        with self._service.reading() as connection:
            waiting_list.waiting(connection, self._programme, today=AT.date())

    def acknowledged(self) -> tuple[int, int]:
        """Count the approvals and the withdrawals that went through."""
        return len(self._approved), len(self._withdrawn)

    def lost(self) -> int:
        """Count what was acknowledged and is not in the log."""
        alongside = self._service.alongside
        approvals = sum(not _holds(alongside.log.stream(match), Match.Approved) for match in self._approved)
        withdrawals = sum(
            not _holds(alongside.ledger_entries(person), ConsentLedger.Withdrawn) for person in self._withdrawn
        )
        return approvals + withdrawals

    def wrong(self) -> int:
        """Count matches that were approved after a withdrawal."""
        return sum(outcome(self._service.alongside.log, contest) == AFTER for contest in self._contests)


def _holds(entries: Iterable[Entry], kind: type[Event]) -> bool:
    return any(isinstance(entry.event, kind) for entry in entries)


CHECK: Final = Check("migrate", "The tables can be changed while people use them.", run)
