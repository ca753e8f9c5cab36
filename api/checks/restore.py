"""Does what was backed up come back, is damage found, and does nobody come back who was erased?"""

import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from api.backup import BackupDamaged, back_up, restore, verify
from api.checks.check import Check, Result
from api.checks.people import AT, BY, contests
from api.checks.scratch import opened, scratch_database, scratch_databases, scratch_safe
from api.databases import Databases
from api.erasing import confirm
from api.erasures import Erasure
from api.safe import Safe
from api.service import Service
from domain.consent import Decision, Ground, Method, consent_at
from domain.purposes import Purpose
from eventlog.keys import KeyVault
from eventlog.schema import KEYS_PLACE, LOG_PLACE, Role
from projections.projection import metadata

FULL_RESTORES: Final = 20
SMALL_RESTORES: Final = 1
FULL_FLIPS: Final = 100
SMALL_FLIPS: Final = 10
MEMBERS: Final = 3
SEED: Final = 11


@dataclass(frozen=True)
class Original:
    """A service that is backed up into folders within `folder`, and where else it can be restored."""

    server_url: str
    databases: Databases
    safe: Safe
    service: Service
    folder: Path


@dataclass(frozen=True)
class State:
    """All that must be the same after a restore: decisions on consents by person, and the rows of each read model."""

    head: int
    decisions: dict[UUID, dict[Purpose, Decision]]
    rows: dict[str, list[tuple[Any, ...]]]


def run(server_url: str, full: bool) -> Result:  # noqa: FBT001 - the registry calls it by position
    """Back up a log that grows, restore it beside and compare; damage copies; restore keys from before an erasure."""
    restores, flips = (FULL_RESTORES, FULL_FLIPS) if full else (SMALL_RESTORES, SMALL_FLIPS)
    with (
        tempfile.TemporaryDirectory() as name,
        scratch_databases(server_url) as databases,
        scratch_safe() as safe,
        opened(databases, safe) as service,
    ):
        original = Original(server_url, databases, safe, service, Path(name))
        equal = _equal_restores(original, restores)
        found = _flips_found(original.folder / "log-1", flips)
        came_back, came_back_unlisted = _erased(original)
    return Result(
        figure=f"{restores} restores: {equal} equal in root, decisions and read models; {flips} flipped bits: {found} "
        f"found; somebody erased after the backup of the keys {_said(came_back)}",
        kept=(equal, found, came_back) == (restores, flips, False),
        control=f"without the list of erasures, the erased person {_said(came_back_unlisted)}",
        control_caught=came_back_unlisted,
    )


def _said(came_back: bool) -> str:  # noqa: FBT001
    return "came back" if came_back else "did not come back"


def _equal_restores(original: Original, restores: int) -> int:
    service, databases, folder = original.service, original.databases, original.folder
    people: list[UUID] = []
    equal = 0
    for number in range(1, restores + 1):
        people += _live(service)
        log, keys = folder / f"log-{number}", folder / f"keys-{number}"
        back_up(databases, LOG_PLACE, log, say=_quiet)
        back_up(databases, KEYS_PLACE, keys, say=_quiet)
        equal += _restored(original, log, keys, people) == _state(service, people)
    return equal


def _live(service: Service) -> list[UUID]:
    """Let one of several members be matched, and another take their consent back; give who has a ledger."""
    (contest,) = contests(service.alongside, 1, members=MEMBERS)
    service.alongside.approve(contest.matches[0], at=AT, by=BY)
    service.alongside.withdraw(contest.member_persons[1], Purpose.MATCH_CONSIDER, method=Method.WEB, at=AT, by="member")
    return list(contest.member_persons)


def _restored(original: Original, log: Path, keys: Path, people: Sequence[UUID]) -> State:
    """Give what backups hold, restored into databases that were empty; a root that differs is refused there."""
    with _empty(original.server_url) as databases:
        restore(databases, LOG_PLACE, log, [], say=_quiet)
        restore(databases, KEYS_PLACE, keys, [], say=_quiet)
        with opened(databases, original.safe) as service:
            return _state(service, people)


@contextmanager
def _empty(server_url: str) -> Iterator[Databases]:
    with scratch_database(server_url) as log, scratch_database(server_url) as keys:
        yield Databases(log, keys)


def _state(service: Service, people: Sequence[UUID]) -> State:
    ledgers = {person: service.alongside.ledger(person) for person in people}
    with service.reading() as connection:
        rows = {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }
    decisions = {
        person: {purpose: consent_at(ledger, purpose, at=AT) for purpose in Purpose}
        for person, ledger in ledgers.items()
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


def _erased(original: Original) -> tuple[bool, bool]:
    """Erase somebody after a backup of the keys; say whether they come back with the list of erasures, and without."""
    service, taken = original.service, original.folder / "keys"
    (contest,) = contests(service.alongside, 1, members=1)
    (leaving,) = contest.member_persons
    back_up(original.databases, KEYS_PLACE, taken, say=_quiet)
    (programme,) = service.alongside.programmes_of(leaving)
    service.alongside.request_erasure(leaving, Ground.CONSENT_WITHDRAWN, at=AT, by="member")
    confirm(service, programme, leaving, at=AT, by=BY)
    listed = original.safe.erasures.read()
    return _comes_back(original, taken, leaving, listed), _comes_back(original, taken, leaving, [])


def _comes_back(original: Original, taken: Path, person: UUID, erasures: Sequence[Erasure]) -> bool:
    with _empty(original.server_url) as databases:
        restore(databases, KEYS_PLACE, taken, erasures, say=_quiet)
        engine = databases.engine(Role.KEY_KEEPER, connections=1)
        try:
            return KeyVault(engine, original.safe.masters).find([person])[person] is not None
        finally:
            engine.dispose()


def _quiet(_: str) -> None:
    """Nobody waits for the steps of a check."""


CHECK: Final = Check(
    "restore", "What was backed up comes back whole, damage is found, and the erased stay erased.", run
)
