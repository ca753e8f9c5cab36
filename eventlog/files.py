"""How files are written: whole or not at all, and so that they outlive a power cut."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Final

PRIVATE: Final = 0o600


@contextmanager
def whole_file(path: Path, *, mode: int = PRIVATE) -> Iterator[IO[bytes]]:
    """Lend a file to write to; with the end of the block it is on disk under its name, or nothing has changed."""
    with NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).chmod(mode)
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    sync(path.parent)


def write_whole(path: Path, content: bytes, *, mode: int = PRIVATE) -> None:
    """Write a file at once, making the folders that lead to it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path, mode=mode) as file:
        file.write(content)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet, readable to its owner alone. Raises `FileExistsError`."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    sync(path.parent)


def sync(path: Path) -> None:
    """Have a file's content, or a folder's list of files, outlive a power cut."""
    if sys.platform == "win32":  # has no way to with a folder
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
