"""What a log says of itself at one size (C2SP tlog-checkpoint): origin, number of events, root of their tree."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from eventlog.transparency.merkle import HASH_BYTES
from eventlog.transparency.note import NoteRefused, Verifier, open_note

_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,18}")
_LINES: Final = 3


@dataclass(frozen=True)
class Checkpoint:
    """The tree over the events at positions 1 to `size`."""

    origin: str
    size: int
    root: bytes

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text of a checkpoint's note; lines after the third are not ours to read. Raises `NoteRefused`."""
        lines = text.split("\n")[:-1]
        if len(lines) < _LINES or not all(lines) or not _SIZE.fullmatch(lines[1]):
            raise NoteRefused("A checkpoint is an origin, a size and a root, each on a line.")
        try:
            root = base64.b64decode(lines[2], validate=True)
        except (binascii.Error, ValueError):
            root = b""
        if len(root) != HASH_BYTES:
            raise NoteRefused(f"A root is {HASH_BYTES} bytes in base64.")
        return cls(lines[0], int(lines[1]), root)

    def text(self) -> str:
        """Give the text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def open_checkpoint(note: str, trusted: Sequence[Verifier]) -> Checkpoint:
    """Give the checkpoint of a note that a trusted key signed. Raises `NoteRefused`."""
    return Checkpoint.parse(open_note(note, trusted))
