"""What does the text of a single cell mean?"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Final, TypeVar
from zoneinfo import available_timezones

from domain.errors import InvalidValue

T = TypeVar("T")

LONGEST_CELL: Final = 500
LIST_MARK: Final = ";"
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# Beside the control characters: what breaks a line, and what turns the direction of writing to disguise a name.
_BREAKS_A_LINE: Final = re.compile("[\t\n\r\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_CODE: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_DATE: Final = re.compile(r"[12]\d{3}-\d\d-\d\d", re.ASCII)


class Misread(Exception):
    """A cell that does not say what its column asks for; `expected` where there is more to say than the column's own.

    It never holds the cell. `item` is the number of the item in a list, counted from 1.
    """

    def __init__(self, expected: str | None = None, item: int | None = None) -> None:
        self.expected = expected
        self.item = item
        super().__init__(expected)


def plain(cell: str) -> str:
    """Give the cell without the blanks around it; one of more than 500 characters or with control codes is misread."""
    if len(cell) > LONGEST_CELL:
        raise Misread(f"at most {LONGEST_CELL} characters")
    if _CONTROL.search(cell):
        raise Misread("text without control characters")
    return cell.strip()


def name(cell: str) -> str:
    """Read a reference or a handle: one line that no spreadsheet would take for a formula."""
    if cell[0] in "=+-@":
        raise Misread("text that does not begin with `=`, `+`, `-` or `@`")
    if _BREAKS_A_LINE.search(cell):
        raise Misread("text on a single line")
    return unicodedata.normalize("NFC", cell)


def code(cell: str) -> str:
    """Read a code in kebab-case; capitals are let pass and made small."""
    return _matching(_CODE, cell.lower())


def language(cell: str) -> str:
    """Read a primary language subtag of BCP 47, such as `pt`."""
    return _matching(_LANGUAGE, cell.lower())


def _matching(pattern: re.Pattern[str], cell: str) -> str:
    if pattern.fullmatch(cell) is None:
        raise Misread
    return cell


def day(cell: str) -> date:
    """Read a calendar day in ISO 8601's extended form."""
    try:
        return date.fromisoformat(_matching(_DATE, cell))
    except ValueError:
        raise Misread from None


def person_said(read: Callable[[str], T]) -> Callable[[str], T]:
    """Make a reader of what people may also enter themselves: by the same rules, in the words of its column."""

    def read_cell(cell: str) -> T:
        try:
            return read(cell)
        except InvalidValue:
            raise Misread from None

    return read_cell


def number(lowest: int, highest: int) -> Callable[[str], int]:
    """Make a reader of whole numbers between two bounds, both included."""

    def read(cell: str) -> int:
        if not (cell.isascii() and cell.isdigit() and lowest <= int(cell) <= highest):
            raise Misread
        return int(cell)

    return read


def one_of(meanings: dict[str, T]) -> Callable[[str], T]:
    """Make a reader of a closed list of words, in capitals or not."""

    def read(cell: str) -> T:
        meaning = meanings.get(cell.lower())
        if meaning is None:
            raise Misread
        return meaning

    return read


def each(read_item: Callable[[str], T]) -> Callable[[str], tuple[T, ...]]:
    """Make a reader of lists joined with `;`: blank items are passed over, and of equal ones the first is kept."""

    def read(cell: str) -> tuple[T, ...]:
        pieces = cell.split(LIST_MARK)
        items: dict[T, None] = {}
        for place, piece in enumerate(map(str.strip, pieces), start=1):
            try:
                if piece:
                    items[read_item(piece)] = None
            except Misread as misread:
                raise Misread(misread.expected, place if len(pieces) > 1 else None) from None
        if not items:
            raise Misread
        return tuple(items)

    return read


def time_zone(cell: str) -> str:
    """Read the name of a time zone of the IANA database, in capitals or not; gives it as IANA writes it."""
    zone = _time_zones().get(cell.casefold())
    if zone is None:
        raise Misread
    return zone


@cache
def _time_zones() -> dict[str, str]:
    # These three stand for whatever the machine at hand is set to, or for nothing at all.
    zones = available_timezones() - {"Factory", "localtime", "posixrules"}
    return {zone.casefold(): zone for zone in zones}
