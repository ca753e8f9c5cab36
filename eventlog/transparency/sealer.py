"""Seals what was appended: new leaves into the tree, a signed checkpoint of it, and the checkpoint to its places."""

import time
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Final

from sqlalchemy import Connection, Engine

from eventlog.record import Record
from eventlog.transparency import storage
from eventlog.transparency.checkpoint import Checkpoint, open_checkpoint
from eventlog.transparency.leaf import leaf_hash
from eventlog.transparency.merkle import root
from eventlog.transparency.note import NoteRefused, Signer, Verifier, signed_note, split_note
from eventlog.transparency.publishing import Publication, Published, Publisher, PublishingFailed, Report
from eventlog.transparency.tiles import GrowingTiles, TreeDamaged, nodes

BATCH: Final = 5_000

ReadAfter = Callable[[int], Iterable[Record]]
"""Give the committed records after a position, in order."""


class LogDamaged(Exception):
    """The log lacks a position, or what was sealed is no longer what a checkpoint was signed for: nothing is signed."""


class Sealer:
    """Keeps the tree of one log up to date. Any number of processes may: they take turns, a transaction each.

    Before it signs, it makes sure that the stored tree continues the newest checkpoint, which a key that it trusts must
    have signed, and those that are kept outside; so with one kept outside, nobody who can write to the database alone
    gets another history signed.
    """

    def __init__(
        self,
        engine: Engine,
        read_after: ReadAfter,
        signer: Signer,
        publishers: Sequence[Publisher] = (),
        *,
        kept: Callable[[], Sequence[str]] = tuple,
        former: Sequence[Verifier] = (),
        report: Report = lambda _, __: None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take what to seal with; `kept` gives checkpoints from outside the database, `former` are keys of before."""
        self._engine = engine
        self._read_after = read_after
        self._signer = signer
        self._kept = kept
        self._trusted = [signer.verifier, *former]
        self._report = report
        self._publications = [Publication(publisher) for publisher in publishers]
        self._monotonic = monotonic

    @property
    def verifier(self) -> Verifier:
        """The public key under which checkpoints are verified."""
        return self._signer.verifier

    def seal(self) -> Checkpoint | None:
        """Seal what is new and publish; give the newest checkpoint if this call made it, none if nothing was new.

        Raises `LogDamaged`. A publisher that fails is reported, and tried again in a later call.
        """
        sealed, count = None, BATCH
        while count == BATCH:  # not until nothing is new: a busy log would never come to be published
            step, count = self._step()
            sealed = step or sealed
        self._publish()
        return sealed

    def newest(self, upto: int | None = None) -> str | None:
        """Give the newest checkpoint (of at most so many events) as a note, with the cosignatures it has got so far."""
        with self._engine.connect() as connection:
            return storage.newest_note(connection, upto)

    def _step(self) -> tuple[Checkpoint | None, int]:
        """Seal one batch; give its checkpoint and how many events it had.

        It is read before the turn is taken: if another process sealed meanwhile, it is read anew.
        """
        while True:
            with self._engine.connect() as connection:
                size = storage.size(connection)
            records = self._read(size)
            if not records:
                return None, 0
            with self._engine.begin() as connection:
                storage.lock(connection, storage.SEALING)
                if storage.size(connection) == size:
                    return self._grow(connection, records), len(records)

    def _read(self, size: int) -> Sequence[Record]:
        records = list(islice(self._read_after(size), BATCH))
        for position, record in enumerate(records, start=size + 1):
            if record.position != position:
                raise LogDamaged(f"The log has position {record.position} where {position} belongs: nothing is signed.")
        return records

    def _grow(self, connection: Connection, records: Sequence[Record]) -> Checkpoint:
        try:
            tree = self._trusted_tree(connection)
        except (TreeDamaged, NoteRefused) as damage:
            raise LogDamaged(f"The tree is not the one that was sealed, so nothing is signed. {damage}") from damage
        for record in records:
            tree.append(leaf_hash(record))
        checkpoint = Checkpoint(self._signer.name, tree.size, tree.root())
        storage.store(connection, tree.changed(), checkpoint.size, signed_note(checkpoint.text(), self._signer))
        return checkpoint

    def _trusted_tree(self, connection: Connection) -> GrowingTiles:
        """Give the stored tree, if it agrees with its own newest checkpoint and with those that are kept outside."""
        size, read = storage.size(connection), storage.tile_reader(connection)
        newest = storage.newest_note(connection)
        for note in [*self._kept(), *([] if newest is None else [newest])]:
            checkpoint = open_checkpoint(note, self._trusted)
            if checkpoint.origin != self._signer.name:
                raise TreeDamaged(f"A checkpoint is of {checkpoint.origin}, and this log is {self._signer.name}.")
            if checkpoint.size > size:
                raise TreeDamaged(f"A checkpoint has {checkpoint.size} events, and only {size} are left of them.")
            if checkpoint.root != root(checkpoint.size, nodes(read)):
                raise TreeDamaged(f"A checkpoint of {checkpoint.size} events was signed for others.")
        return GrowingTiles(size, read)

    def _publish(self) -> None:
        """Give the newest checkpoint to the publishers that do not have it, one process at a time."""
        note, now = self.newest(), self._monotonic()
        if note is None or not any(each.is_due(note, now) for each in self._publications):
            return
        with self._engine.begin() as connection:
            storage.lock(connection, storage.PUBLISHING)
            for publication in self._publications:
                note = storage.newest_note(connection)
                assert note is not None, "checkpoints are never removed"
                if publication.is_due(note, now):
                    self._publish_to(publication, note, connection)

    def _publish_to(self, publication: Publication, note: str, connection: Connection) -> None:
        try:
            lines = publication.publisher.publish(Published(note, storage.tile_reader(connection)))
        except (PublishingFailed, TreeDamaged, OSError) as failure:
            publication.failed(self._monotonic())
            self._report(publication.publisher.name, failure)
            return
        for line in lines:
            storage.add_signature(connection, Checkpoint.parse(split_note(note)[0]).size, line)
        publication.took(note + "".join(lines))
