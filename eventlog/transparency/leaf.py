"""What the transparency log says of one event: the canonical JSON (RFC 8785) that its leaf is the hash of."""

import hashlib
from collections.abc import Iterable
from datetime import UTC
from typing import Final

import msgspec

from eventlog.record import Record
from eventlog.transparency.merkle import CompactRange, hash_leaf

LARGEST_INTEGER: Final = 2**53 - 1
"""RFC 8785 writes numbers as IEEE 754 doubles: whole numbers are exact up to here."""

_ENCODER: Final = msgspec.json.Encoder()


class Leaf(msgspec.Struct, frozen=True):
    """The fields of a leaf. They stand in the order of their names, so encoding them gives the canonical form."""

    event_id: str
    position: int
    recorded_at: str
    state_sha256: str
    stream: str
    topic: str
    version: int


def leaf_of(record: Record) -> Leaf:
    """Give the leaf of a stored event. Raises ValueError where its canonical form would not be plain ASCII."""
    if not (record.topic.isascii() and record.topic.isprintable()):
        raise ValueError(f"The topic at position {record.position} is not printable ASCII.")
    if max(record.position, record.version) > LARGEST_INTEGER:
        raise ValueError("Positions and versions go up to 2**53 - 1.")
    at = record.recorded_at.astimezone(UTC).isoformat(timespec="microseconds")
    return Leaf(
        event_id=str(record.event_id),
        position=record.position,
        recorded_at=at.removesuffix("+00:00") + "Z",
        state_sha256=hashlib.sha256(record.state).hexdigest(),
        stream=str(record.stream),
        topic=record.topic,
        version=record.version,
    )


def canonical(leaf: msgspec.Struct) -> bytes:
    """Give the canonical JSON of a leaf, or of another structure whose fields stand in the order of their names."""
    return _ENCODER.encode(leaf)


def leaf_hash(record: Record) -> bytes:
    """Give the leaf hash of a stored event."""
    return hash_leaf(canonical(leaf_of(record)))


def root_of(records: Iterable[Record]) -> bytes:
    """Give the root of the tree over records in the order of their positions, in bounded memory."""
    tree = CompactRange()
    for record in records:
        tree.append(leaf_hash(record))
    return tree.root()
