"""Is a mark found again, in whatever form it was written down?"""

import base64
import json

import pytest

from api.checks.marks import Marks

FORMS = {
    "as it is": str.encode,
    "in UTF-8 among other letters": lambda text: f"Zoë {text} Ünal".encode(),
    "in JSON": lambda text: json.dumps({"said": f"ë {text}"}).encode(),
    "in hexadecimal": lambda text: b"\\x" + f'{{"said":"{text}"}}'.encode().hex().encode(),
    "in base64": lambda text: base64.b64encode(text.encode()),
    "in base64 one byte later": lambda text: base64.b64encode(b"a" + text.encode() + b"bcd"),
    "in base64 two bytes later": lambda text: base64.b64encode(b"ab" + text.encode() + b"cd"),
    "in base64 within JSON": lambda text: b'{"state":"' + base64.b64encode(b'{"a":"' + text.encode() + b'"}') + b'"}',
}


@pytest.mark.parametrize("form", FORMS)
def test_a_mark_is_found_in_every_form(form):
    marks = Marks()
    said, unsaid = marks.new(), marks.new()

    assert marks.within(FORMS[form](said)) == {said}
    assert unsaid != said


def test_nothing_is_found_where_there_is_none():
    marks, others = Marks(), Marks()
    marks.new()

    assert marks.within(others.new().encode() + b"mark") == set()


def test_a_mark_is_found_across_the_pieces_in_which_a_file_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr("api.checks.marks._CHUNK", 300)
    marks = Marks()
    given = [marks.new() for _ in range(4)]
    file, other = tmp_path / "file", tmp_path / "other"
    file.write_bytes(b"".join(each.encode().rjust(295) for each in given))
    other.write_bytes(b"nothing")

    assert marks.within_files([file, other, tmp_path / "gone"]) == {file: set(given)}
