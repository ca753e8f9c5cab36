"""Who was erased? A list outside of both databases, so that restoring an older one brings nobody back."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from eventlog.files import sync


class Erasure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A person's id, and when they were erased."""

    person: UUID
    at: datetime


class ErasuresUnreadable(Exception):
    """The list of erasures is damaged."""


_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(Erasure)


class ErasureList:
    """A file that only grows, one JSON object a line. Keep a copy of it wherever backups are kept."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, person: UUID, at: datetime) -> None:
        """Add a line; it is on the disk when this returns."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not self.path.exists()
        with self._locked() as file:
            whole = _whole_lines(_read(file))
            os.ftruncate(file, len(whole))  # what follows was cut off while it was written, and never acknowledged
            _write(file, _ENCODER.encode(Erasure(person, at)) + b"\n")
            os.fsync(file)
        if is_new:
            sync(self.path.parent)

    def read(self) -> list[Erasure]:
        """Give all erasures in order, none if there is no file; a last line that was cut off does not count.

        Raises `ErasuresUnreadable` for a damaged line, as somebody might come back who asked to be erased.
        """
        try:
            text = self.path.read_bytes()
        except FileNotFoundError:
            return []
        return [self._erasure(number, line) for number, line in enumerate(_whole_lines(text).splitlines(), start=1)]

    def _erasure(self, number: int, line: bytes) -> Erasure:
        try:
            return _DECODER.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise ErasuresUnreadable(
                f'Line {number} of {self.path} is not an erasure, {{"person": an id, "at": a time}}. '
                "Mend the file from a copy before going on."
            ) from None

    @contextmanager
    def _locked(self) -> Iterator[int]:
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            if sys.platform != "win32":
                import fcntl  # noqa: PLC0415 -- Windows has not got it

                fcntl.flock(file, fcntl.LOCK_EX)
            yield file
        finally:
            os.close(file)


def _whole_lines(text: bytes) -> bytes:
    return text[: text.rfind(b"\n") + 1]


def _read(file: int) -> bytes:
    return os.pread(file, os.fstat(file).st_size, 0) if sys.platform != "win32" else os.read(file, 2**31 - 1)


def _write(file: int, line: bytes) -> None:
    while line:
        line = line[os.write(file, line) :]
