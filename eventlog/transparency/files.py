"""How files are written: whole or not at all."""

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
    _remember(path.parent)


def write_whole(path: Path, content: bytes, *, mode: int = PRIVATE) -> None:
    """Write a file at once, making the folders that lead to it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path, mode=mode) as file:
        file.write(content)


def _remember(folder: Path) -> None:
    """Have the folder's entry outlive a power cut."""
    if sys.platform == "win32":  # has no way to, and needs none
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
