"""Which cells does a spreadsheet file hold, and on which line does each row stand?"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from api.roster.decoding import decode
from api.roster.faults import UnreadableFile
from api.roster.workbook import Row, open_workbook

LARGEST_BYTES: Final = 512 * 1024**2
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DELIMITERS: Final = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of one file: `rows` gives each row that is not blank with its line, counted from 1.

    `delimiter` is None for a workbook. Going through the rows of a CSV file raises `UnreadableFile` where its quotation
    marks do not add up.
    """

    file: str
    header: list[str]
    rows: Iterator[Row]
    delimiter: str | None = None
    warnings: tuple[str, ...] = ()


def open_sheet(path: Path, encoding: str | None) -> Sheet:
    """Open a CSV file (UTF-8, or in `encoding`), or the first sheet of an .xlsx or .ods workbook.

    Raises:
        UnreadableFile: there is no such file, it is empty, or it is of another kind.

    """
    raw = _bytes(path)
    if raw.startswith(_OLE):
        message = "this is an old .xls workbook or one with a password; save it as .xlsx without a password, or as CSV"
        raise UnreadableFile(f"{path.name}: {message}")
    if raw.startswith(_ZIP):
        rows, warnings = open_workbook(path.name, raw)
        return _with_header(path.name, rows, None, warnings)
    return _csv(path.name, decode(path.name, raw, encoding))


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            megabytes = LARGEST_BYTES // 1024**2
            raise UnreadableFile(f"{path.name}: this has more than {megabytes} MB, too much for a roster")
        raw = path.read_bytes()
    except FileNotFoundError:
        message = "there is no such file"
    except OSError:
        message = "this cannot be opened; is it a file, and may you read it?"
    else:
        if raw.strip():
            return raw
        message = "the file is empty"
    raise UnreadableFile(f"{path.name}: {message}") from None


def _with_header(file: str, rows: Iterator[Row], delimiter: str | None, warnings: tuple[str, ...] = ()) -> Sheet:
    _, header = next(rows, (0, []))
    if not header:
        raise UnreadableFile(f"{file}: the file is empty")
    return Sheet(file, header, rows, delimiter, warnings)


def _csv(name: str, text: str) -> Sheet:
    lines = io.StringIO(text, newline="")
    header = next((line for line in lines if line.strip()), "")
    # Only the header is asked: further down, lists are joined with semicolons too.
    delimiter = max(_DELIMITERS, key=header.count)
    return _with_header(name, _records(name, text, delimiter), delimiter)


def _records(name: str, text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error:
            message = "the quotation marks of this row do not add up, so the rows from here on cannot be told apart"
            raise UnreadableFile(f"{name}, line {line}: {message}") from None
        if cells is None:
            return
        if any(map(str.strip, cells)):
            yield line, cells
