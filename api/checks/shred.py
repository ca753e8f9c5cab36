"""Is anything left of somebody who was erased: in a file, a dump, a backup, a bundle, a log of what was done?

Every word that is said of the check's people carries a mark. After some of them were erased, the marks are looked for
in every file of the server and in all that was ever copied from it, as they are and as base64 or hexadecimal.
"""

import io
import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from threading import Event
from typing import Final
from uuid import UUID

import psycopg
from sqlalchemy.exc import OperationalError

from api.checks.check import Check, Result
from api.checks.coming_back import come_back
from api.checks.copies import (
    WHOLE_LOG,
    Site,
    copy,
    dump_everything,
    files_of_read_models,
    flush,
    site_of_its_own,
)
from api.checks.marked_people import Pair, settle
from api.checks.people import AT, BY
from api.erasing import ask_or_confirm, confirm, finish
from api.service import Service
from domain.consent import Ground, Method
from domain.identity import member_id, mentor_id
from domain.member import Member
from domain.mentor import Mentor
from domain.purposes import Purpose
from eventlog.transparency.verify import Refused, verify
from projections.projection import SCHEMA

logger = logging.getLogger(__name__)

FULL_PAIRS: Final = 100
SMALL_PAIRS: Final = 4
FULL_CONFIRMING: Final = 4


@dataclass(frozen=True)
class Found:
    """How many marks were found: of the erased anywhere, of the living beyond the read models and in their files."""

    of_erased: int
    of_living: int
    in_read_models: int
    bytes_searched: int


def run(_: str, full: bool) -> Result:  # noqa: FBT001 - the registry calls it by position
    """Erase every second of some marked people, the real way, and look for them everywhere."""
    with _logged() as logged, site_of_its_own(connections=FULL_CONFIRMING + 2) as site:
        pairs = settle(site.service, site.marks, FULL_PAIRS if full else SMALL_PAIRS)
        _fail_on_rows(site)
        erased = [person for number, pair in enumerate(pairs) for person in _leaving(number, pair)]
        kept = copy(site, "before")
        before = _forget_the_rebuild(site, pairs, erased[0])
        staying = [person for pair in pairs for person in (pair.member, pair.mentor) if person not in erased]
        _erase(site.service, erased[1:], staying, threads=FULL_CONFIRMING if full else 1)
        note = copy(site, "after")
        gone = set[str]().union(*(pair.marks_about(set(erased)) for pair in pairs))
        found = _search(site, gone, logged)
        still_true = _verifies(site, kept) and note != kept
        replayed = _reads_erased(site.service, pairs, set(erased))
        back = come_back(site, erased)
        journal = _log_a_read_model(site)
    return Result(
        figure=f"{len(erased)} of {2 * len(pairs)} people erased; in {found.bytes_searched / 1e6:,.0f} MB of data "
        f"files, journal, dumps, backups, bundles and logs {found.of_erased} of their {len(gone)} marks, and beyond "
        f"the read models {found.of_living} of the others'; the log {'verifies' if still_true else 'DOES NOT VERIFY'} "
        f"against a checkpoint of before, {replayed} of {len(erased)} replay as erased; from keys of before, "
        f"{back.listed} come back where the list of erasures is obeyed, {back.rotated} once the master key was "
        "replaced",
        kept=found.of_erased == found.of_living == back.listed == back.rotated == 0
        and still_true
        and replayed == len(erased),
        control=f"with the old master key, {back.unrotated} of {len(erased)} come back; before the tables were built "
        f"anew, {before} marks of the first lay in their files, and in the end {found.in_read_models} of those "
        f"who stay; a read model that is logged leaves {journal} marks in the journal",
        control_caught=back.unrotated == len(erased) and min(before, found.in_read_models, journal) > 0,
    )


def _leaving(number: int, pair: Pair) -> list[UUID]:
    """Choose who is erased: a member, a mentor, both, nobody, and so on."""
    return [[pair.member], [pair.mentor], [pair.member, pair.mentor], []][number % 4]


@contextmanager
def _logged() -> Iterator[io.StringIO]:
    """Collect all that this process logs, with stack traces."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    logging.getLogger().addHandler(handler)
    try:
        yield text
    finally:
        logging.getLogger().removeHandler(handler)


def _fail_on_rows(site: Site) -> None:
    """Let rows of a read model be refused, first as the server's trouble and then as their own, and have it logged."""
    table = f"{SCHEMA}.members"
    for make, remove in (
        (_full_disk(table), f"DROP FUNCTION {SCHEMA}.refuse() CASCADE"),
        (f"ALTER TABLE {table} ADD CONSTRAINT refuse CHECK (false)", f"ALTER TABLE {table} DROP CONSTRAINT refuse"),
    ):
        with psycopg.connect(site.databases.log, autocommit=True) as server:
            server.execute(make.encode())
            try:
                with site.service.reading():
                    pass
            except OperationalError:
                logger.exception("a request failed")
            server.execute(remove.encode())


