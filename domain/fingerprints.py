"""Knowing somebody again by a name, a handle, a number or an address, without keeping it.

A fingerprint is HMAC-SHA256 (RFC 2104) under a secret of the programme, over the value as it is written when small
differences are taken away. Nobody without the secret can try out values; nobody with it can read one back.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum
from typing import Final
from uuid import UUID

FEWEST_DIGITS: Final = 6
COUNTED_DIGITS: Final = 8  # Denmark's and Singapore's numbers have no more

_APOSTROPHES: Final = re.compile("['`\u2019\u02bc]")

FingerprintKey = Callable[[UUID], bytes]
"""Gives the secret of a programme."""


class Mark(StrEnum):
    """What a person may be known again by."""

    HANDLE = "handle"
    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"


def fingerprint(secret: bytes, mark: Mark, value: str) -> str:
    """Give the fingerprint of a value, as 64 hexadecimal digits."""
    return hmac.new(secret, f"{mark}:{normal(mark, value)}".encode(), hashlib.sha256).hexdigest()


def marks_of(value: str) -> tuple[Mark, ...]:
    """Say what a person may mean by a value that they typed: words are a handle, or a name."""
    if "@" in value:
        return (Mark.EMAIL,)
    is_number = len(_digits(value)) >= FEWEST_DIGITS and not any(map(str.isalpha, value))
    return (Mark.PHONE,) if is_number else (Mark.HANDLE, Mark.NAME)


def normal(mark: Mark, value: str) -> str:
    """Write a value without what people write in one way or another, empty if nothing is left of it.

    That is case, accents and spaces; in names also marks and the order of words. Of a phone number the last eight
    digits count: with and without the country's code it is the same number.
    """
    if mark is Mark.PHONE:
        digits = _digits(value)
        return digits[-COUNTED_DIGITS:] if len(digits) >= FEWEST_DIGITS else ""
    plain = "".join(
        character
        for character in unicodedata.normalize("NFKD", value).casefold()
        if not unicodedata.combining(character)
    )
    if mark is Mark.NAME:
        words = "".join(character if character.isalnum() else " " for character in _APOSTROPHES.sub("", plain))
        return " ".join(sorted(words.split()))
    return "".join(plain.split()) if mark is Mark.EMAIL else " ".join(plain.split())


def _digits(value: str) -> str:
    return "".join(str(unicodedata.decimal(character)) for character in value if character.isdecimal())


def no_key(programme: UUID) -> bytes:
    """Stand in for the secret where a process has no keys."""
    raise RuntimeError(f"this process has no keys, so it knows nobody of programme {programme} by fingerprint")
