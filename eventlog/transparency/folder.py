"""A folder with the static files of a log (C2SP tlog-tiles), to be served as it is or carried to an object store."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from eventlog.files import write_whole
from eventlog.transparency.checkpoint import Checkpoint, open_checkpoint
from eventlog.transparency.merkle import HASH_BYTES, root
from eventlog.transparency.note import NoteRefused, Verifier, split_note
from eventlog.transparency.publishing import Published, PublishingFailed
from eventlog.transparency.tiles import WIDTH, Tile, tile_path, tiles_between

CHECKPOINT: Final = "checkpoint"
KEPT: Final = "checkpoints"
PUBLIC: Final = 0o644


@dataclass(frozen=True)
class Folder:
    """Publishes to a folder: `checkpoint`, `tile/...`, and each checkpoint again as `checkpoints/<size>`.

    Files appear whole, the checkpoint after the tiles that it needs. What was published is never taken back: a log that
    does not continue the checkpoint in the folder is refused.
    """

    path: Path
    trusted: Sequence[Verifier]

    @property
    def name(self) -> str:
        """What it is called where its failure is reported."""
        return f"the folder {self.path}"

    def kept(self) -> Sequence[str]:
        """Give the checkpoint that is in the folder, if there is one."""
        try:
            return [(self.path / CHECKPOINT).read_text("utf-8")]
        except FileNotFoundError:
            return []

    def publish(self, published: Published) -> Sequence[str]:
        """Write the tiles that are missing, then the checkpoint. Raises `PublishingFailed` or OSError."""
        checkpoint = Checkpoint.parse(split_note(published.note)[0])
        old_size = self._continued(checkpoint, published)
        for level, index, width in tiles_between(old_size, checkpoint.size):
            hashes = published.read(level, index)[: width * HASH_BYTES]
            self._write_tile(Tile(level, index, hashes))
        for place in (Path(KEPT, str(checkpoint.size)), Path(CHECKPOINT)):
            write_whole(self.path / place, published.note.encode(), mode=PUBLIC)
        return ()

    def _continued(self, checkpoint: Checkpoint, published: Published) -> int:
        """Give the size of what is in the folder, if the checkpoint continues it."""
        for note in self.kept():
            try:
                old = open_checkpoint(note, self.trusted)
            except NoteRefused as refusal:
                raise PublishingFailed(f"Its checkpoint is not one of this log. {refusal}") from refusal
            if old.size > checkpoint.size or old.origin != checkpoint.origin:
                raise PublishingFailed(
                    f"It has {old.size} events of {old.origin} already, and those are not in this log."
                )
            if old.root != root(old.size, published.node):
                raise PublishingFailed(f"The first {old.size} events of this log are not those that were published.")
            return old.size
        return 0

    def _write_tile(self, tile: Tile) -> None:
        write_whole(self.path / tile.path, tile.hashes, mode=PUBLIC)
        if tile.width == WIDTH:
            shutil.rmtree(self.path / f"{tile_path(tile.level, tile.index)}.p", ignore_errors=True)
