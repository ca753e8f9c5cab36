"""Which cells does a workbook hold, and is it safe to lay them all out?"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Final

import python_calamine
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from api.roster.faults import UnreadableFile

Row = tuple[int, list[str]]  # a line, counted from 1, and its cells

LARGEST_UNPACKED_BYTES: Final = 512 * 1024**2
# The reader lays out the whole rectangle up to the last cell. One stray cell in the far corner of an .xlsx sheet makes
# that 17 thousand million cells, and the process ends without an exception.
LARGEST_AREA: Final = 10_000_000
_MOST_REPEATS: Final = 1000
_XLSX_CELL: Final = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")
_ODS_ROWS: Final = re.compile(rb"<table:table-row\b[^>]*number-rows-repeated=[\"'](\d+)[^>]*>")
_ODS_CELLS: Final = re.compile(rb"<table:table-cell\b[^>]*number-columns-repeated=[\"'](\d+)[^>]*>")


def open_workbook(name: str, raw: bytes) -> tuple[Iterator[Row], tuple[str, ...]]:
    """Give the rows of the first visible sheet that are not blank, and a warning if there are more sheets.

    Raises:
        UnreadableFile: this is no workbook, or one too large to lay out.

    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            _refuse_too_large(name, archive)
        with python_calamine.load_workbook(io.BytesIO(raw)) as workbook:
            visible = _visible(workbook)
            # The empty area counts: without it, line numbers would shift.
            cells = workbook.get_sheet_by_name(visible[0]).to_python(skip_empty_area=False) if visible else []
    except (
        CalamineError,
        zipfile.BadZipFile,
        RuntimeError,
        NotImplementedError,
    ):  # the last two: a zip with a password
        message = "this is not a workbook that can be read; is it damaged, or does it have a password?"
        raise UnreadableFile(f"{name}: {message}") from None
    warning = f"{name}: the workbook has {len(visible)} sheets; only the first was read"
    return _rows(cells), (warning,) if len(visible) > 1 else ()


def _visible(workbook: CalamineWorkbook) -> list[str]:
    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ is SheetTypeEnum.WorkSheet and sheet.visible is SheetVisibleEnum.Visible
    ]


def _rows(sheet: Sequence[Sequence[object]]) -> Iterator[Row]:
    for line, cells in enumerate(sheet, start=1):
        texts = [cell if isinstance(cell, str) else _text(cell) for cell in cells]
        if any(map(str.strip, texts)):
            yield line, texts


def _text(cell: object) -> str:
    """Write a cell as it would stand in a CSV file; a workbook keeps whole numbers as floats and days as datetimes."""
    match cell:
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == time.min:
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case time():
            return cell.isoformat("minutes")
    return str(cell)


def _refuse_too_large(name: str, archive: zipfile.ZipFile) -> None:
    if sum(member.file_size for member in archive.infolist()) > LARGEST_UNPACKED_BYTES:
        megabytes = LARGEST_UNPACKED_BYTES // 1024**2
        raise UnreadableFile(f"{name}: this unpacks to more than {megabytes} MB, too much for a roster")
    for member in archive.namelist():
        if member.startswith("xl/worksheets/"):
            is_too_large = _xlsx_area(archive.read(member)) > LARGEST_AREA
        else:
            is_too_large = member == "content.xml" and _repeats_a_cell_too_often(archive.read(member))
        if is_too_large:
            message = "some cell stands far outside the table; delete the rows and columns beyond it, or save it as CSV"
            raise UnreadableFile(f"{name}: {message}")


def _xlsx_area(sheet: bytes) -> int:
    last_row, last_column = 0, b""
    for cell in _XLSX_CELL.finditer(sheet):
        last_row = max(last_row, int(cell[2]))
        last_column = max(last_column, cell[1], key=_by_length_first)
    return last_row * _column_number(last_column)


def _by_length_first(letters: bytes) -> tuple[int, bytes]:
    return len(letters), letters


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _repeats_a_cell_too_often(content: bytes) -> bool:
    """Tell whether a filled cell stands for very many; blank ones do in every .ods file, and cost nothing."""
    filled = b"office:value-type"
    if any(int(cells[1]) > _MOST_REPEATS and filled in cells[0] for cells in _ODS_CELLS.finditer(content)):
        return True
    return any(
        int(rows[1]) > _MOST_REPEATS and filled in content[rows.end() : content.find(b"</table:table-row>", rows.end())]
        for rows in _ODS_ROWS.finditer(content)
    )
