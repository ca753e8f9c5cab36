"""What would happen without the guard? The same use cases, some streams written at whatever version they have."""

from domain.aggregate import Aggregate
from domain.application import Alongside
from domain.events import Command, Entry
from domain.log import Log, StreamMoved


class Unguarded(Alongside):
    """Checks and records all that `Alongside` does, but some kinds of aggregate after the append: a control.

    One use case after another goes right. Two at once no longer find out that they decided on the same state.
    """

    def __init__(self, log: Log, *unguarded: type[Aggregate]) -> None:
        super().__init__(log)
        self.unguarded = unguarded

    def save(self, *aggregates: Aggregate, command: Command | None = None) -> None:
        """Store the guarded kinds in one append, then the others without a look at what they were decided on."""
        guarded = [aggregate for aggregate in aggregates if not isinstance(aggregate, self.unguarded)]
        super().save(*guarded, command=command)
        for aggregate in aggregates:
            for entry in aggregate.collect():
                self._force(entry)

    def _force(self, entry: Entry) -> None:
        while True:
            version = len(self.log.stream(entry.stream)) + 1
            try:
                self.log.append([Entry(stream=entry.stream, version=version, event=entry.event)])
            except StreamMoved:
                continue
            return
