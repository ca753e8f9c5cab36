import codecs
import random
import re
import zipfile
from datetime import date

import pytest

from api.roster import UnreadableFile, sheet, workbook

NO_TEXT = "this is neither a CSV file nor an .xlsx or .ods workbook"
MUST_BE_QUOTED = "a cell that holds the mark between cells must stand in quotation marks"
SINCE = "a date such as `2026-03-31`, from 1970 on and not after today"
QUOTES = "the quotation marks of this row do not add up, so the rows from here on cannot be told apart"
DAMAGED = "this is not a workbook that can be read; is it damaged, or does it have a password?"
FAR_OUTSIDE = "some cell stands far outside the table; delete the rows and columns beyond it, or save it as CSV"


def refusal(draft, encoding=None):
    with pytest.raises(UnreadableFile) as refused:
        draft.read_files(encoding)
    return str(refused.value)


def write_members(draft, content):
    draft.write()
    draft.member_path.write_bytes(content if isinstance(content, bytes) else content.encode())


# Encodings


@pytest.mark.parametrize(
    ("encoding", "mark", "seems_to_be"),
    [
        ("cp1252", b"", "cp1252"),
        ("cp1250", b"", "cp1250"),
        ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16"),
        ("utf-16-be", codecs.BOM_UTF16_BE, "utf-16"),
        ("utf-32-le", codecs.BOM_UTF32_LE, "utf-32"),
        ("utf-16-le", b"", "utf_16_le"),
    ],
)
def test_another_encoding_is_refused_by_name_and_read_once_it_is_named(draft, encoding, mark, seems_to_be):
    handle = "Żółta Gęś Jaźń 1" if encoding == "cp1250" else "Andorinha Müller Nuñez 1"
    draft.members[0]["handle"] = handle
    draft.mentor_path.write_bytes(mark + draft.text("mentors.csv").encode(encoding))
    draft.member_path.write_bytes(mark + draft.text("members.csv").encode(encoding))

    message = refusal(draft).splitlines()[0]
    [member] = draft.read_files(encoding=seems_to_be).members

    # The likeliest comes first; which others come to mind is the detector's business.
    assert re.fullmatch(
        rf"members\.csv: this is not UTF-8; it seems to be {seems_to_be}(, \w+)*( or \w+)?\. Save it as `CSV UTF-8`, "
        rf"or pass `--encoding {seems_to_be}` and see that letters with accents come out right",
        message,
    )
    assert member.profile.handle == handle


def test_a_foreign_letter_far_down_the_file_is_found_too(draft):
    sound = draft.members[0]
    draft.members = [sound | {"ref": f"S-{n}"} for n in range(200)]
    draft.members[-1]["handle"] = "José"
    write_members(draft, draft.text("members.csv").encode("cp1252"))

    assert refusal(draft).startswith("members.csv: this is not UTF-8; it seems to be cp1252, ")


@pytest.mark.parametrize("encoding", [None, "utf-8"])
def test_a_byte_order_mark_is_passed_over(draft, encoding):
    draft.members = [{"Remarks": ""} | draft.members[0]]
    write_members(draft, codecs.BOM_UTF8 + draft.text("members.csv").encode())

    roster = draft.read_files(encoding)

    assert len(roster.members) == 1
    assert roster.warnings == ("members.csv: not known and left out: column Remarks",)


@pytest.mark.parametrize("encoding", ["klingon", "rot13", "hex"])
def test_an_encoding_that_does_not_exist_is_said_to_be_unknown(draft, encoding):
    draft.write()

    assert refusal(draft, encoding).splitlines()[0] == (
        "members.csv: the encoding asked for is not known here; `cp1252` and `utf-16` are examples of known ones"
    )


def test_bytes_that_do_not_fit_the_encoding_asked_for_are_refused(draft):
    draft.members[0]["handle"] = "José"
    write_members(draft, draft.text("members.csv").encode("cp1252"))

    assert refusal(draft, "utf-8") == "members.csv: its bytes do not fit the encoding asked for"


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + random.Random(1).randbytes(4000),
        random.Random(2).randbytes(40_000),
        b"ref,handle\x00,time_zone\nS-1,x,y\n",
        bytes(5000),
    ],
)
def test_what_is_no_text_is_refused(draft, content):
    write_members(draft, content)

    assert refusal(draft) == f"members.csv: {NO_TEXT}"


def test_a_nul_is_refused_in_an_encoding_that_was_named_too(draft):
    write_members(draft, draft.text("members.csv").replace("Olive", "Ol\0ive"))

    assert refusal(draft, "cp1252") == f"members.csv: {NO_TEXT}"


# Files as a whole


def test_a_file_that_is_not_there_or_cannot_be_opened_is_named(draft):
    draft.mentor_path.mkdir()

    assert refusal(draft).splitlines() == [
        "members.csv: there is no such file",
        "mentors.csv: this cannot be opened; is it a file, and may you read it?",
    ]


@pytest.mark.parametrize("content", [b"", b" \n\n", codecs.BOM_UTF8, b",,,\n,,,\n"])
def test_an_empty_file_is_said_to_be_empty(draft, content):
    write_members(draft, content)

    assert refusal(draft) == "members.csv: the file is empty"


