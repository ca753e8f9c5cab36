"""What the service keeps outside of every database: the master keys, and the list of those who were erased."""

import shlex
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Self

from api.erasures import ErasureList
from api.settings import Settings
from eventlog.files import write_new, write_whole
from eventlog.keys import InvalidMasterKeys, MasterKeys

IN_HOME: Final = "master.key"
_PATIENCE_S: Final = 60


@dataclass(frozen=True)
class Safe:
    """What no backup of a database may hold. `masters` reads the master keys, again whenever they were changed."""

    masters: Callable[[], MasterKeys]
    erasures: ErasureList

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Give what the settings name."""
        return cls(partial(master_keys, settings), settings.erasure_list)


class NoMasterKeys(Exception):
    """No master key is configured."""


def master_keys(settings: Settings) -> MasterKeys:
    """Read the master keys; beside an embedded server, unless a file is named, make them on first use.

    Raises `NoMasterKeys` or `InvalidMasterKeys`.
    """
    if settings.master_key:
        return MasterKeys.parse(settings.master_key)
    if settings.master_key_command:
        return MasterKeys.parse(_printed_by(settings.master_key_command))
    file = master_key_file(settings)
    if settings.database_url is None and settings.master_key_file is None and not file.exists():
        make(file)
    return read(file)


def master_key_file(settings: Settings) -> Path:
    """Give the file of the master keys: the one that is named, or that beside the embedded server."""
    if settings.master_key_file:
        return settings.master_key_file
    if settings.database_url is None:
        return settings.home / IN_HOME
    raise NoMasterKeys(
        "Name the master keys that wrap people's keys: set ALONGSIDE_MASTER_KEY_FILE, ALONGSIDE_MASTER_KEY or "
        "ALONGSIDE_MASTER_KEY_COMMAND. `alongside keys create FILE` makes the first."
    )


def read(file: Path) -> MasterKeys:
    """Read the master keys of a file. Raises `InvalidMasterKeys`."""
    return MasterKeys.parse(file.read_text("utf-8", errors="replace"))


def make(file: Path) -> None:
    """Write the first master key into a file that is not there yet, readable to its owner alone."""
    write_new(file, MasterKeys.random().text().encode())


def replace(file: Path, masters: MasterKeys) -> None:
    """Put other master keys in a file's place, wholly or not at all."""
    write_whole(file, masters.text().encode())


def _printed_by(command: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - the operator's own command
            shlex.split(command), capture_output=True, text=True, timeout=_PATIENCE_S, check=True
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        raise InvalidMasterKeys("The command of ALONGSIDE_MASTER_KEY_COMMAND did not print master keys.") from None
    return done.stdout
