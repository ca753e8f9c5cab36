"""What the domain asks of the log that keeps its events."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.events import Answer, Command, Entry, Event


class StreamMoved(Exception):
    """A stream is at another version than the append goes on from: nothing of the append was stored."""


class CommandKnown(Exception):
    """The command's key is already in the log: nothing of the append was stored."""


class LogUnavailable(Exception):
    """The log does not answer; unless the message says otherwise, what was asked was not done."""


class Log(Protocol):
    """An append-only log of streams with one global order; positions count from 1, without gaps.

    Everything may raise `LogUnavailable`.
    """

    def append(self, entries: Sequence[Entry], done: tuple[Command, Answer] | None = None) -> Sequence[int]:
        """Store all entries, and the command with its answer, or nothing; give the positions, which are consecutive.

        The entries of each stream go on from its present version, 0 if it does not exist, one by one. Raises
        `CommandKnown` if the command's key is known, else `StreamMoved` if a stream does not go on so; `ValueError` if
        there are no entries.
        """
        ...

    def stream(self, identifier: UUID) -> Sequence[Entry]:
        """Give the entries of one stream in order, none if it does not exist."""
        ...

    def streams(
        self, identifiers: Collection[UUID], but: Collection[type[Event]] = ()
    ) -> Mapping[UUID, Sequence[Entry]]:
        """Give the entries of several streams, each in order, none for one that does not exist.

        Those of the types in `but` are left out, unless they are the last of their stream.
        """
        ...

    def read(self, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
        """Give all entries after a position in order, up to another inclusive."""
        ...

    def head(self) -> int:
        """Give the last position, 0 for an empty log."""
        ...

    def wait(self, after: int, timeout_s: float) -> int:
        """Give the last position as soon as it is past `after`, or what it is when the time is up."""
        ...

    def position_at(self, instant: datetime) -> int:
        """Give the last position that was recorded at or before an instant (with time zone), 0 if there is none."""
        ...

    def done(self, key: str) -> tuple[Command, Answer] | None:
        """Give the command stored under an idempotency key, and its answer."""
        ...

    def close(self) -> None:
        """Let go of what the log holds open; it is not used after."""
        ...
