"""How a thing with a history is kept: events are recorded by commands and replayed by loading."""

from collections.abc import Iterable
from typing import Self
from uuid import UUID

from domain.events import Entry, Event


class Aggregate:
    """A thing whose state is the sum of its events; `version` counts them. Commands decide first, then record."""

    def __init__(self, id: UUID) -> None:  # noqa: A002 - `id` is what everyone calls it
        self.id = id
        self.version = 0
        self._pending: list[Entry] = []

    @classmethod
    def replay(cls, id: UUID, entries: Iterable[Entry]) -> Self:  # noqa: A002
        """Give the aggregate as its stored events made it."""
        aggregate = cls(id)
        for entry in entries:
            aggregate.follow(entry)
        return aggregate

    def follow(self, entry: Entry) -> None:
        """Apply the next stored event of this stream."""
        assert entry.version == self.version + 1, "events of a stream come one after another"
        self.version = entry.version
        entry.event.apply(self)

    def record(self, event: Event) -> None:
        """Apply a new event and keep it until the next save."""
        entry = Entry(stream=self.id, version=self.version + 1, event=event)
        self.follow(entry)
        self._pending.append(entry)

    def collect(self) -> list[Entry]:
        """Hand over the new events, once."""
        pending, self._pending = self._pending, []
        return pending
