"""Signing a receipt with the log's key, and verifying one with nothing but the public half.

A receipt is a signed note (C2SP signed-note) of two lines: what it is, and its facts in canonical JSON. The first line
holds spaces, which the name of a log cannot, and the second is no number: so no receipt passes for a checkpoint, and no
checkpoint for a receipt.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

from eventlog.transparency.note import NoteRefused, Signer, Verifier, open_note, signed_note

FIRST_LINE: Final = "alongside consent receipt v1"

_CANONICAL: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Unsigned(NoteRefused):
    """A receipt was made where there was no key to sign it with."""


def text_of(facts: dict[str, Any]) -> str:
    """Give the text that is signed."""
    return f"{FIRST_LINE}\n{_CANONICAL.encode(facts)}\n"


def document(facts: dict[str, Any], signer: Signer | None) -> dict[str, Any]:
    """Give a receipt as JSON: its facts to read, and the note that proves them, none without a key."""
    note = None if signer is None else signed_note(text_of(facts), signer)
    return {"receipt": facts, "note": note, "key": None if signer is None else str(signer.verifier)}


def verified(text: str, trusted: Sequence[Verifier]) -> dict[str, Any]:
    """Give the facts of a receipt, as JSON or as the bare note, that a trusted key signed.

    The key that stands in the JSON is not looked at. Raises `NoteRefused`, and `ValueError` for what is no receipt.
    """
    if text.startswith(FIRST_LINE):
        return _opened(text, trusted)
    found = json.loads(text)
    if not isinstance(found, dict) or found.keys() != {"receipt", "note", "key"}:
        raise ValueError("This is not a receipt.")
    if found["note"] is None:
        raise Unsigned("This receipt is not signed: nobody can verify it.")
    facts = _opened(str(found["note"]), trusted)
    if facts != found["receipt"]:
        raise NoteRefused("What the receipt says is not what was signed.")
    return facts


def _opened(note: str, trusted: Sequence[Verifier]) -> dict[str, Any]:
    text = open_note(note, trusted)
    first, _, rest = text.partition("\n")
    if first != FIRST_LINE:
        raise NoteRefused("This key has signed it, but it is not a receipt.")
    facts = json.loads(rest)
    if not isinstance(facts, dict) or text_of(facts) != text:
        raise NoteRefused("The receipt is not in canonical JSON.")
    return facts
