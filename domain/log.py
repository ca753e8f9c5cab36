"""What the domain asks of the log that keeps its events."""

from collections.abc import Iterator, Sequence
from typing import Protocol
from uuid import UUID

from domain.events import Answer, Command, Entry


class StreamMoved(Exception):
    """A stream already has an event of this version: nothing of the append was stored."""


class CommandKnown(Exception):
    """The command's key is already in the log: nothing of the append was stored."""


class LogUnavailable(Exception):
    """The log does not answer; whether an append under way was stored is not known."""


class Log(Protocol):
    """An append-only log of streams with one global order; positions rise and are never reused."""

    def append(self, entries: Sequence[Entry], done: tuple[Command, Answer] | None = None) -> Sequence[int]:
        """Store all entries, and the command with its answer, or nothing; give the positions.

        Raises `StreamMoved` or `CommandKnown`.
        """
        ...

    def stream(self, identifier: UUID) -> Sequence[Entry]:
        """Give the entries of one stream in order, none if it does not exist."""
        ...

    def read(self, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
        """Give all entries after a position in order, up to another inclusive."""
        ...

    def head(self) -> int:
        """Give the last position, 0 for an empty log."""
        ...

    def wait(self, after: int, timeout_s: float) -> int:
        """Give the last position as soon as it is past `after`, or at the latest after the timeout."""
        ...

    def done(self, key: str) -> tuple[Command, Answer] | None:
        """Give the command stored under an idempotency key, and its answer."""
        ...
