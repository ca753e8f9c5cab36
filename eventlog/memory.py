"""A log in memory: for tests, and for trying things without a database."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from threading import Condition
from uuid import UUID

from domain.events import Answer, Command, Entry, Event
from domain.log import CommandKnown, StreamMoved

Clock = Callable[[], datetime]


class MemoryLog:
    """See `domain.log.Log`. Threads may share it; `clock` says when an append is recorded."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: list[Entry] = []
        self._streams: dict[UUID, list[Entry]] = {}
        self._done: dict[str, tuple[Command, Answer]] = {}
        self._changed = Condition()

    def append(self, entries: Sequence[Entry], done: tuple[Command, Answer] | None = None) -> Sequence[int]:
        """See `domain.log.Log.append`."""
        if not entries:
            raise ValueError("An append has at least one entry.")
        with self._changed:
            if done is not None and done[0].key in self._done:
                raise CommandKnown
            self._must_go_on(entries)
            before = self.head()
            recorded_at = self._recorded_at()
            for position, entry in enumerate(entries, before + 1):
                self._store(entry, position, recorded_at)
            if done is not None:
                self._done[done[0].key] = done
            self._changed.notify_all()
            return range(before + 1, self.head() + 1)

    def stream(self, identifier: UUID) -> Sequence[Entry]:
        """See `domain.log.Log.stream`."""
        with self._changed:
            return list(self._streams.get(identifier, ()))

    def streams(
        self, identifiers: Collection[UUID], but: Collection[type[Event]] = ()
    ) -> Mapping[UUID, Sequence[Entry]]:
        """See `domain.log.Log.streams`."""
        found = {identifier: self.stream(identifier) for identifier in identifiers}
        return {
            identifier: [entry for entry in entries if entry is entries[-1] or type(entry.event) not in but]
            for identifier, entries in found.items()
        }

    def read(self, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
        """See `domain.log.Log.read`."""
        yield from self._entries[after : self.head() if upto is None else upto]

    def head(self) -> int:
        """See `domain.log.Log.head`."""
        return len(self._entries)

    def wait(self, after: int, timeout_s: float) -> int:
        """See `domain.log.Log.wait`."""
        with self._changed:
            self._changed.wait_for(lambda: self.head() > after, timeout_s)
            return self.head()

    def position_at(self, instant: datetime) -> int:
        """See `domain.log.Log.position_at`."""
        return sum(entry.recorded_at is not None and entry.recorded_at <= instant for entry in self.read())

    def done(self, key: str) -> tuple[Command, Answer] | None:
        """See `domain.log.Log.done`."""
        return self._done.get(key)

    def close(self) -> None:
        """Nothing is held open."""

    def _must_go_on(self, entries: Sequence[Entry]) -> None:
        versions: dict[UUID, int] = {}
        for entry in entries:
            before = versions.get(entry.stream, len(self._streams.get(entry.stream, ())))
            if entry.version != before + 1:
                raise StreamMoved
            versions[entry.stream] = entry.version

    def _recorded_at(self) -> datetime:
        """Give the time, or that of the last entry if the clock was put back since."""
        last = self._entries[-1].recorded_at if self._entries else None
        return self._clock() if last is None else max(self._clock(), last)

    def _store(self, entry: Entry, position: int, recorded_at: datetime) -> None:
        stored = Entry(
            stream=entry.stream, version=entry.version, event=entry.event, position=position, recorded_at=recorded_at
        )
        self._entries.append(stored)
        self._streams.setdefault(entry.stream, []).append(stored)
