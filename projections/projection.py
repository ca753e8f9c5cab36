"""What a projection is: a function from each type of event to changes of rows in tables of its own."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeVar

from sqlalchemy import Column, Delete, Insert, MetaData, Table, Update

from domain.events import Entry, Event

SCHEMA: Final = "read_models"

metadata: Final = MetaData(schema=SCHEMA)

# Leaves room in each page for new versions of its rows, so that most updates touch no index.
_WITH_ROOM: Final = {"fillfactor": 80}

# Marks a column that may hold what a person said, or what was said of them: `Column(..., info=PERSONAL)`.
PERSONAL: Final = {"personal": True}

# By these people are known. They stay when somebody lets nobody read their profile; all else that they said goes.
NAMES: Final = frozenset({"ref", "handle"})

Change = tuple[Insert | Update | Delete, dict[str, Any]]
"""A statement, and the values of its parameters for one row."""

E = TypeVar("E", bound=Event)


def table(name: str, *columns: Column[Any], of: str) -> Table:
    """Make a table of the projection named `of`.

    It is UNLOGGED: what stands in it never enters the write-ahead log, a base backup or a standby. After a crash
    PostgreSQL empties it.
    """
    return Table(name, metadata, *columns, prefixes=["UNLOGGED"], postgresql_with=_WITH_ROOM, info={"projection": of})


class Projection:
    """Answers one question: a function from each type of event to changes of rows."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._handlers: dict[type[Event], Callable[[Entry, Any], Iterable[Change]]] = {}

    def table(self, name: str, *columns: Column[Any]) -> Table:
        """Make a table that this projection alone changes. Personal columns are marked with `info=PERSONAL`."""
        return table(name, *columns, of=self.name)

    def on(self, kind: type[E]) -> Callable[[Callable[[Entry, E], Iterable[Change]]], None]:
        """Say which rows an event of this kind changes."""

        def register(handler: Callable[[Entry, E], Iterable[Change]]) -> None:
            assert kind not in self._handlers, f"{self.name} hears of {kind.TOPIC} twice"
            self._handlers[kind] = handler

        return register

    def changes(self, entries: Iterable[Entry]) -> Iterator[Change]:
        """Give the changes of rows that these entries ask for, in order."""
        for entry in entries:
            handler = self._handlers.get(type(entry.event))
            if handler is not None:
                yield from handler(entry, entry.event)
