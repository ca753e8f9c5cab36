"""Naming whoever else is in a file by a handle that holds for that file alone.

A handle is HMAC-SHA256 (RFC 2104) of an identifier under the salt of the file, which the file carries. So whoever knows
an identifier finds it in the file, and nobody reads one out of it or joins two files by it. Whoever has a list of
identifiers can try them: a handle hides nothing from them.
"""

import hashlib
import hmac
import secrets
from typing import Any, Final

from api.exchange import codes

_SALT_BYTES: Final = 16
_SYSTEMS: Final = {codes.PERSONS, codes.NAMES, codes.ACCOUNTS}
_EXTENSIONS: Final = {codes.MATCH: "valueId", codes.ALSO_NAMED: "valueString", codes.NOT_FOR: "valueString"}


def new_salt() -> str:
    """Draw a salt for one file, in hexadecimal digits."""
    return secrets.token_hex(_SALT_BYTES)


def handle(salt: str, identifier: str) -> str:
    """Give the handle of an identifier in the file of a salt, as 64 hexadecimal digits."""
    return hmac.new(bytes.fromhex(salt), identifier.encode(), hashlib.sha256).hexdigest()


def with_handles(node: Any, salt: str, subject: str) -> Any:
    """Give a part of a FHIR resource, with handles for everybody in it but the person whom it is about.

    It is done to what has been written, wherever it stands, so that nothing that is written can forget it.
    """
    if isinstance(node, list):
        return [with_handles(each, salt, subject) for each in node]
    if not isinstance(node, dict):
        return node
    value = "value" if node.get("system") in _SYSTEMS else _EXTENSIONS.get(node.get("url", ""))
    if value in node and node[value] != subject:
        return node | {value: handle(salt, node[value])}
    return {name: with_handles(each, salt, subject) for name, each in node.items()}
