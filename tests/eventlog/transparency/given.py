"""Records as a log would give them, sealed in memory."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from eventlog.record import Record
from eventlog.transparency.bundle import event_line, header_line
from eventlog.transparency.checkpoint import Checkpoint
from eventlog.transparency.leaf import leaf_hash
from eventlog.transparency.merkle import CompactRange
from eventlog.transparency.note import Signer, signed_note

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SIGNER = Signer.make("alongside/test")


def a_record(position, state=None):
    return Record(
        position=position,
        stream=UUID(int=1 + position % 7),
        version=1 + position // 7,
        topic="member.matched",
        recorded_at=AT + timedelta(microseconds=position),
        event_id=UUID(int=10_000 + position),
        state=b'{"match":%d}' % position if state is None else state,
    )


def records(size):
    return [a_record(position) for position in range(1, size + 1)]


def root_of(some):
    tree = CompactRange()
    for record in some:
        tree.append(leaf_hash(record))
    return tree.root()


def a_note(some, signer=SIGNER):
    return signed_note(Checkpoint(signer.name, len(some), root_of(some)).text(), signer)


def a_bundle(some, signer=SIGNER, *, with_states=True):
    lines = [header_line(a_note(some, signer)), *(event_line(each, with_state=with_states) for each in some)]
    return b"".join(lines)
