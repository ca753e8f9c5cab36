"""Where the signing key lies: a file of its own, outside the database, readable to its owner alone."""

import os
from pathlib import Path
from typing import Final

from eventlog.files import write_new
from eventlog.transparency.note import NOTE, InvalidKey, Signer

_OTHERS: Final = 0o077


class NoSigningKey(Exception):
    """There is no key where one is expected, or it is not fit for use: the message says what to do."""


def read_key(path: Path, kind: int = NOTE) -> Signer:
    """Read a key. Raises `NoSigningKey` if it is missing, open to others or no key; OSError if it cannot be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        raise NoSigningKey(f"There is no signing key at {path}.") from None
    with os.fdopen(descriptor, encoding="utf-8") as file:
        if os.fstat(descriptor).st_mode & _OTHERS:
            raise NoSigningKey(f"Others may read the signing key at {path}: set its mode to 0600.")
        try:
            return Signer.parse(file.read(), kind)
        except (InvalidKey, UnicodeDecodeError) as fault:
            raise NoSigningKey(f"{path} does not hold a signing key. {fault}") from None


def make_key(path: Path, name: str | None = None, kind: int = NOTE) -> Signer:
    """Make a key in a new file; see `Signer.make` for its name.

    Raises `NoSigningKey` if there is a file already.
    """
    signer = Signer.make(name, kind)
    try:
        write_new(path, f"{signer.secret()}\n".encode())
    except FileExistsError:
        raise NoSigningKey(f"There is a file at {path} already, and no key is ever overwritten.") from None
    return signer


def read_or_make_key(path: Path, name: str | None = None, kind: int = NOTE) -> Signer:
    """Read a key, made on first use."""
    try:
        return read_key(path, kind)
    except NoSigningKey:
        if path.exists():
            raise
    return make_key(path, name, kind)
