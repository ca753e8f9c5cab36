"""Giving people their receipts."""

from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from api.receipts.contents import Receipt, receipts_of
from api.receipts.link import path_for
from api.receipts.signing import document
from api.service import Service
from domain.consent import ConsentLedger
from domain.errors import UnknownReceipt
from domain.notice import Notice, Version
from domain.purposes import Purpose
from eventlog.transparency.note import Signer


@dataclass(frozen=True)
class Receipts:
    """All receipts of one person, the newest first; `signer` signs them, if there is a key."""

    service: Service
    signer: Signer | None
    ledger: ConsentLedger
    all: list[Receipt]

    @classmethod
    def of(cls, service: Service, signer: Signer | None, person: UUID) -> Self:
        """Read a person's receipts from their ledger."""
        entries = service.alongside.ledger_entries(person)
        ledger = service.alongside.ledger_of(person, entries)
        return cls(service, signer, ledger, receipts_of(ledger, entries))

    def at(self, version: int) -> Receipt:
        """Give the receipt of the change at a version of the ledger. Raises `UnknownReceipt`."""
        found = next((receipt for receipt in self.all if receipt.version == version), None)
        if found is None:
            raise UnknownReceipt("There is no such receipt.")
        return found

    def latest(self, purpose: Purpose) -> Receipt | None:
        """Give the newest receipt about a purpose."""
        return next((receipt for receipt in self.all if receipt.purpose == purpose), None)

    def way_back(self, receipt: Receipt) -> str | None:
        """Give the path that takes a consent back, none for what is no consent."""
        return path_for(self.service.keys, self.ledger, receipt.version) if receipt.is_given else None

    def document(self, receipt: Receipt) -> dict[str, Any]:
        """Give a receipt as the JSON that people keep."""
        return document(receipt.facts(self.way_back(receipt)), self.signer)

    def wording(self, receipt: Receipt) -> Version | None:
        """Give the text that was answered, if it was recorded which."""
        read = receipt.wording
        if read is None:
            return None
        return self.service.alongside.load(Notice, read.notice).version_of(read.version)
