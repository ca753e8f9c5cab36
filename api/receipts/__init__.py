"""Receipts: what a person holds in their hand of what they said, and of what became of it."""

from api.receipts.contents import Receipt
from api.receipts.giving import Receipts

__all__ = ["Receipt", "Receipts"]
