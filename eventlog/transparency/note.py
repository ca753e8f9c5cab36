"""Signed notes (C2SP signed-note) with Ed25519, and keys written as golang.org/x/mod/sumdb/note writes them.

A note is a text that ends in a newline, an empty line, and a line for each signature. A verifier's key is written
`name+id+base64`, a signer's `PRIVATE+KEY+name+id+base64`; the encoded bytes begin with the kind of signature.
"""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

NOTE: Final = 1
"""The kind of signature that a log makes: over the text of the note."""
COSIGNATURE: Final = 4
"""The kind that a witness makes: over the time as well (C2SP tlog-cosignature)."""

LONGEST_NOTE: Final = 100_000
"""Characters of a note that is read at all."""

_UNNAMED: Final = {NOTE: "alongside", COSIGNATURE: "witness"}
_PRIVATE: Final = "PRIVATE+KEY+"
_KEY_BYTES: Final = 32
_ID_BYTES: Final = 4
_MARK: Final = "\N{EM DASH} "


class InvalidKey(Exception):
    """A key is not written as keys are; the message never repeats it."""


class NoteRefused(Exception):
    """A note is not written as notes are, or no key that is trusted has signed it."""


@dataclass(frozen=True)
class Signature:
    """A line under a note: whose it is, and the bytes that were signed with."""

    name: str
    key_id: bytes
    signature: bytes

    def line(self) -> str:
        """Give the line as it stands in a note."""
        return f"{_MARK}{self.name} {base64.b64encode(self.key_id + self.signature).decode()}\n"


@dataclass(frozen=True)
class Verifier:
    """A public key under a name; `kind` says which signatures it verifies."""

    name: str
    public: Ed25519PublicKey
    kind: int = NOTE

    @classmethod
    def parse(cls, text: str, kind: int = NOTE) -> Self:
        """Read a verifier's key of a kind. Raises `InvalidKey`."""
        name, key_id, encoded = _split_key(text)
        key = cls(name, Ed25519PublicKey.from_public_bytes(_key_bytes(encoded, kind)), kind)
        if key.key_id.hex() != key_id:
            raise InvalidKey("The key's id does not belong to its name and bytes.")
        return key

    @property
    def key_id(self) -> bytes:
        """What leads from a signature to its key: the start of a hash over name, kind and key."""
        return hashlib.sha256(f"{self.name}\n".encode() + self._encoded()).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        """Give the key as it is handed to others."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(self._encoded()).decode()}"

    def signed(self, signature: Signature) -> bool:
        """Whether a signature claims to be of this key."""
        return (signature.name, signature.key_id) == (self.name, self.key_id)

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Whether Ed25519 accepts the signature of a message."""
        try:
            self.public.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def _encoded(self) -> bytes:
        return bytes([self.kind]) + self.public.public_bytes_raw()


@dataclass(frozen=True)
class Signer:
    """A private key under a name. Neither `repr` nor an error shows it."""

    name: str
    private: Ed25519PrivateKey
    kind: int = NOTE

    def __post_init__(self) -> None:
        """Refuse a name that a note cannot hold."""
        _refuse_odd_name(self.name)

    @classmethod
    def make(cls, name: str | None = None, kind: int = NOTE) -> Self:
        """Make a new key; without a name, it is called after its own public half."""
        private = Ed25519PrivateKey.generate()
        unnamed = f"{_UNNAMED[kind]}/{private.public_key().public_bytes_raw().hex()[:16]}"
        return cls(name or unnamed, private, kind)

    @classmethod
    def parse(cls, text: str, kind: int = NOTE) -> Self:
        """Read a signer's key of a kind. Raises `InvalidKey`."""
        if not text.startswith(_PRIVATE):
            raise InvalidKey(f"A signing key begins with {_PRIVATE.rstrip('+')}.")
        name, key_id, encoded = _split_key(text.removeprefix(_PRIVATE))
        key = cls(name, Ed25519PrivateKey.from_private_bytes(_key_bytes(encoded, kind)), kind)
        if key.verifier.key_id.hex() != key_id:
            raise InvalidKey("The key's id does not belong to its name and bytes.")
        return key

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, self.private.public_key(), self.kind)

    def secret(self) -> str:
        """Give the key as it is kept."""
        encoded = base64.b64encode(bytes([self.kind]) + self.private.private_bytes_raw()).decode()
        return f"{_PRIVATE}{self.name}+{self.verifier.key_id.hex()}+{encoded}"

    def sign(self, message: bytes, *, before: bytes = b"") -> Signature:
        """Sign a message; some kinds of signature carry other bytes before what Ed25519 gives."""
        return Signature(self.name, self.verifier.key_id, before + self.private.sign(message))


def signed_note(text: str, signer: Signer) -> str:
    """Give a text as a note with one signature."""
    assert text.endswith("\n"), "the text of a note ends in a newline"
    return f"{text}\n{signer.sign(text.encode()).line()}"


def split_note(note: str) -> tuple[str, Sequence[Signature]]:
    """Give the text of a note and its signatures, none of them verified. Raises `NoteRefused`."""
    if len(note) > LONGEST_NOTE or any(sign < " " and sign != "\n" for sign in note):
        raise NoteRefused("This is too long or too odd for a signed note.")
    text, separator, lines = note.rpartition("\n\n")
    if not (separator and lines.endswith("\n")):
        raise NoteRefused("A signed note is a text, an empty line, and signatures.")
    return text + "\n", [_signature(line) for line in lines[:-1].split("\n")]


def open_note(note: str, trusted: Sequence[Verifier]) -> str:
    """Give the text of a note that a trusted key signed, and none of them falsely. Raises `NoteRefused`."""
    text, signatures = split_note(note)
    claims = [(key, each) for each in signatures for key in trusted if key.signed(each)]
    if not claims:
        raise NoteRefused("None of the keys given has signed this note.")
    if not all(key.verifies(text.encode(), each.signature) for key, each in claims):
        raise NoteRefused("A signature of this note is false.")
    return text


def _signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(_MARK).partition(" ")
    decoded = _decode(encoded)
    if not (line.startswith(_MARK) and name and decoded and len(decoded) > _ID_BYTES):
        raise NoteRefused("A signature is a dash, a name and base64.")
    return Signature(name, decoded[:_ID_BYTES], decoded[_ID_BYTES:])


def _split_key(text: str) -> tuple[str, str, str]:
    name, _, rest = text.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    _refuse_odd_name(name)
    return name, key_id, encoded


def _refuse_odd_name(name: str) -> None:
    if not name or "+" in name or any(sign.isspace() or not sign.isprintable() for sign in name):
        raise InvalidKey("A key's name has neither spaces nor plus signs, and is not empty.")


def _key_bytes(encoded: str, kind: int) -> bytes:
    decoded = _decode(encoded) or b""
    if len(decoded) != 1 + _KEY_BYTES or decoded[0] != kind:
        raise InvalidKey(f"A key is written name+id+base64, with {_KEY_BYTES} bytes of Ed25519 of kind {kind}.")
    return decoded[1:]


def _decode(encoded: str) -> bytes | None:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
