"""As which system account does the server run, given that PostgreSQL refuses to run as root?"""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from api.postgres.unavailable import PostgresUnavailable

ROOT = 0
UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """A user and group of the operating system."""

    uid: int
    gid: int

    @property
    def is_ours(self) -> bool:
        """Whether this process runs as that user already."""
        return self.uid == os.geteuid()

    @property
    def name(self) -> str:
        """What to call the user in a message."""
        try:
            return pwd.getpwuid(self.uid).pw_name
        except KeyError:
            return str(self.uid)

    def owns(self, path: Path) -> bool:
        """Whether the file or folder itself, not what a link points to, belongs to the user."""
        return path.lstat().st_uid == self.uid

    def take(self, path: Path) -> None:
        """Give the user something this process made."""
        if not self.is_ours:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def account_for(data: Path) -> Account:
    """Choose the account that runs the server over `data`: our own, or for root the one that made the data."""
    if os.geteuid() != ROOT:
        return Account(os.geteuid(), os.getegid())
    if data.exists() and (status := data.stat()).st_uid != ROOT:
        return Account(status.st_uid, status.st_gid)
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    message = "PostgreSQL refuses to run as root, and there is no user postgres or nobody. Run as another user."
    raise PostgresUnavailable(message)
