"""Which pg_dump and pg_restore are used, and how are they run?"""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy.engine import make_url

from api.backup.refused import BackupRefused, sentence

FIRST_WITH_TRANSACTION_TIMEOUT: Final = 17
"""From here on pg_restore sets a parameter that older servers do not know, and they refuse the whole restore."""


@dataclass(frozen=True)
class Programs:
    """A folder that holds both programs, and their major version."""

    folder: Path
    major: int

    def run(self, program: str, address: str, *arguments: str) -> None:
        """Run one of them on a database; raise `BackupRefused` with what it complained of.

        The password goes through the environment, where other users of the machine do not see it.
        """
        url = make_url(address)
        environment = {**os.environ, "LC_ALL": "C"}
        if url.password is not None:
            environment["PGPASSWORD"] = str(url.password)
        bare = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
        ended = subprocess.run(  # noqa: S603 -- programs and arguments are ours
            [self.folder / program, "--no-password", f"--dbname={bare}", *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode:
            raise BackupRefused(f"{program} gave up. {sentence(ended.stderr, url.username or 'nobody')}")


def find_programs(server: int, *, written_by: int = 0) -> Programs:
    """Choose the oldest that suit a server's major version and, for restoring, the version that wrote the dump.

    Raises `BackupRefused` if there are none.
    """
    found = sorted(_found(), key=lambda programs: programs.major)
    if not found:
        raise BackupRefused(
            "There are no programs pg_dump and pg_restore here: install PostgreSQL's client programs, or set "
            "ALONGSIDE_PG_BIN to the folder that holds them."
        )
    least = max(server, written_by)
    for programs in found:
        if programs.major >= least and _suits(programs.major, server):
            return programs
    there = ", ".join(sorted({str(programs.major) for programs in found}))
    wanted = f"{least} or newer" if _suits(least + 1, server) else f"{least} to {FIRST_WITH_TRANSACTION_TIMEOUT - 1}"
    raise BackupRefused(
        f"The server is PostgreSQL {server}, which needs pg_dump and pg_restore {wanted}; here they are {there}. "
        "Set ALONGSIDE_PG_BIN to the folder that holds them."
    )


def _suits(program: int, server: int) -> bool:
    return server >= FIRST_WITH_TRANSACTION_TIMEOUT or program < FIRST_WITH_TRANSACTION_TIMEOUT


def _found() -> Iterator[Programs]:
    if sys.platform == "win32":
        raise BackupRefused("Backups are not made on Windows: run this on the server, or another machine near it.")
    from api.postgres.account import Account  # noqa: PLC0415 -- needs modules that Windows has not
    from api.postgres.binaries import major_version, program_folders  # noqa: PLC0415

    account = Account(os.geteuid(), os.getegid())
    for folder in program_folders(account):
        major = major_version(folder, account, "pg_dump")
        if major and (folder / "pg_restore").exists():
            yield Programs(folder, major)