def _full_disk(table: str) -> str:
    """Give the statements by which rows are refused as PostgreSQL does when there is no room."""
    return f"""
        CREATE FUNCTION {SCHEMA}.refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {SCHEMA}.refuse()
    """


def _forget_the_rebuild(site: Site, pairs: Sequence[Pair], person: UUID) -> int:
    """Erase somebody as if interrupted before the tables are built anew; count the marks left in their files."""
    service, (programme,) = site.service, site.service.alongside.programmes_of(person)
    service.alongside.request_erasure(person, Ground.OBJECTION, at=AT, by="member")
    service.alongside.erase(programme, person, at=AT, by=BY)
    service.keys.erase([person], at=AT)
    with service.reading():
        pass
    flush(site)
    gone = set[str]().union(*(pair.marks_about({person}) for pair in pairs))
    found = site.marks.within_files(files_of_read_models(site))
    service.erasures.append(person, AT)
    finish(service)
    return len(set[str]().union(*found.values()) & gone)


def _erase(service: Service, persons: Sequence[UUID], staying: Sequence[UUID], *, threads: int) -> None:
    """Erase people, asked for by one and confirmed by another; if several confirm at once, others write meanwhile."""

    def erase(person: UUID) -> None:
        (programme,) = service.alongside.programmes_of(person)
        ask_or_confirm(service, programme, person, Ground.OBJECTION, at=AT, by="one")
        confirm(service, programme, person, at=AT, by="another")

    if threads == 1:
        for person in persons:
            erase(person)
        return
    is_over = Event()
    with ThreadPoolExecutor(threads + 1) as pool:
        writing = pool.submit(_write_on, service, staying, is_over)
        try:
            list(pool.map(erase, persons))
        finally:
            is_over.set()
        writing.result()


def _write_on(service: Service, persons: Sequence[UUID], is_over: Event) -> None:
    for person in cycle(persons):
        if is_over.is_set():
            return
        service.alongside.grant(person, Purpose.STATS, method=Method.WEB, at=AT, by="member")


def _search(site: Site, gone: set[str], logged: io.StringIO) -> Found:
    """Look for marks in everything that there is; those of the living may be in the files of read models alone."""
    dump_everything(site)
    (site.copies / "logged").write_text(logged.getvalue())
    files = [path for folder in (site.home, site.copies) for path in folder.rglob("*") if path.is_file()]
    found = site.marks.within_files(files)
    tables = {*files_of_read_models(site)}
    beyond = [marks - gone for path, marks in found.items() if path not in tables | {site.copies / WHOLE_LOG}]
    return Found(
        of_erased=len(gone & set[str]().union(*found.values())),
        of_living=len(set[str]().union(*beyond)),
        in_read_models=len(set[str]().union(*(marks for path, marks in found.items() if path in tables))),
        bytes_searched=sum(path.stat().st_size for path in files if path.exists()),
    )


def _verifies(site: Site, kept: str) -> bool:
    """Say whether an auditor takes the log for the one whose checkpoint they kept."""
    with (site.copies / "after.bundle").open("rb") as bundle:
        try:
            verify(bundle, [str(site.sealer.verifier)], [kept])
        except Refused:
            return False
    return True


def _reads_erased(service: Service, pairs: Sequence[Pair], erased: set[UUID]) -> int:
    """Count the erased of whom nothing can be read; 0 if that is so of anybody else."""
    handles = {}
    for pair in pairs:
        handles[pair.member] = service.alongside.load(Member, member_id(pair.member)).profile.handle
        handles[pair.mentor] = service.alongside.load(Mentor, mentor_id(pair.mentor)).profile.handle
    found = {person for person, handle in handles.items() if handle == "[erased]"}
    return len(found) if found <= erased else 0


def _log_a_read_model(site: Site) -> int:
    """Turn a read model into a table like any other; count the marks that the journal then holds."""
    with psycopg.connect(site.databases.log, autocommit=True) as server:
        server.execute(f"ALTER TABLE {SCHEMA}.members SET LOGGED".encode())
        server.execute("CHECKPOINT")
        (data,) = server.execute("SHOW data_directory").fetchone() or ("",)
    found = site.marks.within_files(path for path in Path(data, "pg_wal").rglob("*") if path.is_file())
    return len(set[str]().union(*found.values()))


CHECK: Final = Check("shred", "Of somebody who was erased, nothing that was said is left in any file or copy.", run)
