"""Is anything left of somebody who was erased: in a file, a dump, a backup, a bundle, a log of what was done?

Every word that is said of the check's people carries a mark. After some of them were erased, the marks are looked for
in every file of the server and in all that was ever copied from it, as they are and as base64 or hexadecimal.
"""

import io
import logging
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path
from threading import Event
from typing import Final
from uuid import UUID

import psycopg

from api.backup import back_up, restore
from api.backup.making import DUMP
from api.backup.programs import Programs, find_programs
from api.checks.check import Check, Result
from api.checks.marked_people import Pair, settle
from api.checks.marks import Marks
from api.checks.own_server import own_home, own_server
from api.checks.people import AT, BY
from api.checks.scratch import opened, scratch_database
from api.databases import Databases
from api.erasing import ask_or_confirm, confirm, finish
from api.erasures import Erasure, ErasureList
from api.rotating import rotate
from api.safe import Safe, write_new
from api.service import Service
from domain.consent import Ground, Method
from domain.events import Entry
from domain.identity import member_id, mentor_id
from domain.member import Member
from domain.mentor import Mentor
from domain.purposes import Purpose
from eventlog.encoding import Encoding
from eventlog.keys import KeyLost, KeyVault, MasterKeys
from eventlog.schema import KEYS_PLACE, LOG_PLACE, Role
from eventlog.transparency.bundle import write_bundle
from eventlog.transparency.folder import Folder
from eventlog.transparency.note import Signer
from eventlog.transparency.reading import read_records
from eventlog.transparency.sealer import Sealer
from eventlog.transparency.verify import Refused, verify
from projections.projection import SCHEMA

FULL_PAIRS: Final = 100
SMALL_PAIRS: Final = 6
FULL_CONFIRMING: Final = 4
MASTER_KEY: Final = "master.key"

_FILES_OF_READ_MODELS: Final = """
    SELECT pg_relation_filepath(c.oid) FROM pg_class c
    WHERE relnamespace = %(schema)s::regnamespace AND relkind IN ('r', 'i')
    OR c.oid IN (
        SELECT unnest(array_prepend(t.reltoastrelid, ARRAY(SELECT indexrelid FROM pg_index WHERE indrelid = t.reltoastrelid)))
        FROM pg_class t WHERE t.relnamespace = %(schema)s::regnamespace AND t.reltoastrelid <> 0
    )
"""


@dataclass(frozen=True)
class Site:
    """A service on a server of its own, and the folder for all that is ever copied from it."""

    home: Path
    copies: Path
    databases: Databases
    safe: Safe
    service: Service
    sealer: Sealer
    marks: Marks


@dataclass(frozen=True)
class Found:
    """How many marks were found where none may be: of the erased anywhere, of the living beyond their own tables."""

    of_erased: int
    of_living: int
    bytes_searched: int


