"""How use cases load and save: written once for all of them."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, TypeVar
from uuid import UUID

from domain.aggregate import Aggregate
from domain.draft import Draft
from domain.errors import (
    ChangedMeanwhile,
    KeyReused,
    NotFound,
    UnknownDraft,
    UnknownMatch,
    UnknownNotice,
    UnknownPerson,
    UnknownProgramme,
    VersionPassed,
)
from domain.events import Answer, Command
from domain.log import Log, StreamMoved
from domain.match import Match
from domain.member import Member
from domain.mentor import Mentor
from domain.notice import Notice
from domain.programme import Programme
from domain.registry import AGGREGATE_OF

A = TypeVar("A", bound=Aggregate)

_UNKNOWN: Final[Mapping[type[Aggregate], type[Exception]]] = {
    Draft: UnknownDraft,
    Match: UnknownMatch,
    Member: UnknownPerson,
    Mentor: UnknownPerson,
    Notice: UnknownNotice,
    Programme: UnknownProgramme,
}

_CHANGED: Final = "Somebody else changed this since you read it. Read it again, then decide."


class Store:
    """Loads aggregates from a log and saves their new events in one append."""

    def __init__(self, log: Log) -> None:
        self.log = log

    def load(self, kind: type[A], identifier: UUID, version: int | None = None) -> A:
        """Give an aggregate, as of a version if one is named, or raise what is unknown."""
        entries = self.log.stream(identifier)
        if not entries or AGGREGATE_OF[type(entries[0].event)] is not kind:
            raise _UNKNOWN.get(kind, NotFound)(f"There is no such {kind.__name__.lower()}.")
        return kind.replay(identifier, entries[:version])

    def load_all(self, kind: type[A], identifiers: Collection[UUID]) -> dict[UUID, A]:
        """Give aggregates that are known to be there, read at once."""
        streams = self.log.streams(identifiers)
        return {identifier: kind.replay(identifier, entries) for identifier, entries in streams.items()}

    def save(self, *aggregates: Aggregate, command: Command | None = None) -> None:
        """Store the new events of all these aggregates in one append, or none of them.

        A command is answered with the first aggregate, which must then have something new.
        """
        entries = [entry for aggregate in aggregates for entry in aggregate.collect()]
        if not entries:
            return
        done = None if command is None else (command, Answer(aggregates[0].id, aggregates[0].version))
        try:
            self.log.append(entries, done)
        except StreamMoved as moved:
            raise ChangedMeanwhile(_CHANGED) from moved

    def answer(self, command: Command) -> Answer | None:
        """Give the answer of a command that was done before; raise `KeyReused` if its key stands for another."""
        done = self.log.done(command.key)
        if done is None:
            return None
        if done[0] != command:
            raise KeyReused("This idempotency key was used for another request.")
        return done[1]

    @contextmanager
    def changing(
        self,
        kind: type[A],
        identifier: UUID,
        expected_version: int | None = None,
        command: Command | None = None,
    ) -> Iterator[A]:
        """Load, let the block decide, save."""
        aggregate = self.expect(kind, identifier, expected_version)
        yield aggregate
        self.save(aggregate, command=command)

    def expect(self, kind: type[A], identifier: UUID, version: int | None) -> A:
        """Give an aggregate, or raise `VersionPassed` if it is not at the version that the caller has read."""
        return must_be_at(self.load(kind, identifier), version)


def must_be_at(aggregate: A, version: int | None) -> A:
    """Give an aggregate, or raise `VersionPassed` if it is not at the version that the caller has read."""
    if version not in {None, aggregate.version}:
        raise VersionPassed(_CHANGED)
    return aggregate
