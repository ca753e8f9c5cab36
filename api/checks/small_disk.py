"""Where can a disk be filled without harm? On a small one in memory, which only root may mount."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from api.checks.own_server import own_home

_CHUNKS: Final = (1 << 20, 1 << 12)  # bytes; the last is what such a disk gives out at a time


class CannotMount(Exception):
    """There is no such disk to be had here; the message says why."""


@dataclass(frozen=True)
class SmallDisk:
    """A file system of its own, with a folder for a server and a file that fills the rest."""

    home: Path
    ballast: Path

    def fill(self) -> None:
        """Leave no room at all."""
        descriptor = os.open(self.ballast, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            for chunk in _CHUNKS:
                self._write(descriptor, bytes(chunk))
        finally:
            os.close(descriptor)

    def free(self) -> None:
        """Give the room back."""
        self.ballast.unlink(missing_ok=True)

    def _write(self, descriptor: int, chunk: bytes) -> None:
        while True:
            try:
                os.write(descriptor, chunk)
            except OSError:
                return


@contextmanager
def small_disk(size_mb: int) -> Iterator[SmallDisk]:
    """Mount a file system in memory, and take it away after. Raises `CannotMount`."""
    if sys.platform != "linux" or os.geteuid() != 0:
        raise CannotMount("this needs Linux and root, who may mount a small disk")
    with own_home() as folder:
        _run("mount", "-t", "tmpfs", "-o", f"size={size_mb}m,mode=0700", "alongside-check", str(folder))
        try:
            (folder / "home").mkdir()
            folder.chmod(0o711)  # the server runs under another account
            yield SmallDisk(folder / "home", folder / "ballast")
        finally:
            # Lazily, because a process that is about to end may still have a file open there.
            _run("umount", "--lazy", str(folder))


def _run(program: str, *arguments: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise CannotMount(f"there is no {program} here")
    ran = subprocess.run((found, *arguments), capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if ran.returncode:
        raise CannotMount(f"{program} is not permitted here")
