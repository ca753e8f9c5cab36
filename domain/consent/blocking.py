"""Whom a person does not want to meet: known by keyed fingerprints, so that who comes later is known as well."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID, uuid5

import msgspec

from domain.consent.history import Block
from domain.consent.stream import PersonsLedger
from domain.consent.words import Method
from domain.errors import UnknownBlock
from domain.events import Event, Personal
from domain.fingerprints import Mark


class LiveBlock(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A block that is in force: when it was made, and whom it is about, by fingerprints and by who was found so far.

    `marks` are what the one value that the person gave was read as; the value itself is kept nowhere.
    """

    block_id: UUID
    made_at: datetime
    marks: tuple[Mark, ...]
    fingerprints: frozenset[str]
    persons: frozenset[UUID]
    coordinators_may_know: bool


class Blocking(PersonsLedger):
    """The part of a ledger that holds blocks. They hold in both directions, and only the person's ledger knows."""

    def __init__(self, id: UUID) -> None:  # noqa: A002
        super().__init__(id)
        self.blocks: dict[UUID, LiveBlock] = {}

    class Blocked(Event, frozen=True, kw_only=True):
        """The person does not want to meet somebody; `persons` are those of the programme who were known by the marks.

        Nobody may be known by them yet.
        """

        TOPIC = "consent.blocked"
        person_id: UUID
        block_id: UUID
        marks: tuple[Mark, ...]
        method: Method
        coordinators_may_know: bool
        fingerprints: Annotated[tuple[str, ...], Personal()]
        persons: Annotated[tuple[UUID, ...], Personal()]

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            aggregate.blocks[self.block_id] = LiveBlock(
                block_id=self.block_id,
                made_at=self.at,
                marks=self.marks,
                fingerprints=frozenset(self.fingerprints),
                persons=frozenset(),
                coordinators_may_know=self.coordinators_may_know,
            )
            aggregate.keep_away(self.block_id, self.persons, self.at)

    class BlockMatched(Event, frozen=True, kw_only=True):
        """Somebody who came later, or who changed what is known of them, is whom a block is about."""

        TOPIC = "consent.block-matched"
        person_id: UUID
        block_id: UUID
        persons: Annotated[tuple[UUID, ...], Personal()]

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            aggregate.keep_away(self.block_id, self.persons, self.at)

    class BlockLifted(Event, frozen=True, kw_only=True):
        """The person took a block off. What it ended stays ended."""

        TOPIC = "consent.block-lifted"
        person_id: UUID
        block_id: UUID

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            del aggregate.blocks[self.block_id]
            lifted = Block(aggregate.place, self.at, self.block_id, frozenset(), is_lifted=True)
            aggregate.history.blocks.append(lifted)

    @property
    def kept_away(self) -> frozenset[UUID]:
        """Everybody whom a block in force is about."""
        return frozenset[UUID]().union(*(block.persons for block in self.blocks.values()))

    def keep_away(self, block: UUID, persons: Collection[UUID], at: datetime) -> None:
        """Remember whom a block is about."""
        live = self.blocks[block]
        self.blocks[block] = msgspec.structs.replace(live, persons=live.persons.union(persons))
        self.history.blocks.append(Block(self.place, at, block, frozenset(persons)))

    def block(
        self,
        marks: tuple[Mark, ...],
        fingerprints: Collection[str],
        persons: Iterable[UUID],
        *,
        method: Method,
        coordinators_may_know: bool,
        at: datetime,
        by: str,
    ) -> None:
        """Record whom the person does not want to meet: never themselves."""
        self.must_be_here()
        event = self.Blocked(
            person_id=self.person_id,
            block_id=uuid5(self.id, f"block:{self.version + 1}"),
            marks=marks,
            method=method,
            coordinators_may_know=coordinators_may_know,
            fingerprints=tuple(sorted(fingerprints)),
            persons=self._others(persons),
            at=self.no_earlier(at),
            by=by,
        )
        self.record(event)

    def recognise(self, known_by: Mapping[str, Collection[UUID]], *, at: datetime, by: str) -> bool:
        """Hold people against the blocks in force, by their fingerprints; say whether any of them is newly found."""
        if self.is_erased:
            return False
        version = self.version
        for block in list(self.blocks.values()):
            found = {person for each in block.fingerprints for person in known_by.get(each, ())}
            if persons := self._others(found - block.persons):
                event = self.BlockMatched(
                    person_id=self.person_id, block_id=block.block_id, persons=persons, at=self.no_earlier(at), by=by
                )
                self.record(event)
        return self.version > version

    def lift_block(self, block: UUID, *, at: datetime, by: str) -> None:
        """Take a block off. Raises `UnknownBlock`."""
        self.must_be_here()
        if block not in self.blocks:
            raise UnknownBlock("There is no such block, or it was taken off.")
        self.record(self.BlockLifted(person_id=self.person_id, block_id=block, at=self.no_earlier(at), by=by))

    def _others(self, persons: Iterable[UUID]) -> tuple[UUID, ...]:
        return tuple(sorted(set(persons) - {self.person_id}))
