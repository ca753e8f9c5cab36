"""Where checkpoints go, so that they are kept by somebody else too."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from eventlog.transparency.merkle import Node
from eventlog.transparency.tiles import ReadTile, nodes

FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 300.0


class PublishingFailed(Exception):
    """A place did not take a checkpoint, or may not: the message says why, and what to do."""


@dataclass(frozen=True)
class Published:
    """A checkpoint to publish: its signed note, and the tree that it is of."""

    note: str
    read: ReadTile

    @property
    def node(self) -> Node:
        """The hashes of the tree's complete subtrees, for proofs."""
        return nodes(self.read)


class Publisher(Protocol):
    """A place that checkpoints go to. It finds out for itself what it has, so it can be caught up at any time."""

    @property
    def name(self) -> str:
        """What it is called where its failure is reported."""
        ...

    def publish(self, published: Published) -> Sequence[str]:
        """Take a checkpoint; give the lines of signatures to add to it, none if it has none to give.

        Raises `PublishingFailed` or OSError.
        """
        ...


Report = Callable[[str, Exception], None]
"""Hear of a publisher, by name, that failed."""


class Publication:
    """How far one publisher is: the note that it took last, and when to try again after it failed."""

    def __init__(self, publisher: Publisher) -> None:
        self.publisher = publisher
        self._taken: str | None = None
        self._pause_s = 0.0
        self._next_try = 0.0

    def is_due(self, note: str, now: float) -> bool:
        """Whether it does not have this note yet, and may be tried."""
        return note != self._taken and now >= self._next_try

    def took(self, note: str) -> None:
        """Remember that it has this note."""
        self._taken, self._pause_s, self._next_try = note, 0.0, 0.0

    def failed(self, now: float) -> None:
        """Leave it alone for a while, longer with each failure in a row."""
        self._pause_s = min(max(FIRST_PAUSE_S, 2 * self._pause_s), LONGEST_PAUSE_S)
        self._next_try = now + self._pause_s
