"""The tree cut into tiles of 256 hashes (C2SP tlog-tiles): where a hash lies, and how tiles grow.

Tiles of level 0 hold leaf hashes; each hash of a higher level is the root of a full tile below it. Only the last tile
of a level may be partial, and it only ever grows at its end.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from eventlog.transparency.merkle import HASH_BYTES, CompactRange, Node, hash_children

WIDTH: Final = 256
HEIGHT: Final = 8
"""Levels of the tree in a tile."""

ReadTile = Callable[[int, int], bytes]
"""Give the hashes of a tile, by level and index."""


class TreeDamaged(Exception):
    """The stored tree is not the one that was sealed."""


@dataclass(frozen=True)
class Tile:
    """A tile: `width` hashes one after another."""

    level: int
    index: int
    hashes: bytes

    @property
    def width(self) -> int:
        """How many hashes it holds, from 1 to 256."""
        return len(self.hashes) // HASH_BYTES

    @property
    def path(self) -> str:
        """Its place below the log's address: `tile/0/x001/067`, a partial one `tile/0/x001/067.p/12`."""
        return tile_path(self.level, self.index) + ("" if self.width == WIDTH else f".p/{self.width}")


def tile_path(level: int, index: int) -> str:
    """Give the place of a full tile; the index is written in groups of three digits, all but the last after an `x`."""
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03}")
    return "/".join(["tile", str(level), *groups])


def edge(size: int) -> Iterator[tuple[int, int, int]]:
    """Give level, index and width of the partial tiles of a tree, from the leaves up."""
    level = 0
    while size:
        if width := size % WIDTH:
            yield level, size // WIDTH, width
        level, size = level + 1, size // WIDTH


def tiles_between(old_size: int, size: int) -> Iterator[tuple[int, int, int]]:
    """Give level, index and width of all tiles of a tree that one of an older size does not have in full."""
    level = 0
    while size:
        for index in range(old_size // WIDTH, -(-size // WIDTH)):
            yield level, index, min(WIDTH, size - index * WIDTH)
        level, old_size, size = level + 1, old_size // WIDTH, size // WIDTH


def nodes(read: ReadTile) -> Node:
    """Give the hashes of complete subtrees from tiles."""

    def node(level: int, index: int) -> bytes:
        rows, within = divmod(level, HEIGHT)
        first = index << within
        hashes = read(rows, first // WIDTH)
        start = first % WIDTH * HASH_BYTES
        return _fold(_whole(hashes[start : start + (HASH_BYTES << within)], 1 << within, rows))

    return node


class GrowingTiles:
    """The right edge of a tree: takes leaf hashes, gives the tiles that changed and the root."""

    def __init__(self, size: int, read: ReadTile) -> None:
        self.size = size
        self._partial: list[bytearray] = []
        for level, index, width in edge(size):
            self._level(level).extend(_whole(read(level, index)[: width * HASH_BYTES], width, level))
        self._full: list[Tile] = []
        self._grown: set[int] = set()

    def append(self, leaf_hash: bytes) -> None:
        """Add a leaf; a tile that it fills adds its root to the tile above."""
        self._add(0, self.size // WIDTH, leaf_hash)
        self.size += 1

    def changed(self) -> Sequence[Tile]:
        """Give the tiles that are new or longer than they were, as they are now."""
        partial = [
            Tile(level, index, bytes(self._partial[level]))
            for level, index, _ in edge(self.size)
            if level in self._grown
        ]
        return [*self._full, *partial]

    def root(self) -> bytes:
        """Give the root of the tree as it is now."""
        node: bytes | None = None
        for hashes in self._partial:
            for subtree in _subtrees(bytes(hashes)):
                node = subtree if node is None else hash_children(subtree, node)
        return CompactRange().root() if node is None else node

    def _level(self, level: int) -> bytearray:
        while len(self._partial) <= level:
            self._partial.append(bytearray())
        return self._partial[level]

    def _add(self, level: int, index: int, node: bytes) -> None:
        hashes = self._level(level)
        hashes += node
        self._grown.add(level)
        if len(hashes) == WIDTH * HASH_BYTES:
            full = Tile(level, index, bytes(hashes))
            self._full.append(full)
            hashes.clear()
            self._add(level + 1, index // WIDTH, _fold(full.hashes))


def _whole(hashes: bytes, width: int, level: int) -> bytes:
    if len(hashes) != width * HASH_BYTES:
        raise TreeDamaged(f"A tile of level {level} holds fewer hashes than were sealed.")
    return hashes


def _subtrees(hashes: bytes) -> Iterator[bytes]:
    """Give the complete subtrees of a partial tile, the smallest and rightmost first."""
    end = len(hashes)
    while end:
        size = (end // HASH_BYTES & -(end // HASH_BYTES)) * HASH_BYTES
        yield _fold(hashes[end - size : end])
        end -= size


def _fold(hashes: bytes) -> bytes:
    """Give the root over a power of two of hashes."""
    row = [hashes[start : start + HASH_BYTES] for start in range(0, len(hashes), HASH_BYTES)]
    while len(row) > 1:
        row = [hash_children(row[place], row[place + 1]) for place in range(0, len(row), 2)]
    return row[0]
