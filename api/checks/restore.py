"""Does what was backed up come back, is damage found, and does nobody come back who was erased?"""

import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import select

from api.backup import BackupDamaged, back_up, restore, verify
from api.checks.check import Check, Result
from api.checks.people import AT, BY, contests
from api.checks.scratch import scratch_database, scratch_databases
from api.databases import Databases
from api.erasures import Erasure, ErasureList
from api.service import Service, assemble
from domain.consent import Decision, Method, decide
from domain.purposes import Purpose
from eventlog.schema import KEYS_PLACE, LOG_PLACE, Role
from projections.projector import metadata

FULL_RESTORES: Final = 20
SMALL_RESTORES: Final = 1
FULL_FLIPS: Final = 100
SMALL_FLIPS: Final = 10
MEMBERS: Final = 3
SEED: Final = 11


@dataclass(frozen=True)
class State:
    """All that must be the same after a restore: decisions on consents by person, and the rows of each read model."""

    head: int
    decisions: dict[UUID, dict[Purpose, Decision]]
    rows: dict[str, list[tuple[Any, ...]]]


def run(server_url: str, full: bool) -> Result:  # noqa: FBT001 - the registry calls it by position
    """Back up a log that grows, restore it beside and compare; damage copies; restore keys from before an erasure."""
    restores, flips = (FULL_RESTORES, FULL_FLIPS) if full else (SMALL_RESTORES, SMALL_FLIPS)
    with tempfile.TemporaryDirectory() as name, scratch_databases(server_url) as databases:
        folder = Path(name)
        equal = _equal_restores(server_url, databases, folder, restores)
        found = _flips_found(folder / "log-1", flips)
        came_back, came_back_unlisted = _erased(server_url, databases, folder)
    return Result(
        figure=f"{restores} restores: {equal} equal in root, decisions and read models; {flips} flipped bits: {found} "
        f"found; 1 person erased after the backup of the keys: {came_back} came back",
        kept=(equal, found, came_back) == (restores, flips, 0),
        control=f"without the list of erasures, {came_back_unlisted} of 1 came back",
        control_caught=came_back_unlisted == 1,
    )


def _equal_restores(server_url: str, databases: Databases, folder: Path, restores: int) -> int:
    service = assemble(databases, connections=2)
    people: list[UUID] = []
    equal = 0
    try:
        for number in range(1, restores + 1):
            people += _live(service)
            taken = folder / f"log-{number}"
            back_up(databases, LOG_PLACE, taken, say=_quiet)
            equal += _restored(server_url, taken, people) == _state(service, people)
    finally:
        service.close()
    return equal


def _live(service: Service) -> list[UUID]:
    """Let one of several members be matched, and another take their consent back; give who has a ledger."""
    (contest,) = contests(service.alongside, 1, members=MEMBERS)
    service.alongside.approve(contest.matches[0], at=AT, by=BY)
    service.alongside.withdraw(contest.member_persons[1], Purpose.MATCH_CONSIDER, method=Method.WEB, at=AT, by="member")
    return list(contest.member_persons)


def _restored(server_url: str, taken: Path, people: Sequence[UUID]) -> State:
    """Give what a backup holds, restored into databases that were empty; a root that differs is refused there."""
    with scratch_database(server_url) as log, scratch_database(server_url) as keys:
        databases = Databases(log, keys)
        restore(databases, LOG_PLACE, taken, [], say=_quiet)
        service = assemble(databases, connections=2)
        try:
            return _state(service, people)
        finally:
            service.close()


def _state(service: Service, people: Sequence[UUID]) -> State:
    ledgers = {person: service.alongside.ledger(person) for person in people}
    with service.reading() as connection:
        rows = {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }
    decisions = {
        person: {purpose: decide(ledger, purpose, at=AT) for purpose in Purpose} for person, ledger in ledgers.items()
    }
    return State(service.alongside.log.head(), decisions, rows)


def _flips_found(taken: Path, flips: int) -> int:
    """Flip one bit after another in every file of a backup in turn, and count how often that is found."""
    rng = random.Random(SEED)  # noqa: S311 - chooses where to flip
    verify(taken)
    files = sorted(taken.iterdir())
    found = 0
    for number in range(flips):
        path = files[number % len(files)]
        whole = path.read_bytes()
        bit = rng.randrange(len(whole) * 8)
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        try:
            verify(taken)
        except BackupDamaged:
            found += 1
        path.write_bytes(whole)
    return found


def _erased(server_url: str, databases: Databases, folder: Path) -> tuple[int, int]:
    """Erase somebody after a backup of the keys; give how many come back with the list of erasures, and without."""
    staying, leaving = uuid4(), uuid4()
    erasures = ErasureList(folder / "erasures.jsonl")
    with psycopg.connect(databases.entrance(Role.KEY_KEEPER)) as connection:
        for person in (staying, leaving):
            connection.execute(
                "INSERT INTO keys.subject_keys (subject_id, master, wrapped) VALUES (%s, 'check', %s)",
                (person, person.bytes * 3),
            )
    back_up(databases, KEYS_PLACE, folder / "keys", say=_quiet)
    erasures.append(leaving, AT)
    return (
        len(_living(server_url, folder / "keys", erasures.read()) - {staying}),
        len(_living(server_url, folder / "keys", []) - {staying}),
    )


def _living(server_url: str, taken: Path, erasures: Sequence[Erasure]) -> set[UUID]:
    with scratch_database(server_url) as log, scratch_database(server_url) as keys:
        databases = Databases(log, keys)
        restore(databases, KEYS_PLACE, taken, erasures, say=_quiet)
        with psycopg.connect(databases.entrance(Role.KEY_KEEPER)) as connection:
            found = connection.execute("SELECT subject_id FROM keys.subject_keys WHERE wrapped IS NOT NULL")
            return {person for (person,) in found}


def _quiet(_: str) -> None:
    """Nobody waits for the steps of a check."""


CHECK: Final = Check(
    "restore", "What was backed up comes back whole, damage is found, and the erased stay erased.", run
)
