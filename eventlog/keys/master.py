"""The keys that wrap the keys of people. They are kept outside every database."""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from typing import Self
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12


class InvalidMasterKeys(Exception):
    """The text does not hold master keys."""


class MasterKeys:
    """One or more master keys of 256 bits: the first wraps, all unwrap, so that a new one can be put in front.

    A wrapped key is AES-256-GCM (NIST SP 800-38D) over the key, nonce first, bound to the person it is for.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = {name_of(key): key for key in keys}
        self.first = name_of(keys[0])

    def __contains__(self, name: object) -> bool:
        """Say whether a master key of this name is here."""
        return name in self._keys

    @property
    def others(self) -> Sequence[str]:
        """The names of all but the first."""
        return [name for name in self._keys if name != self.first]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read base64 keys, one a line; empty lines and those that begin with # are left out."""
        lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
        keys = [_key(number, line) for number, line in lines if line and not line.startswith("#")]
        if not keys:
            raise InvalidMasterKeys("There is no master key: expected 32 bytes in base64, one key a line.")
        return cls(keys)

    @classmethod
    def random(cls) -> Self:
        """Make one that nobody knows."""
        return cls([secrets.token_bytes(KEY_BYTES)])

    def text(self) -> str:
        """Give what `parse` reads."""
        return "".join(f"{base64.b64encode(key).decode()}\n" for key in self._keys.values())

    def rotated(self) -> Self:
        """Give these with a new one in front."""
        return type(self)([secrets.token_bytes(KEY_BYTES), *self._keys.values()])

    def only_first(self) -> Self:
        """Give the one that wraps, without those it replaced."""
        return type(self)([self._keys[self.first]])

    def wrap(self, person: UUID, key: bytes) -> bytes:
        """Wrap a person's key under the first master key."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self._keys[self.first]).encrypt(nonce, key, person.bytes)

    def unwrap(self, person: UUID, master: str, wrapped: bytes) -> bytes:
        """Give a person's key. Raises `KeyError` for a master key that is not here, `InvalidTag` for a wrong one."""
        return AESGCM(self._keys[master]).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], person.bytes)


def name_of(key: bytes) -> str:
    """Give the name of a master key, from which nothing about it can be learnt."""
    return hashlib.sha256(b"alongside master key" + key).hexdigest()[:16]


def _key(number: int, line: str) -> bytes:
    try:
        key = base64.b64decode(line, validate=True)
    except ValueError:  # binascii.Error, or letters beyond ASCII
        key = b""
    if len(key) != KEY_BYTES:
        raise InvalidMasterKeys(f"Line {number} of the master keys is not a key: expected 32 bytes in base64.")
    return key