def test_an_old_or_locked_workbook_is_refused(draft):
    write_members(draft, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))

    assert refusal(draft) == (
        "members.csv: this is an old .xls workbook or one with a password; "
        "save it as .xlsx without a password, or as CSV"
    )


def test_a_file_too_large_for_a_roster_is_refused_unread(draft):
    draft.write()
    with draft.member_path.open("r+b") as file:
        file.truncate(sheet.LARGEST_BYTES + 1)  # a hole: it takes no room on the disk

    assert refusal(draft) == "members.csv: this has more than 512 MB, too much for a roster"


# Headers


def test_all_missing_columns_are_named_in_one_message_a_file(draft):
    del draft.members[0]["needs"], draft.members[0]["handle"], draft.mentors[0]["supervisor"]
    draft.write()

    assert refusal(draft).splitlines() == [
        "members.csv: the header lacks the columns handle, needs",
        "mentors.csv: the header lacks the column supervisor",
    ]


def test_two_files_in_the_wrong_order_are_noticed(draft):
    draft.members, draft.mentors = draft.mentors, draft.members
    draft.write()
    of_members, of_mentors = "needs, urgency, waiting_since", "role, offers, capacity, trained_until, supervisor"
    swapped = "were the members' file and the mentors' file swapped?"

    assert refusal(draft).splitlines() == [
        f"members.csv: the header lacks the columns {of_members}, and has {of_mentors}; {swapped}",
        f"mentors.csv: the header lacks the columns {of_mentors}, and has {of_members}; {swapped}",
    ]


def test_a_column_that_stands_twice_is_refused(draft):
    draft.members[0] |= {"Needs": "housing", "time zone": "Europe/Rome"}
    draft.write()

    assert refusal(draft) == "members.csv: the header has more than one column time_zone and needs"


def test_columns_are_known_by_name_in_any_order_and_writing(draft):
    renamed = {column.replace("_", " ").title(): cell for column, cell in reversed(draft.members[0].items())}
    draft.members = [renamed]

    roster = draft.read()

    assert "Waiting Since" in renamed
    assert (len(roster.members), roster.faults, roster.warnings) == (1, (), ())


def test_unknown_columns_are_left_out_with_a_warning(draft):
    extra = {"Remarks": "kind", "": "?", "a\tb": "?", "x" * 60: "?"}
    draft.members = [extra | draft.members[0]]
    draft.mentors[0]["Remarks"] = ""

    roster = draft.read()

    assert len(roster.members) == 1
    assert roster.warnings == (
        "members.csv: not known and left out: columns Remarks, number 2, number 3, number 4",
        "mentors.csv: not known and left out: column Remarks",
    )


def test_a_file_without_consents_says_that_nobody_has_granted_anything(draft):
    del draft.members[0]["consents"]

    roster = draft.read()

    assert roster.members[0].consents == ()
    assert roster.warnings == ("members.csv: there is no column consents, so nobody in this file has granted anything",)


# Rows of CSV files


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_semicolons_and_tabs_divide_cells_where_the_header_says_so(draft, delimiter):
    expected = draft.read().members
    write_members(draft, draft.text("members.csv", delimiter))

    assert draft.read_files().members == expected


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_row_is_known_by_the_line_on_which_it_begins(draft, line_end):
    sound = draft.members[0] | {"Remarks": "one\ntwo\n\nthree"}
    draft.members = [sound | {"ref": f"S-{n}", "age": age} for n, age in enumerate(("1", "40", "2"))]
    header, first, *others = draft.text("members.csv").split("\n")
    write_members(draft, line_end.join(["", header, "", first, *others]))

    roster = draft.read_files()

    assert [fault.line for fault in roster.faults] == [4, 12]
    assert [member.line for member in roster.members] == [8]


def test_a_row_with_too_many_cells_has_that_one_fault(draft):
    header, row = draft.text("members.csv").splitlines()
    write_members(draft, f"{header}\n{row.replace('Olive Crane', 'Crane, Olive')},,\n{row},,\n")

    roster = draft.read_files()

    assert [str(fault) for fault in roster.faults] == [
        f"members.csv, line 2: expected at most 20 cells, as many as the header has; {MUST_BE_QUOTED}"
    ]
    assert [member.line for member in roster.members] == [3]


def test_a_row_with_too_few_cells_lacks_the_last_ones(draft):
    header, row = draft.text("mentors.csv").splitlines()
    draft.write()
    draft.mentor_path.write_text(f"{header}\n{row.rsplit(',', 3)[0]}\n", encoding="utf-8")

    assert [fault.column for fault in draft.read_files().faults] == ["trained_until", "supervisor"]


@pytest.mark.parametrize("quoted", ['"Olive', '"Olive" Crane'])
def test_quotation_marks_that_do_not_add_up_are_refused_at_their_line(draft, quoted):
    header, row = draft.text("members.csv").splitlines()
    write_members(draft, f"{header}\n{row}\n{row.replace('Olive', quoted)}\n{row}\n")

    assert refusal(draft) == f"members.csv, line 3: {QUOTES}"


