"""One hash that stands for everything stored: the root of the Merkle tree over the events (RFC 9162, section 2.1)."""

import hashlib
from collections.abc import Iterable
from datetime import UTC
from typing import Final

import msgspec

from eventlog.record import Record

_ENCODER: Final = msgspec.json.Encoder()


class _Leaf(msgspec.Struct, frozen=True):
    """Fields in the order of their names and plain ASCII, so that their JSON is the canonical one (RFC 8785)."""

    event_id: str
    position: int
    recorded_at: str
    state_sha256: str
    stream: str
    topic: str
    version: int


def root_of(records: Iterable[Record]) -> bytes:
    """Give the root over records in the order of their positions, 32 bytes; that of none is the hash of nothing.

    Only the roots of complete subtrees are kept, one for each bit of the number of records.
    """
    subtrees: list[bytes] = []
    for count, record in enumerate(records):
        node, size = hashlib.sha256(b"\x00" + _ENCODER.encode(_leaf(record))).digest(), count
        while size & 1:
            node, size = _join(subtrees.pop(), node), size >> 1
        subtrees.append(node)
    if not subtrees:
        return hashlib.sha256(b"").digest()
    root = subtrees.pop()
    while subtrees:
        root = _join(subtrees.pop(), root)
    return root


def _join(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _leaf(record: Record) -> _Leaf:
    at = record.recorded_at.astimezone(UTC).isoformat(timespec="microseconds")
    return _Leaf(
        event_id=str(record.event_id),
        position=record.position,
        recorded_at=at.removesuffix("+00:00") + "Z",
        state_sha256=hashlib.sha256(record.state).hexdigest(),
        stream=str(record.stream),
        topic=record.topic,
        version=record.version,
    )
