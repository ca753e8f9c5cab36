"""The sealed tree in PostgreSQL: tiles and checkpoints of one connection's transaction."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from sqlalchemy import Connection, text

from eventlog.transparency.merkle import Node
from eventlog.transparency.tiles import Tile, TreeDamaged, nodes

SEALING: Final = 4_716_231_001
PUBLISHING: Final = 4_716_231_002
"""Keys of the advisory locks under which processes take turns."""

_CACHED_TILES: Final = 64

_LOCK: Final = text("SELECT pg_advisory_xact_lock(:key)")
_READ_TILE: Final = text("SELECT hashes FROM eventlog.tiles WHERE level = :level AND index = :index")
_WRITE_TILE: Final = text(
    "INSERT INTO eventlog.tiles (level, index, hashes) VALUES (:level, :index, :hashes)"
    " ON CONFLICT (level, index) DO UPDATE SET hashes = excluded.hashes"
)
_NEWEST: Final = text("SELECT note FROM eventlog.checkpoints ORDER BY size DESC LIMIT 1")
_NEWEST_UPTO: Final = text("SELECT note FROM eventlog.checkpoints WHERE size <= :size ORDER BY size DESC LIMIT 1")
_SIZE: Final = text("SELECT coalesce(max(size), 0) FROM eventlog.checkpoints")
_WRITE_CHECKPOINT: Final = text("INSERT INTO eventlog.checkpoints (size, note) VALUES (:size, :note)")
_ADD_LINE: Final = text(
    "UPDATE eventlog.checkpoints SET note = note || :line WHERE size = :size AND strpos(note, :line) = 0"
)


def lock(connection: Connection, key: int) -> None:
    """Wait for a turn; it ends with the transaction."""
    connection.execute(_LOCK, {"key": key})


def size(connection: Connection) -> int:
    """Give how many events are sealed."""
    return int(connection.execute(_SIZE).scalar_one())


def newest_note(connection: Connection, upto: int | None = None) -> str | None:
    """Give the newest checkpoint, or the newest one of at most so many events."""
    query, values = (_NEWEST, {}) if upto is None else (_NEWEST_UPTO, {"size": upto})
    found = connection.execute(query, values).scalar_one_or_none()
    return None if found is None else str(found)


def tile_reader(connection: Connection) -> Callable[[int, int], bytes]:
    """Give a function that reads the hashes of a tile, by level and index. It raises `TreeDamaged` if there is none."""

    @lru_cache(_CACHED_TILES)
    def read(level: int, index: int) -> bytes:
        found = connection.execute(_READ_TILE, {"level": level, "index": index}).scalar_one_or_none()
        if found is None:
            raise TreeDamaged(f"Tile {index} of level {level} is missing.")
        return bytes(found)

    return read


def stored_nodes(connection: Connection) -> Node:
    """Give the hashes of complete subtrees, for proofs and roots of any sealed size."""
    return nodes(tile_reader(connection))


def store(connection: Connection, tiles: Sequence[Tile], tree_size: int, note: str) -> None:
    """Store what one sealing added: its tiles and the checkpoint that covers them."""
    rows = [{"level": tile.level, "index": tile.index, "hashes": tile.hashes} for tile in tiles]
    connection.execute(_WRITE_TILE, rows)
    connection.execute(_WRITE_CHECKPOINT, {"size": tree_size, "note": note})


def add_signature(connection: Connection, tree_size: int, line: str) -> None:
    """Add the line of a witness to a stored checkpoint."""
    connection.execute(_ADD_LINE, {"size": tree_size, "line": line})
