"""Which people do the rows of a file describe, and which rows cannot be read?"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Generic, TypeVar

from api.roster import columns as col
from api.roster.cells import Misread
from api.roster.columns import Column
from api.roster.faults import Fault
from api.roster.forms import Form, Said
from api.roster.header import placed, unknown, width
from api.roster.sheet import Sheet
from domain.profiles import Profile
from domain.purposes import Purpose
from domain.values import NEED_FACETS

P = TypeVar("P", bound=Profile)
Wrong = tuple[str, str]  # a column's name, and what was expected in it

_REMEMBERED_CELLS: Final = 20_000
_NAMED_CODES: Final = 20


@dataclass(frozen=True, slots=True)
class Enrolment(Generic[P]):
    """A person as a roster tells of them, with the purposes granted on paper and the day the paper was signed.

    `consented_on` is None where nothing was granted. `line` is where the row begins, counted from 1.
    """

    profile: P
    consents: tuple[Purpose, ...]
    consented_on: date | None
    line: int


@dataclass(frozen=True, slots=True)
class People(Generic[P]):
    """What one file holds: the people of its sound rows, the faults of the others, and what else is worth knowing."""

    enrolments: tuple[Enrolment[P], ...]
    faults: tuple[Fault, ...]
    warnings: tuple[str, ...]


def read_people(sheet: Sheet, form: Form[P], other: Form[Any], today: date) -> People[P]:
    """Read every row and gather all faults; the `other` form helps to tell whether the two files were swapped.

    Raises:
        UnreadableFile: the header is not that of the form, or the rows cannot be told apart.

    """
    required = form.names(required=True)
    others = [name for name in other.names(required=True) if name not in required]
    places = placed(sheet, required=required, optional=form.names(required=False), others=others)
    reader = _RowReader(sheet, form, places, today)
    enrolments: list[Enrolment[P]] = []
    faults: list[Fault] = []
    for line, cells in sheet.rows:
        said, wrong = reader.read(line, cells)
        if wrong:
            faults.extend(Fault(sheet.file, line, column, expected) for column, expected in wrong)
        else:
            enrolments.append(_enrolment(said, form, line, today))
    warnings = (*sheet.warnings, *_of_columns(sheet, form, places), *_of_codes(sheet.file, form, enrolments))
    return People(tuple(enrolments), tuple(faults), warnings)


def _enrolment(said: Said, form: Form[P], line: int, today: date) -> Enrolment[P]:
    consents = said[col.CONSENTS]
    signed = (said[col.CONSENTED_ON] or today) if consents else None
    return Enrolment(form.profile(said), consents, signed, line)


class _Meanings(dict[str, Any]):
    """What the cells of one column mean, remembered because most cells stand in many rows."""

    def __init__(self, column: Column[Any]) -> None:
        super().__init__()
        self._column = column

    def __missing__(self, cell: str) -> object:
        meaning = self._column.read(cell)
        if len(self) < _REMEMBERED_CELLS:
            self[cell] = meaning
        return meaning


class _RowReader:
    """Reads the rows of one file, and remembers their references."""

    def __init__(self, sheet: Sheet, form: Form[Any], places: dict[str, int], today: date) -> None:
        self._today = today
        self._delimiter = sheet.delimiter
        self._width = width(sheet.header)
        self._present = [(c.name, places[c.name], _Meanings(c)) for c in form.columns if c.name in places]
        self._absent = {c.name: c.blank for c in form.columns if c.name not in places}
        self._line_of_ref: dict[str, int] = {}

    def read(self, line: int, cells: list[str]) -> tuple[Said, list[Wrong]]:
        """Give what a row says, and all that is wrong with it."""
        if any(map(str.strip, cells[self._width :])):
            # Nothing is said of the single columns: the cells have most likely slipped out of them.
            return Said({}), [("", self._no_more_cells())]
        said, wrong = self._read_cells(cells + [""] * (self._width - len(cells)))
        wrong.extend(self._disagreements(said))
        if col.REF in said:
            first = self._line_of_ref.setdefault(said[col.REF], line)
            if first != line:
                wrong.append((col.REF.name, f"a reference that no other row has; line {first} has the same"))
        return said, wrong

    def _no_more_cells(self) -> str:
        most = f"at most {self._width} cells, as many as the header has"
        if self._delimiter is None:
            return most
        return f"{most}; a cell that holds the mark between cells must stand in quotation marks"

    def _read_cells(self, cells: list[str]) -> tuple[Said, list[Wrong]]:
        meanings: dict[str, object] = dict(self._absent)
        wrong: list[Wrong] = []
        for name, place, remembered in self._present:
            meaning = remembered[cells[place]]
            if type(meaning) is Misread:
                wrong.append((name, str(meaning)))
            else:
                meanings[name] = meaning
        return Said(meanings), wrong

    def _disagreements(self, said: Said) -> Iterator[Wrong]:
        """Find what no cell shows by itself."""
        since, signed = said.get(col.WAITING_SINCE), said.get(col.CONSENTED_ON)
        if since is not None and not col.LONGEST_WAIT_BEGAN <= since <= self._today:
            yield col.WAITING_SINCE.name, col.WAITING_SINCE.expected
        if signed is not None and signed > self._today:
            yield col.CONSENTED_ON.name, col.CONSENTED_ON.expected
        tags = said.get(col.LIVED_EXPERIENCE)
        # A slip of the pen here would let a tag count that its owner wanted left out.
        if tags is not None and any(tag not in tags for tag in said.get(col.NOT_MATCHABLE) or ()):
            yield col.NOT_MATCHABLE.name, "only tags that the row also has in lived_experience"
        if said.get(col.MENTOR_GENDER) == "same" and col.GENDER in said and said[col.GENDER] is None:
            yield col.MENTOR_GENDER.name, col.MENTOR_GENDER.expected


def _of_columns(sheet: Sheet, form: Form[Any], places: dict[str, int]) -> Iterator[str]:
    strange = unknown(sheet, [column.name for column in form.columns])
    if strange:
        yield f"{sheet.file}: not known and left out: column{'s' if len(strange) > 1 else ''} {', '.join(strange)}"
    if col.CONSENTS.name not in places:
        yield f"{sheet.file}: there is no column {col.CONSENTS.name}, so nobody in this file has granted anything"


def _of_codes(file: str, form: Form[P], enrolments: list[Enrolment[P]]) -> Iterator[str]:
    if not enrolments:
        yield f"{file}: there is no row that can be read below the header"
    # Codes of rows with faults are not named: such a row may have its cells in the wrong columns.
    counts = Counter(
        code for enrolment in enrolments for code in form.codes_of(enrolment.profile) if code not in NEED_FACETS
    )
    for code, count in counts.most_common(_NAMED_CODES):
        rows = f"{count} row{'s' if count > 1 else ''}"
        yield f"{file}, column {form.codes.name}: `{code}` is not a known code and counts as practical ({rows})"
    if len(counts) > _NAMED_CODES:
        more = len(counts) - _NAMED_CODES
        yield f"{file}, column {form.codes.name}: {more} more codes are not known and count as practical"
