"""Where do the server's data, log, locks and socket lie, and may they lie there?"""

import hashlib
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from api.postgres.account import ROOT, Account, account_for
from api.postgres.process import first_closed
from api.postgres.unavailable import PostgresUnavailable

ROLE = DATABASE = "alongside"
PORT = 5432  # only names the socket's file: nothing listens on the network
LONGEST_SOCKET_PATH = 107 if sys.platform == "linux" else 103  # bytes of sun_path without the closing zero, unix(7)
ADVICE = "Set ALONGSIDE_HOME to a new folder that this user can reach" + (
    ", for example ALONGSIDE_HOME=/var/lib/alongside" if os.geteuid() == ROOT else "."
)


@dataclass(frozen=True, slots=True)
class Home:
    """A folder that holds one server, and the account that server runs as."""

    folder: Path
    account: Account

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.folder / "postgres"

    @property
    def pid_file(self) -> Path:
        """What PostgreSQL tells of a running server."""
        return self.data / "postmaster.pid"

    @property
    def log(self) -> Path:
        """What the server prints."""
        return self.folder / "postgres.log"

    @property
    def owner_lock(self) -> Path:
        """Held by the one process that runs the server; made first, it also marks the folder as one of ours."""
        return self.folder / "owner.lock"

    @property
    def guests_lock(self) -> Path:
        """Shared by all other processes that use the server."""
        return self.folder / "guests.lock"

    @property
    def sockets(self) -> Path:
        """The folder of the server's socket: in the home, or a short one in /tmp where libpq could not name that."""
        inside = self.folder / "socket"
        name_length = len(os.fsencode(inside / f".s.PGSQL.{PORT}"))
        if name_length <= LONGEST_SOCKET_PATH and "," not in str(inside):  # libpq reads a comma as a second host
            return inside
        digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        return Path("/tmp") / f"alongside-{digest}"  # noqa: S108 -- its owner and mode are checked before use

    @property
    def socket_lock(self) -> Path:
        """What keeps a second server from the socket."""
        return self.sockets / f".s.PGSQL.{PORT}.lock"

    def address(self, database: str = DATABASE) -> str:
        """Give the libpq URI of a database of this server."""
        return f"postgresql://{ROLE}@/{database}?host={quote(str(self.sockets), safe='')}&port={PORT}"

    def has_private_sockets(self) -> bool:
        """Whether the socket's folder is there and nobody but the account can put a socket into it."""
        try:
            status = self.sockets.lstat()
        except FileNotFoundError:
            return False
        return stat.S_ISDIR(status.st_mode) and status.st_uid == self.account.uid and not status.st_mode & 0o077

    def make_sockets(self) -> None:
        """Make the socket's folder. Raises PostgresUnavailable if something else has its name."""
        if self.has_private_sockets():
            return
        try:
            self.sockets.mkdir(mode=0o700)
        except FileExistsError:
            message = (
                f"{self.sockets} is not a private folder of the user {self.account.name}. Remove it and try again."
            )
            raise PostgresUnavailable(message) from None
        self.account.take(self.sockets)

    def open_private(self, path: Path, flags: int) -> int:
        """Open a file of the home, made if it is missing and readable to the account alone; give its descriptor."""
        with _explained(self.folder):
            descriptor = os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            self.account.take(path)
        return descriptor


def open_home(folder: Path) -> Home:
    """Make the folder ready for a server, changing nothing above it.

    Raises PostgresUnavailable if the server's account cannot reach the folder, or it holds what is not ours to give.
    """
    folder = folder.absolute().resolve()
    with _explained(folder):
        home = Home(folder, account_for(folder / "postgres"))
        _refuse_closed_parents(home)
        if folder.exists():
            _take_existing(home)
        else:
            _make(home)
    return home


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        message = f"{folder} cannot hold the database: {error.strerror}. {ADVICE}"
        raise PostgresUnavailable(message) from error


def _refuse_closed_parents(home: Home) -> None:
    parents = [parent for parent in reversed(home.folder.parents) if parent.exists()]
    if closed := first_closed(parents, home.account):
        message = f"PostgreSQL would run as the user {home.account.name}, who may not enter {closed}. {ADVICE}"
        raise PostgresUnavailable(message)


def _take_existing(home: Home) -> None:
    if home.account.owns(home.folder):
        return
    if home.account.is_ours:
        message = f"{home.folder} belongs to another user. {ADVICE}"
        raise PostgresUnavailable(message)
    if not home.owner_lock.exists() and any(home.folder.iterdir()):
        message = f"{home.folder} holds other things, so it is not given to the user {home.account.name}. {ADVICE}"
        raise PostgresUnavailable(message)
    home.account.take(home.folder)


def _make(home: Home) -> None:
    for parent in reversed(home.folder.parents):
        if not parent.exists():
            parent.mkdir(exist_ok=True)
            if not home.account.is_ours:
                parent.chmod(0o755)  # made here, so ours to open: a strict umask would lock the account out
    home.folder.mkdir(mode=0o700, exist_ok=True)
    home.account.take(home.folder)
