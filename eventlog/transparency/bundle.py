"""The bundle that an auditor takes away: a file with a checkpoint and every event that it covers, for `verify.py`."""

import base64
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import msgspec

from eventlog.files import whole_file
from eventlog.record import Record
from eventlog.transparency.checkpoint import Checkpoint
from eventlog.transparency.leaf import canonical, leaf_of
from eventlog.transparency.note import split_note


class Header(msgspec.Struct, frozen=True):
    """The first line of a bundle: the signed note of a checkpoint."""

    checkpoint: str


class Line(msgspec.Struct, frozen=True):
    """Any other line: a leaf and the stored state beside it, base64 or null if withheld, in order of the names."""

    event_id: str
    position: int
    recorded_at: str
    state: str | None
    state_sha256: str
    stream: str
    topic: str
    version: int


def write_bundle(path: Path, note: str, records: Iterable[Record], *, with_states: bool = True) -> int:
    """Write a checkpoint and the records from position 1 on that it covers; give how many lines of events it has.

    The file is there whole or not at all, and takes bounded memory. What the log holds is written as it is: whether
    that is what was sealed is for the verifier to say.
    """
    size = Checkpoint.parse(split_note(note)[0]).size
    written = 0
    with whole_file(path) as file:
        file.write(header_line(note))
        for record in islice(records, size):
            file.write(event_line(record, with_state=with_states))
            written += 1
    return written


def header_line(note: str) -> bytes:
    """Give the first line."""
    return canonical(Header(note)) + b"\n"


def event_line(record: Record, *, with_state: bool = True) -> bytes:
    """Give the line of an event."""
    state = base64.b64encode(record.state).decode() if with_state else None
    return canonical(Line(state=state, **msgspec.structs.asdict(leaf_of(record)))) + b"\n"
