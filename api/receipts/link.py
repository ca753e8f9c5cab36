"""The link on a receipt: whoever holds it can take that one consent back, and learns nothing by it.

A code is the id of a ledger, the version that gave the consent, and a MAC (HMAC-SHA256, RFC 2104, its first half) under
a secret of the person's own. Nobody can make one up, and once the person is erased every one is void.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from typing import Final
from uuid import UUID

from api.service import Service
from domain.consent import ConsentLedger
from domain.consent.lineage import given_at
from domain.errors import PersonErased, UnknownReceipt
from domain.registry import AGGREGATE_OF
from eventlog.keys import KeyVault

LABEL: Final = "receipt-link"

_ID_BYTES: Final = 16
_VERSION_BYTES: Final = 4
_MAC_BYTES: Final = 16


def code_for(keys: KeyVault, ledger: ConsentLedger, version: int) -> str:
    """Give the code that takes back the consent given at a version of a ledger. Raises `PersonErased`."""
    named = ledger.id.bytes + version.to_bytes(_VERSION_BYTES, "big")
    mac = hmac.digest(keys.derive(ledger.person_id, LABEL), named, hashlib.sha256)[:_MAC_BYTES]
    return urlsafe_b64encode(named + mac).decode()


def path_for(keys: KeyVault, ledger: ConsentLedger, version: int) -> str:
    """Give the path of the page that takes a consent back."""
    return f"/r/{code_for(keys, ledger, version)}"


def opened(service: Service, code: str) -> tuple[ConsentLedger, int]:
    """Give the ledger and the version that a code is for.

    Raises `UnknownReceipt`, in the same words whatever is wrong with it.
    """
    found = _opened(service, code)
    if found is None:
        raise UnknownReceipt("There is nothing at this address. Links have to be copied whole.")
    return found


def _opened(service: Service, code: str) -> tuple[ConsentLedger, int] | None:
    named = _decoded(code)[: _ID_BYTES + _VERSION_BYTES]
    if len(named) != _ID_BYTES + _VERSION_BYTES:
        return None
    identifier, version = UUID(bytes=named[:_ID_BYTES]), int.from_bytes(named[_ID_BYTES:], "big")
    entries = service.alongside.log.stream(identifier)
    if not entries or AGGREGATE_OF[type(entries[0].event)] is not ConsentLedger:
        return None
    ledger = service.alongside.ledger_of(entries[0].event.person_id, entries)  # type: ignore[attr-defined]
    if ledger.is_erased or given_at(ledger, version) is None:
        return None
    with suppress(PersonErased):
        if hmac.compare_digest(code_for(service.keys, ledger, version).encode(), code.encode()):
            return ledger, version
    return None


def _decoded(code: str) -> bytes:
    try:
        return urlsafe_b64decode(code)
    except ValueError:
        return b""
