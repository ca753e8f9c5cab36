"""No cell of a roster may come back in a fault, a warning or an exception: those are printed, logged and passed on."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest

from api.roster import UnreadableFile, read_roster
from api.roster import columns as col
from api.roster.cells import Misread
from api.roster.forms import MEMBERS, MENTORS
from api.roster.rows import read_people
from api.roster.sheet import open_sheet

TODAY = date(2026, 3, 2)
MARK = "zqx"
# Each dress leads the marker down another path: as it is (a sound code), with a capital, and one for every refusal.
DRESSES = {
    "bare": "{}",
    "formula": "={}",
    "long": "{}" + "x" * 500,
    "control": "{}\x07",
    "line": "{}\n",
    "listed": "en;{};{}!",
    "window": "Mon 18:00-20:00;{}",
    "away": "away {}",
    "away until": "away 2026-08-01..{}",
    "recurring": "every 2nd {} from 2026-03-03 18:00-20:00",
    "monthly": "1st {} of the month 10:00-12:00",
    "once": "also 2026-05-02 {}",
    "spaced": "{} {}",
    "accented": "{}\u00e9",
    "day": "2026-13-{}",
}


def marker(place, number):
    return f"{MARK}{place}m{number}"


def marked_table(form, dress, *, number=1):
    header = [column.name for column in form.columns]
    cells = [dress.replace("{}", marker(place, number)) for place, _ in enumerate(header)]
    return header, cells


def written(*rows):
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue()


def told_by(exception):
    """All that an exception carries, its contexts included, as a logger of exceptions would find it."""
    while exception is not None:
        yield repr((exception, exception.args, vars(exception)))
        exception = exception.__cause__ or exception.__context__


def told_of(folder, content, encoding=None):
    """Everything that comes back when both files hold the content, each with its own header or none."""
    for place, form in enumerate((MEMBERS, MENTORS)):
        header, cells = content(form)
        path = folder / f"{place}.csv"
        path.write_bytes(written(*filter(None, (header, cells))).encode(encoding or "utf-8"))
    try:
        roster = read_roster(folder / "0.csv", folder / "1.csv", today=TODAY)
    except UnreadableFile as refused:
        return list(told_by(refused))
    assert roster.members == roster.mentors == ()
    return [*map(str, roster.faults), *map(repr, roster.faults), *roster.warnings]


@pytest.mark.parametrize("dress", DRESSES.values(), ids=DRESSES)
def test_no_cell_of_a_broken_row_comes_back(tmp_path, dress):
    told = told_of(tmp_path, lambda form: marked_table(form, dress))

    assert len(told) > 20
    assert not [line for line in told if MARK in line.casefold()]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        pytest.param(lambda form: (None, marked_table(form, "{}")[1]), None, id="no header"),
        pytest.param(lambda _: (None, [marker(0, 1)] * 20), None, id="no header and cells that repeat"),
        pytest.param(
            lambda form: (marked_table(form, "")[0], [*marked_table(form, "{}")[1], MARK]), None, id="slipped"
        ),
        pytest.param(lambda form: marked_table(form, "{}\u00e9"), "cp1252", id="another encoding"),
        pytest.param(lambda form: marked_table(form, "{}"), "utf-16", id="a wide encoding"),
        pytest.param(lambda form: marked_table(form, "{}\0"), None, id="damage"),
    ],
)
def test_no_cell_of_an_unreadable_file_comes_back(tmp_path, content, encoding):
    told = told_of(tmp_path, content, encoding)

    assert told
    assert not [line for line in told if MARK in line.casefold()]


@pytest.mark.parametrize("quoted", [f'"{MARK}', f'"{MARK}" {MARK},'])
def test_no_cell_comes_back_where_quotation_marks_do_not_add_up(tmp_path, quoted):
    header, _ = marked_table(MEMBERS, "")
    for place in "01":
        (tmp_path / f"{place}.csv").write_text(f"{','.join(header)}\n{quoted}\n", encoding="utf-8")

    with pytest.raises(UnreadableFile) as refused:
        read_roster(tmp_path / "0.csv", tmp_path / "1.csv", today=TODAY)

    assert not [line for line in told_by(refused.value) if MARK in line.casefold()]


@pytest.mark.parametrize("column", MEMBERS.columns, ids=lambda column: column.name)
def test_a_column_that_did_echo_its_cells_would_be_caught(tmp_path, column):
    def echo(cell):
        raise Misread(f"something else than {cell}")

    header, cells = marked_table(MEMBERS, "{}")
    path = tmp_path / "members.csv"
    path.write_text(written(header, cells), encoding="utf-8")
    echoing = replace(MEMBERS, columns=tuple(replace(c, parse=echo) if c is column else c for c in MEMBERS.columns))

    people = read_people(open_sheet(path, None), echoing, MENTORS, TODAY)

    told = [str(fault) for fault in people.faults if MARK in str(fault)]
    assert len(told) == 1
    assert column is not col.REF or "column ref" in told[0]


def test_an_exception_that_carried_the_file_along_would_be_caught():
    refused = UnreadableFile("members.csv: this is not UTF-8")
    try:
        f"{MARK}\u00e9".encode("cp1252").decode()
    except UnicodeDecodeError as error:
        refused.__context__ = error

    assert [line for line in told_by(refused) if MARK in line.casefold()]