# Workbooks


def as_workbook(draft, xlsx, cells, **options):
    draft.write()
    header = list(draft.members[0])
    draft.member_path = draft.member_path.with_suffix(".xlsx")
    draft.member_path.write_bytes(
        xlsx({3: header, 6: [cells.get(name, draft.members[0][name]) for name in header]}, **options)
    )


def test_dates_and_numbers_of_a_workbook_are_read_as_in_a_csv_file(draft, xlsx):
    [expected] = draft.read().members
    as_workbook(draft, xlsx, {"age": 39.0, "waiting_since": date(2025, 12, 1), "consented_on": date(2026, 2, 27)})

    roster = draft.read_files()

    assert (roster.faults, roster.warnings) == ((), ())
    assert roster.members[0].profile == expected.profile
    assert (roster.members[0].line, roster.members[0].consented_on) == (6, date(2026, 2, 27))


def test_faults_of_a_workbook_name_the_row_of_the_sheet(draft, xlsx):
    as_workbook(draft, xlsx, {"age": 39.5, "waiting_since": 45992.0, "urgency": ""})

    assert [str(fault) for fault in draft.read_files().faults] == [
        "members.xlsx, line 6, column age: expected nothing or a whole number from 13 to 120",
        "members.xlsx, line 6, column urgency: expected `urgent`, `soon` or `routine`; the cell is empty",
        f"members.xlsx, line 6, column waiting_since: expected {SINCE}",
    ]


def test_a_cell_beyond_the_header_of_a_workbook_is_a_fault_of_its_row(draft, xlsx):
    as_workbook(draft, xlsx, {})
    header, row = list(draft.members[0]), list(draft.members[0].values())
    draft.member_path.write_bytes(xlsx({1: header, 2: [*row, "note"]}))

    [fault] = draft.read_files().faults

    assert str(fault) == "members.xlsx, line 2: expected at most 20 cells, as many as the header has"


def test_a_workbook_with_more_sheets_says_that_only_the_first_was_read(draft, xlsx):
    as_workbook(draft, xlsx, {}, sheets=3)

    roster = draft.read_files()

    assert len(roster.members) == 1
    assert roster.warnings == ("members.xlsx: the workbook has 3 sheets; only the first was read",)


def test_hidden_sheets_are_passed_over(draft, xlsx):
    as_workbook(draft, xlsx, {}, sheets=2, hidden=1)

    roster = draft.read_files()

    assert (len(roster.members), roster.warnings) == (1, ())


def ods_row(cells, attributes=""):
    return f"<table:table-row{attributes}>{''.join(cells)}</table:table-row>"


def ods_cell(text, attributes=""):
    return f'<table:table-cell office:value-type="string"{attributes}><text:p>{text}</text:p></table:table-cell>'


def test_an_opendocument_sheet_is_read_with_its_blank_margins(draft, ods):
    [expected] = draft.read().members
    day = '<table:table-cell office:value-type="date" office:date-value="2025-12-01"/>'
    cells = [day if column == "waiting_since" else ods_cell(cell) for column, cell in draft.members[0].items()]
    margin = ods_row(
        ['<table:table-cell table:number-columns-repeated="16384"/>'], ' table:number-rows-repeated="1048574"'
    )
    draft.member_path.write_bytes(ods(ods_row(map(ods_cell, draft.members[0])) + ods_row(cells) + margin))

    roster = draft.read_files()

    assert roster.faults == ()
    assert roster.members == (expected,)


def test_a_stray_cell_in_the_far_corner_is_refused_before_it_is_laid_out(draft, xlsx, ods):
    as_workbook(draft, xlsx, {})
    draft.member_path.write_bytes(xlsx({1: ["ref"], 1_048_576: ["x"] * 26}))
    many_columns = ods(ods_row([ods_cell("x", ' table:number-columns-repeated="16384"')]))
    many_rows = ods(ods_row([ods_cell("x")], ' table:number-rows-repeated="1048576"'))

    messages = {refusal(draft)}
    for content in (many_columns, many_rows):
        draft.member_path.write_bytes(content)
        messages.add(refusal(draft))

    assert messages == {f"members.xlsx: {FAR_OUTSIDE}"}


def test_a_workbook_that_unpacks_to_too_much_is_refused(draft, xlsx, monkeypatch):
    as_workbook(draft, xlsx, {})
    monkeypatch.setattr(workbook, "LARGEST_UNPACKED_BYTES", 1024)

    assert refusal(draft) == "members.xlsx: this unpacks to more than 0 MB, too much for a roster"


def test_a_damaged_workbook_or_another_zip_is_refused(draft, xlsx, tmp_path):
    as_workbook(draft, xlsx, {})
    whole = draft.member_path.read_bytes()
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("letter.txt", "Dear all")

    for content in (whole[:200], whole.replace(b"PK\x05\x06", b"PK\x00\x00"), other.read_bytes()):
        draft.member_path.write_bytes(content)

        assert refusal(draft) == f"members.xlsx: {DAMAGED}"