def run(_: str, full: bool) -> Result:  # noqa: FBT001 - the registry calls it by position
    """Erase every second of some marked people, the real way, and look for them everywhere."""
    with _logged() as logged, _site() as site:
        pairs = settle(site.service, site.marks, FULL_PAIRS if full else SMALL_PAIRS)
        erased = [person for number, pair in enumerate(pairs) for person in _leaving(number, pair)]
        kept = _copy(site, "before")
        before = _forget_the_rebuild(site, pairs, erased[0])
        _erase(site, pairs, erased[1:], threads=FULL_CONFIRMING if full else 1)
        note = _copy(site, "after")
        gone = set[str]().union(*(pair.marks_about(set(erased)) for pair in pairs))
        found = _search(site, gone, logged)
        still_true = _verifies(site, kept) and note != kept
        replayed = _reads_erased(site.service, pairs, set(erased))
        back = _come_back(site, erased)
        journal = _log_a_read_model(site)
    return Result(
        figure=f"{len(erased)} of {2 * len(pairs)} people erased; in {found.bytes_searched / 1e6:,.0f} MB of data files, "
        f"journal, dumps, backups, bundles and logs {found.of_erased} of their {len(gone)} marks, and beyond the read "
        f"models {found.of_living} of the others'; the log {'verifies' if still_true else 'DOES NOT VERIFY'} against a "
        f"checkpoint of before, {replayed} of {len(erased)} replay as erased; from keys of before, {back.listed} come "
        f"back where the list of erasures is obeyed, {back.rotated} once the master key was replaced",
        kept=found.of_erased == found.of_living == back.listed == back.rotated == 0
        and still_true
        and replayed == len(erased),
        control=f"with the old master key, {back.unrotated} of {len(erased)} come back; before the tables were built "
        f"anew, {before} marks of the first lay in their files; a read model that is logged leaves {journal} marks in "
        "the journal",
        control_caught=back.unrotated == len(erased) and before > 0 and journal > 0,
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


@contextmanager
def _site() -> Iterator[Site]:
    with ExitStack() as stack:
        copies = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        home = stack.enter_context(own_home())
        server = stack.enter_context(own_server(home, {}))
        databases = Databases.at(server.url)
        databases.migrate()
        key = copies / MASTER_KEY
        write_new(key, MasterKeys.random())
        safe = Safe(lambda: MasterKeys.parse(key.read_text()), ErasureList(copies / "erasures.jsonl"))
        service = stack.enter_context(opened(databases, safe, connections=FULL_CONFIRMING + 2))
        signer, engine = Signer.make("shred.example"), service.engines[Role.PROJECTOR]
        folder = Folder(copies / "checkpoints", [signer.verifier])
        sealer = Sealer(engine, partial(read_records, engine), signer, [folder], kept=folder.kept)
        yield Site(home, copies, databases, safe, service, sealer, Marks())


def _copy(site: Site, name: str) -> str:
    """Let everything be written down and copied that ever is; give the checkpoint of now."""
    with site.service.reading():
        pass
    for address in (site.databases.log, site.databases.keys):
        with psycopg.connect(address, autocommit=True) as server:
            server.execute("ANALYZE")
            # Twice, as the files of tables that were dropped go with the checkpoint after.
            server.execute("CHECKPOINT")
            server.execute("CHECKPOINT")
    site.sealer.seal()
    note = site.sealer.newest()
    assert note is not None, "the log is not empty"
    write_bundle(site.copies / f"{name}.bundle", note, read_records(site.service.engines[Role.AUDITOR]))
    back_up(site.databases, LOG_PLACE, site.copies / f"log-{name}", say=_quiet)
    back_up(site.databases, KEYS_PLACE, site.copies / f"keys-{name}", say=_quiet)
    return note


def _forget_the_rebuild(site: Site, pairs: Sequence[Pair], person: UUID) -> int:
    """Erase somebody as if interrupted before the tables are built anew; count the marks left in their files."""
    service, (programme,) = site.service, site.service.alongside.programmes_of(person)
    service.alongside.request_erasure(person, Ground.OBJECTION, at=AT, by="member")
    service.alongside.erase(programme, person, at=AT, by=BY)
    service.keys.erase([person], at=AT)
    with service.reading():
        pass
    with psycopg.connect(site.databases.log, autocommit=True) as server:
        server.execute("CHECKPOINT")
    gone = set[str]().union(*(pair.marks_about({person}) for pair in pairs))
    found = site.marks.within_files(_files_of_read_models(site))
    service.erasures.append(person, AT)
    finish(service)
    return len(set[str]().union(*found.values()) & gone)


def _erase(site: Site, pairs: Sequence[Pair], persons: Sequence[UUID], *, threads: int) -> None:
    """Erase people, asked for by one and confirmed by another; if several confirm at once, others write meanwhile."""
    erased = {*persons}
    staying = [person for pair in pairs for person in (pair.member, pair.mentor) if person not in erased]

    def erase(person: UUID) -> None:
        (programme,) = site.service.alongside.programmes_of(person)
        ask_or_confirm(site.service, programme, person, Ground.OBJECTION, at=AT, by="one")
        confirm(site.service, programme, person, at=AT, by="another")

    if threads == 1:
        for person in persons:
            erase(person)
        return
    is_over = Event()
    with ThreadPoolExecutor(threads + 1) as pool:
        writing = pool.submit(_write_on, site.service, staying, is_over)
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
    programs = find_programs(_server_version(site.databases.log))
    for dump in site.copies.glob(f"*/{DUMP}"):
        _write_out(programs, dump, site.copies / f"{dump.parent.name}.sql")
    dumps = site.copies / "whole-log.sql", site.copies / "whole-keys.sql"
    for address, dump in zip((site.databases.log, site.databases.keys), dumps, strict=True):
        programs.run("pg_dump", address, "--format=plain", f"--file={dump}")
    (site.copies / "logged").write_text(logged.getvalue())
    files = [path for folder in (site.home, site.copies) for path in folder.rglob("*") if path.is_file()]
    found = site.marks.within_files(files)
    own = {*_files_of_read_models(site), dumps[0]}
    beyond = [marks - gone for path, marks in found.items() if path not in own]
    return Found(
        of_erased=len(gone & set[str]().union(*found.values())),
        of_living=len(set[str]().union(*beyond)),
        bytes_searched=sum(path.stat().st_size for path in files if path.exists()),
    )


def _write_out(programs: Programs, dump: Path, text: Path) -> None:
    """Write what a compressed dump holds as text."""
    subprocess.run(  # noqa: S603 - programs and arguments are ours
        [programs.folder / "pg_restore", f"--file={text}", dump], check=True, capture_output=True
    )


def _server_version(address: str) -> int:
    with psycopg.connect(address) as connection:
        return connection.info.server_version // 10_000


def _files_of_read_models(site: Site) -> list[Path]:
    with psycopg.connect(site.databases.log) as server:
        rows = server.execute(_FILES_OF_READ_MODELS, {"schema": SCHEMA}).fetchall()
        (data,) = server.execute("SHOW data_directory").fetchone() or ("",)
    return [Path(data, name) for (name,) in rows]


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


@dataclass(frozen=True)
class Back:
    """How many of the erased can be read again with keys that were backed up before, in each of three cases."""

    listed: int
    unrotated: int
    rotated: int


def _come_back(site: Site, persons: Sequence[UUID]) -> Back:
    taken, old = site.copies / "keys-before", site.safe.masters()
    listed = _opened(site, taken, site.safe.erasures.read(), old, persons)
    unrotated = _opened(site, taken, [], old, persons)
    rotate(site.databases, site.copies / MASTER_KEY)
    return Back(listed, unrotated, _opened(site, taken, [], site.safe.masters(), persons))


def _opened(
    site: Site, taken: Path, erasures: Sequence[Erasure], masters: MasterKeys, persons: Sequence[UUID]
) -> int:
    """Restore keys elsewhere; count the people whose registration they open."""
    address = site.databases.log
    with scratch_database(address) as log, scratch_database(address) as keys:
        elsewhere = Databases(log, keys)
        restore(elsewhere, KEYS_PLACE, taken, erasures, say=_quiet)
        engine = elsewhere.engine(Role.KEY_KEEPER, connections=1)
        try:
            encoding = Encoding(KeyVault(engine, lambda: masters))
            return sum(map(_is_open, _registrations(site, encoding, persons)))
        finally:
            engine.dispose()


def _registrations(site: Site, encoding: Encoding, persons: Sequence[UUID]) -> Iterator[Entry]:
    streams = {stream(person) for person in persons for stream in (member_id, mentor_id)}
    for record in read_records(site.service.engines[Role.AUDITOR]):
        if record.stream in streams and record.version == 1:
            try:
                yield from encoding.read([record])
            except KeyLost:
                continue


def _is_open(entry: Entry) -> bool:
    event = entry.event
    return isinstance(event, Member.Registered | Mentor.Registered) and event.profile.handle != "[erased]"


def _log_a_read_model(site: Site) -> int:
    """Turn a read model into a table like any other; count the marks that the journal then holds."""
    with psycopg.connect(site.databases.log, autocommit=True) as server:
        server.execute(f"ALTER TABLE {SCHEMA}.members SET LOGGED".encode())
        server.execute("CHECKPOINT")
        (data,) = server.execute("SHOW data_directory").fetchone() or ("",)
    found = site.marks.within_files(path for path in Path(data, "pg_wal").rglob("*") if path.is_file())
    return len(set[str]().union(*found.values()))


def _quiet(_: str) -> None:
    """Nobody waits for the steps of a check."""


CHECK: Final = Check("shred", "Of somebody who was erased, nothing that was said is left in any file or copy.", run)
