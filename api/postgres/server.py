"""Is the server of a home running, and how is it started and stopped?"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from api.postgres.binaries import Binaries
from api.postgres.home import PORT, Home
from api.postgres.process import start
from api.postgres.unavailable import PostgresUnavailable

POLL_S = 0.01
START_S = 120.0  # long enough for the recovery after a power cut
LARGEST_LOG_BYTES = 10_000_000
# https://www.postgresql.org/docs/current/server-shutdown.html: fast, immediate, and the last resort.
STOP_ORDERS = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))


@contextmanager
def running_server(home: Home, binaries: Binaries, settings: Mapping[str, str]) -> Iterator[None]:
    """Run the server over a finished cluster for as long as the block lasts.

    Raises PostgresUnavailable with the last lines of its log if it does not start.
    """
    _end_predecessor(home)
    home.make_sockets()
    options = (f"--{name}={value}" for name, value in (_settings(home) | dict(settings)).items())
    log = home.open_private(home.log, os.O_WRONLY | os.O_APPEND)
    try:
        log_start = _shorten(log)
        process = start([binaries.folder / "postgres", "-D", home.data, *options], home.account, output=log)
    finally:
        os.close(log)
    try:
        _wait_until_ready(home, process, log_start)
        yield
    finally:
        _stop(process.send_signal, lambda: process.poll() is not None)


def is_ready(home: Home, pid: int | None = None) -> bool:
    """Whether a server (of that process) says that it takes connections."""
    # Line 1 of postmaster.pid is the process, line 8 its state (PostgreSQL's src/include/utils/pidfile.h).
    lines = _pid_file(home)
    return lines[7:] == ["ready"] and pid in (None, int(lines[0]))


def _settings(home: Home) -> dict[str, str]:
    return {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": str(home.sockets),
        "unix_socket_permissions": "0700",
        # A log is read by people who may not read the data: no values of rows, no text of statements.
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
    }


def _shorten(log: int) -> int:
    """Empty the log if it grew too long, and give its length."""
    if os.fstat(log).st_size > LARGEST_LOG_BYTES:
        os.ftruncate(log, 0)
    return os.fstat(log).st_size


def _wait_until_ready(home: Home, process: subprocess.Popen[bytes], log_start: int) -> None:
    deadline = time.monotonic() + START_S
    while not is_ready(home, process.pid):
        if process.poll() is not None or time.monotonic() > deadline:
            log = home.log.read_bytes()[log_start:].decode(errors="replace")
            last_lines = "\n".join(log.splitlines()[-5:])
            message = f"PostgreSQL did not start. The end of {home.log}:\n{last_lines}"
            raise PostgresUnavailable(message)
        time.sleep(POLL_S)


def _stop(send: Callable[[signal.Signals], None], has_ended: Callable[[], bool]) -> None:
    for order, patience_s in STOP_ORDERS:
        with suppress(ProcessLookupError):
            send(order)
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            if has_ended():
                return
            time.sleep(POLL_S)


def _end_predecessor(home: Home) -> None:
    """Wait for the server of a killed owner, which may still be shutting down, or on macOS may not know yet."""
    lines = _pid_file(home)
    if not lines:
        return
    pid = int(lines[0])
    if str(home.data) in _command_line(pid):
        _stop(lambda order: os.kill(pid, order), lambda: str(home.data) not in _command_line(pid))
    if "postgres" not in _command_line(pid):
        _disown_lock_files(home)


def _disown_lock_files(home: Home) -> None:
    """Tell PostgreSQL that its lock files are leftovers, though there is a process with their number.

    Nobody may have reaped the killed server, or a restarted container gave the number away; PostgreSQL would refuse to
    start. In the data it takes its parent's number for a leftover (CreateLockFile, src/backend/utils/init/miscinit.c),
    and unlike after removing the file it still looks whether anyone uses the shared memory named there.
    """
    if lines := _pid_file(home):
        descriptor = home.open_private(home.pid_file, os.O_WRONLY | os.O_TRUNC)
        with os.fdopen(descriptor, "w") as file:
            file.writelines(f"{line}\n" for line in (str(os.getpid()), *lines[1:]))
    home.socket_lock.unlink(missing_ok=True)


def _pid_file(home: Home) -> list[str]:
    try:
        return [line.strip() for line in home.pid_file.read_text().splitlines()]
    except FileNotFoundError:
        return []


def _command_line(pid: int) -> str:
    """Give the program and arguments of a process, empty if there is none."""
    if sys.platform == "linux":
        try:
            return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes())
        except OSError:
            return ""
    shown = subprocess.run(  # noqa: S603
        ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return shown.stdout
