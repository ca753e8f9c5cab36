"""Where does the log prove that an event stands in it? An inclusion proof against the newest checkpoint."""

from base64 import b64encode
from dataclasses import dataclass

from sqlalchemy import Engine

from eventlog.transparency import storage
from eventlog.transparency.checkpoint import Checkpoint
from eventlog.transparency.leaf import canonical, leaf_of
from eventlog.transparency.merkle import inclusion_proof
from eventlog.transparency.note import split_note
from eventlog.transparency.reading import read_record


@dataclass(frozen=True)
class Proof:
    """What proves an event (RFC 9162, 2.1.3): its leaf as it is hashed, the hashes to the root, the checkpoint."""

    index: int
    leaf: str
    hashes: list[str]
    checkpoint: str


def proof_of(engine: Engine, position: int) -> Proof | None:
    """Prove the event at a position; none if the newest checkpoint does not cover it yet."""
    with engine.connect() as connection:
        note = storage.newest_note(connection)
        if note is None or (size := Checkpoint.parse(split_note(note)[0]).size) < position:
            return None
        hashes = inclusion_proof(position - 1, size, storage.stored_nodes(connection))
        record = read_record(connection, position)
    return Proof(
        index=position - 1,
        leaf=canonical(leaf_of(record)).decode(),
        hashes=[b64encode(each).decode() for each in hashes],
        checkpoint=note,
    )
