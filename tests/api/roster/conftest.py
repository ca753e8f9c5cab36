import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from api.roster import Roster, read_roster

TODAY = date(2026, 3, 2)

MEMBER = {
    "ref": "S-000001",
    "handle": "Olive Crane 1",
    "time_zone": "Europe/Lisbon",
    "languages": "pt;en",
    "lived_experience": "anxiety;long-illness",
    "not_matchable": "anxiety",
    "contact_modes": "video;phone",
    "availability": "Mon 18:00-20:00;Sat 10:00-11:30",
    "gender": "woman",
    "age": "39",
    "needs": "isolation;benefits",
    "urgency": "soon",
    "avoid_topics": "substance-use",
    "mentor_gender": "same",
    "name": "Ana Sílva",
    "phone": "+351  (21) 555-01.23",
    "email": " ana.silva@example.org",
    "waiting_since": "2025-12-01",
    "consents": "matching;share-profile;share-contact",
    "consented_on": "2026-02-27",
}
MENTOR = {
    "ref": "T-000001",
    "handle": "Pebble Teal 2",
    "time_zone": "Europe/Madrid",
    "languages": "es;en",
    "lived_experience": "long-illness",
    "contact_modes": "video;text",
    "availability": "Tue 19:00-21:00",
    "gender": "",
    "age": "",
    "role": "peer-navigator",
    "offers": "benefits;medical-leave",
    "declines": "",
    "capacity": "2",
    "trained_until": "2027-06-30",
    "supervisor": "SUP-012",
    "consents": "matching",
}


class Draft:
    """A roster on its way to two files; one sound row in each until a test changes it."""

    today = TODAY

    def __init__(self, folder: Path) -> None:
        self.members = [dict(MEMBER)]
        self.mentors = [dict(MENTOR)]
        self.member_path = folder / "members.csv"
        self.mentor_path = folder / "mentors.csv"

    def rows(self, file: str) -> list[dict[str, str]]:
        return {"members.csv": self.members, "mentors.csv": self.mentors}[file]

    def path(self, file: str) -> Path:
        return {"members.csv": self.member_path, "mentors.csv": self.mentor_path}[file]

    def text(self, file: str, delimiter: str = ",") -> str:
        rows = self.rows(file)
        written = io.StringIO()
        writer = csv.DictWriter(written, list(rows[0]), delimiter=delimiter, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return written.getvalue()

    def write(self) -> None:
        for file in ("members.csv", "mentors.csv"):
            self.path(file).write_text(self.text(file), encoding="utf-8")

    def read_files(self, encoding: str | None = None) -> Roster:
        return read_roster(self.member_path, self.mentor_path, today=self.today, encoding=encoding)

    def read(self) -> Roster:
        self.write()
        return self.read_files()


@pytest.fixture
def draft(tmp_path: Path) -> Draft:
    return Draft(tmp_path)


Cell = str | float | date
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DAY_ZERO = date(1899, 12, 30)


def _cell(column: int, row: int, cell: Cell) -> str:
    place = f"{chr(ord('A') + column)}{row}"
    if isinstance(cell, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{cell}</t></is></c>'
    if isinstance(cell, date):
        return f'<c r="{place}" s="1"><v>{(cell - _DAY_ZERO).days}</v></c>'
    return f'<c r="{place}"><v>{cell}</v></c>'


def _zipped(parts: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return packed.getvalue()


def _xlsx(rows: dict[int, Sequence[Cell]], *, sheets: int = 1, hidden: int = 0) -> bytes:
    """Make the smallest workbook that holds the cells of each row in its first sheet that is not hidden."""
    cells = "".join(
        f'<row r="{row}">{"".join(_cell(column, row, cell) for column, cell in enumerate(cells))}</row>'
        for row, cells in rows.items()
    )
    numbers = range(1, sheets + 1)
    state = {True: ' state="hidden"', False: ""}
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        + "".join(f'<sheet name="Sheet{n}" sheetId="{n}" r:id="r{n}"{state[n <= hidden]}/>' for n in numbers)
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="r{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
        )
        + f'<Relationship Id="styles" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2">'
        '<xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
    }
    for n in numbers:
        data = cells if n == hidden + 1 else ""
        parts[f"xl/worksheets/sheet{n}.xml"] = f'<worksheet xmlns="{_MAIN}"><sheetData>{data}</sheetData></worksheet>'
    return _zipped(parts)


@pytest.fixture
def xlsx() -> Callable[..., bytes]:
    return _xlsx


def _ods(rows: str) -> bytes:
    """Make the smallest OpenDocument spreadsheet around the XML of its rows."""
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    return _zipped(
        {
            "mimetype": kind,
            "META-INF/manifest.xml": f'<m:manifest xmlns:m="{manifest}">'
            f'<m:file-entry m:full-path="/" m:media-type="{kind}"/></m:manifest>',
            "content.xml": f"<office:document-content{spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="Sheet1">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        }
    )


@pytest.fixture
def ods() -> Callable[[str], bytes]:
    return _ods
