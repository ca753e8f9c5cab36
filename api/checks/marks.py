"""Where does a word lie that somebody said? Words that carry a mark are found again in any file, however written."""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from secrets import token_hex
from typing import Final

_NUMBER_DIGITS: Final = 6
_CHUNK: Final = 1 << 24  # bytes that are looked through at a time
_OVERLAP: Final = 256  # bytes of the chunk before, in which a mark may begin


class Marks:
    """Gives out marks, and finds them. A mark is ASCII, so that UTF-8 and JSON, escaped or not, write it the same."""

    def __init__(self) -> None:
        self._begins = f"mark{token_hex(8)}".encode()
        self._raw = re.compile(re.escape(self._begins) + rb"(\d{%d})" % _NUMBER_DIGITS)
        self._hex = re.compile(self._begins.hex().encode() + rb"(?:3\d){%d}" % _NUMBER_DIGITS)
        # How base64 writes the beginning depends on how many bytes of a group of three come before it.
        self._base64 = [(skipped, _middle(self._begins, skipped)) for skipped in range(3)]
        self._given = 0

    def new(self) -> str:
        """Give a mark that nothing else has."""
        self._given += 1
        return f"{self._begins.decode()}{self._given:0{_NUMBER_DIGITS}}"

    def within(self, data: bytes) -> set[str]:
        """Give the marks in these bytes, as they are, in hexadecimal or in base64."""
        found = {match.group().decode() for match in self._raw.finditer(data)}
        found |= {bytes.fromhex(match.group().decode()).decode() for match in self._hex.finditer(data)}
        for text in self._decoded(data):
            found |= {match.group().decode() for match in self._raw.finditer(text)}
        return found

    def within_files(self, files: Iterable[Path]) -> dict[Path, set[str]]:
        """Give the files that hold marks, and which. A file that goes away meanwhile holds none."""
        found = {file: set[str]().union(*map(self.within, _chunks(file))) for file in files}
        return {file: marks for file, marks in found.items() if marks}

    def _decoded(self, data: bytes) -> Iterator[bytes]:
        length = 4 * (len(self._begins) + _NUMBER_DIGITS + 6) // 3 // 4 * 4
        for skipped, middle in self._base64:
            characters_before = -(-8 * skipped // 6)
            place = data.find(middle)
            while place >= 0:
                begin = place - characters_before
                try:
                    yield base64.b64decode(data[begin : begin + length], validate=True)
                except binascii.Error:
                    yield self._begins + b"0" * _NUMBER_DIGITS  # it ends soon after, so nobody can say which it is
                place = data.find(middle, place + 1)


def _middle(text: bytes, skipped: int) -> bytes:
    """Give the characters of base64 that stand for nothing but this text, so many bytes of a group before it."""
    encoded = base64.b64encode(b"\0" * skipped + text)
    whole = (skipped + len(text)) * 8 // 6
    return encoded[-(-8 * skipped // 6) : whole]


def _chunks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            before = b""
            while chunk := file.read(_CHUNK):
                yield before + chunk
                before = chunk[-_OVERLAP:]
    except FileNotFoundError:
        return
