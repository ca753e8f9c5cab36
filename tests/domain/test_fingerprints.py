"""Is somebody known again however a value is written, and nobody else?"""

import pytest

from domain.fingerprints import Mark, fingerprint, marks_of, normal

ARABIC_DIGITS = {ord("0") + digit: 0x660 + digit for digit in range(10)}


@pytest.mark.parametrize(
    ("mark", "one", "other"),
    [
        (Mark.PHONE, "+44 20 7946 0958", "020 7946 0958"),
        (Mark.PHONE, "+45 12 34 56 78", "12345678"),
        (Mark.PHONE, "0044 (0)20-7946-0958", "(020) 79460958"),
        (Mark.PHONE, "+20 10 1234 5678", "+20 10 1234 5678".translate(ARABIC_DIGITS)),
        (Mark.EMAIL, "Ana.Silva@Example.org", " ana.silva@example.ORG "),
        (Mark.NAME, "Silva, Ana", "ana  silva"),
        (Mark.NAME, "José-María O'Neill", "Jose Maria ONeill"),
        (Mark.HANDLE, "Plum  Raven 1", "plum raven 1"),
    ],
)
def test_the_same_value_written_differently_has_the_same_fingerprint(mark, one, other):
    assert fingerprint(b"secret", mark, one) == fingerprint(b"secret", mark, other)


@pytest.mark.parametrize(
    ("mark", "one", "other"),
    [
        (Mark.PHONE, "+44 20 7946 0958", "+44 20 7946 0959"),
        (Mark.EMAIL, "ana@example.org", "anna@example.org"),
        (Mark.NAME, "Ana Silva", "Ana Silveira"),
        (Mark.HANDLE, "Plum Raven 1", "Raven Plum 1"),
    ],
)
def test_another_value_has_another_fingerprint(mark, one, other):
    assert fingerprint(b"secret", mark, one) != fingerprint(b"secret", mark, other)


def test_a_fingerprint_depends_on_the_secret_and_on_the_mark():
    found = {
        fingerprint(secret, mark, "ana silva") for secret in (b"one", b"other") for mark in (Mark.NAME, Mark.HANDLE)
    }

    assert len(found) == 4


@pytest.mark.parametrize(
    ("value", "marks"),
    [
        ("ana@example.org", (Mark.EMAIL,)),
        ("+44 20 7946 0958", (Mark.PHONE,)),
        ("Ana Silva", (Mark.HANDLE, Mark.NAME)),
        ("Plum Raven 123456", (Mark.HANDLE, Mark.NAME)),
        ("12 34", (Mark.HANDLE, Mark.NAME)),
    ],
)
def test_what_a_value_means_is_read_from_its_form(value, marks):
    assert marks_of(value) == marks


@pytest.mark.parametrize(("mark", "value"), [(Mark.PHONE, "12 34"), (Mark.NAME, " -,"), (Mark.HANDLE, "  ")])
def test_nothing_is_left_of_a_value_that_says_nothing(mark, value):
    assert not normal(mark, value)
