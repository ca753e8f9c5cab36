"""Which text do the bytes of a file stand for?"""

import unicodedata
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from typing import Final

import charset_normalizer

from api.roster.faults import UnreadableFile

# What spreadsheet programs write when nobody asked for UTF-8. The guess is held to these: left to itself it wanders off
# to mainframe code pages on the few foreign letters that a roster has.
_LATIN: Final = ("cp1252", "cp1250", "cp1254", "mac_roman")  # the likelier first
_LIKELY: Final = (
    *_LATIN,
    *("cp1251", "cp1253", "cp1255", "cp1256", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr"),
    *("utf_16", "utf_16_le", "utf_16_be", "utf_32"),
)
_WIDE: Final = ("utf_16", "utf_32")
# UTF-32's little-endian mark begins with UTF-16's, so it is looked for first.
_MARKS: Final = {
    BOM_UTF32_LE: "utf-32",
    BOM_UTF32_BE: "utf-32",
    BOM_UTF16_LE: "utf-16",
    BOM_UTF16_BE: "utf-16",
}
_SAMPLE_BYTES: Final = 16_384
_NO_TEXT: Final = "this is neither a CSV file nor an .xlsx or .ods workbook"


def decode(name: str, raw: bytes, encoding: str | None) -> str:
    """Give the text of the file called `name`: UTF-8 with or without its mark, unless `encoding` names another.

    Raises:
        UnreadableFile: the bytes are something else; the message says what they seem to be and how to go on.

    """
    text = _as_utf8(name, raw) if encoding is None else _as_told(name, raw, encoding)
    if "\0" in text:
        raise UnreadableFile(f"{name}: {_NO_TEXT}")
    return text


def _as_told(name: str, raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding).removeprefix("\ufeff")
    except LookupError:
        message = f"{name}: the encoding asked for is not known here; `cp1252` and `utf-16` are examples of known ones"
    except ValueError:
        message = f"{name}: its bytes do not fit the encoding asked for"
    raise UnreadableFile(message) from None


def _as_utf8(name: str, raw: bytes) -> str:
    marked = next((encoding for mark, encoding in _MARKS.items() if raw.startswith(mark)), None)
    if marked is not None:
        raise _not_utf8(name, [marked])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        guesses = _guesses(raw, error.start)
    else:
        if "\0" not in text:
            return text
        guesses = [guess for guess in _guesses(raw, 0) if guess.startswith(_WIDE)]
    # Out here the refusal has no context: the decoder's error would carry every byte of the file along.
    raise _not_utf8(name, guesses)


def _not_utf8(name: str, guesses: list[str]) -> UnreadableFile:
    if not guesses:
        return UnreadableFile(f"{name}: {_NO_TEXT}")
    return UnreadableFile(
        f"{name}: this is not UTF-8; it seems to be {_either(guesses)}. Save it as `CSV UTF-8`, "
        f"or pass `--encoding {guesses[0]}` and see that letters with accents come out right"
    )


def _either(names: list[str]) -> str:
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _guesses(raw: bytes, near: int) -> list[str]:
    """Name the likeliest encodings, at most three; `near` is where the bytes stop being UTF-8."""
    sample = raw[:_SAMPLE_BYTES] if near < _SAMPLE_BYTES else raw[near : near + _SAMPLE_BYTES]
    if 0 < sample.count(0) < len(sample) // 4:  # a stray NUL is damage; UTF-16 has one in nearly every other byte
        return []
    matches = charset_normalizer.from_bytes(sample, cp_isolation=list(_LIKELY))
    names = list(dict.fromkeys(name for match in matches for name in match.could_be_from_charset if name in _LIKELY))
    if names and names[0] in _LATIN:
        # A few accents hardly tell these apart: first the one that makes letters of most bytes, then the commoner.
        latin = sorted(_LATIN, key=lambda name: -_letters(sample, name))
        names = sorted(names, key=lambda name: latin.index(name) if name in latin else len(latin))
    return names[:3]


def _letters(sample: bytes, encoding: str) -> int:
    """Count the foreign characters that may stand in a name or a text, rather than `\u00b3` or `\u00af`."""
    foreign = filter(lambda letter: not letter.isascii(), sample.decode(encoding, "ignore"))
    return sum(unicodedata.category(letter)[0] in "LP" for letter in foreign)
