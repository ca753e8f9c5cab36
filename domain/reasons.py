"""What a reason in somebody's own words may look like."""

import unicodedata
from typing import Final

from domain.errors import InvalidValue

LONGEST_REASON: Final = 500

_LAYOUT: Final = "\t\n\r"
_NOT_WRITING: Final = {"Cc", "Cs"}  # Unicode's control characters, and halves of a character that no UTF-8 can hold


def reason_as_written(text: str) -> str:
    """Give a reason without the space around it. Raises `InvalidValue` if it is empty, too long or no text."""
    reason = text.strip()
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise InvalidValue(f"A reason has 1 to {LONGEST_REASON} characters.")
    if not all(map(_is_writing, reason)):
        raise InvalidValue("A reason is text without control characters.")
    return reason


def _is_writing(character: str) -> bool:
    return character in _LAYOUT or unicodedata.category(character) not in _NOT_WRITING
