"""Which column of a file holds what?"""

from collections import Counter
from collections.abc import Collection
from typing import Final

from api.roster.faults import UnreadableFile
from api.roster.sheet import Sheet

_LONGEST_NAME: Final = 40


def width(header: list[str]) -> int:
    """Count the columns up to the last one that has a name."""
    return max((place for place, cell in enumerate(header, start=1) if cell.strip()), default=0)


def placed(
    sheet: Sheet, *, required: Collection[str], optional: Collection[str], others: Collection[str]
) -> dict[str, int]:
    """Find each known column's place, counted from 0; `others` are the columns of the other file of a roster.

    Raises:
        UnreadableFile: required columns are missing, or a known column stands twice. The message names known columns
            only: in a file without a header the first row is a person.

    """
    found = [_plain(cell) for cell in sheet.header]
    known = {_plain(column): column for column in (*required, *optional)}
    missing = [column for column in required if _plain(column) not in found]
    if missing:
        raise UnreadableFile(f"{sheet.file}: {_about(missing, [other for other in others if _plain(other) in found])}")
    counts = Counter(found)
    twice = [column for key, column in known.items() if counts[key] > 1]
    if twice:
        raise UnreadableFile(f"{sheet.file}: the header has more than one column {' and '.join(twice)}")
    return {column: found.index(key) for key, column in known.items() if key in counts}


def unknown(sheet: Sheet, known: Collection[str]) -> list[str]:
    """Name the columns of the header that are not known, those with an unprintable name or none by their number."""
    keys = {_plain(column) for column in known}
    return [
        cell.strip() if cell.strip() and cell.isprintable() and len(cell) <= _LONGEST_NAME else f"number {place}"
        for place, cell in enumerate(sheet.header[: width(sheet.header)], start=1)
        if _plain(cell) not in keys
    ]


def _plain(cell: str) -> str:
    """Let `Time Zone`, `time-zone` and `time_zone` be one name."""
    return "".join(letter for letter in cell.casefold() if letter.isalnum())


def _about(missing: list[str], of_the_other: list[str]) -> str:
    lacking = f"the header lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}"
    if not of_the_other:
        return lacking
    return f"{lacking}, and has {', '.join(of_the_other)}; were the members' file and the mentors' file swapped?"
