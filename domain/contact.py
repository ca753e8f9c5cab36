"""How a person can be reached, as they gave it: for the other side of a match once both accepted, and nobody else."""

import re
import unicodedata
from typing import Final

import msgspec

from domain.errors import InvalidValue

LONGEST_NAME: Final = 100
LONGEST_EMAIL: Final = 254  # RFC 5321, section 4.5.3.1.3, without the angle brackets
FEWEST_DIGITS, MOST_DIGITS = 5, 15  # ITU-T E.164 allows 15

NAME_EXPECTED: Final = f"a name on a single line, of at most {LONGEST_NAME} characters"
PHONE_EXPECTED: Final = (
    f"a phone number of {FEWEST_DIGITS} to {MOST_DIGITS} digits such as +44 7700 900123, with nothing but spaces, "
    "hyphens, dots and brackets between them"
)
EMAIL_EXPECTED: Final = "an e-mail address such as somebody@example.org"

_PHONE: Final = re.compile(r"\+?\(?[0-9][0-9 ()./-]*")
_WORD: Final = r"""[^\s@<>()\[\]\\,;:"]"""
_EMAIL: Final = re.compile(rf"(?![=+-]){_WORD}+@{_WORD}+\.{_WORD}+")
_SAYS_A_FORMULA: Final = "=+-@"
_NOT_WRITING: Final = {"Cc", "Cs", "Zl", "Zp"}
_TURNS_THE_LINE: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class ContactDetails(msgspec.Struct, frozen=True, kw_only=True):
    """What there is of name, phone number and e-mail address."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None

    @classmethod
    def read(cls, *, name: str = "", phone: str = "", email: str = "") -> "ContactDetails":
        """Read what somebody typed in; what is blank is not there. Raises `InvalidValue`, which repeats nothing."""
        return cls(
            name=full_name(name) if name.strip() else None,
            phone=phone_number(phone) if phone.strip() else None,
            email=email_address(email) if email.strip() else None,
        )

    def or_else(self, known: "ContactDetails") -> "ContactDetails":
        """Give these details, and where there are none what was known before."""
        return ContactDetails(
            name=self.name or known.name, phone=self.phone or known.phone, email=self.email or known.email
        )


def full_name(text: str) -> str:
    """Read a name that no spreadsheet would take for a formula, without the space around it."""
    text = unicodedata.normalize("NFC", text.strip())
    if not 1 <= len(text) <= LONGEST_NAME or text[0] in _SAYS_A_FORMULA or not all(map(_is_writing, text)):
        raise InvalidValue(f"This needs {NAME_EXPECTED}.")
    return text


def phone_number(text: str) -> str:
    """Read a phone number as people write it; it is kept as it is written."""
    text = " ".join(text.split())
    digits = sum(character.isdigit() for character in text)
    if _PHONE.fullmatch(text) is None or not FEWEST_DIGITS <= digits <= MOST_DIGITS:
        raise InvalidValue(f"This needs {PHONE_EXPECTED}.")
    return text


def email_address(text: str) -> str:
    """Read one e-mail address, without a name beside it. Whether it reaches anybody only a message shows."""
    text = unicodedata.normalize("NFC", text.strip())
    if len(text) > LONGEST_EMAIL or _EMAIL.fullmatch(text) is None or not all(map(_is_writing, text)):
        raise InvalidValue(f"This needs {EMAIL_EXPECTED}.")
    return text


def _is_writing(character: str) -> bool:
    return unicodedata.category(character) not in _NOT_WRITING and character not in _TURNS_THE_LINE
