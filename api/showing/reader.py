"""Who is shown something of people, and what of it may they be told?"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends

from api.access import Coordinator, MomentDep, ServiceDep, ViewingDep
from domain.application import Alongside
from domain.disclosing import Asked, Viewing
from domain.purposes import Field

R = TypeVar("R")

NOTHING: frozenset[Field] = frozenset()


@dataclass(frozen=True)
class Reader:
    """A coordinator of a programme who reads at an instant, by one request."""

    alongside: Alongside
    programme: UUID
    viewing: Viewing
    at: datetime

    def told(self, wanted: Iterable[tuple[UUID, frozenset[Field]]]) -> Mapping[UUID, frozenset[Field]]:
        """Give what may be told of each of these people, which is then recorded as told: all of them in one append."""
        fields: dict[UUID, frozenset[Field]] = {}
        for person, asked in wanted:
            fields[person] = fields.get(person, NOTHING) | asked
        asked_of_all = [Asked.for_coordinators(self.programme, person, asked) for person, asked in fields.items()]
        return self.alongside.disclose(asked_of_all, self.viewing, at=self.at)


def reader(service: ServiceDep, caller: Coordinator, viewing: ViewingDep, moment: MomentDep) -> Reader:
    """Give the coordinator who asks."""
    return Reader(service.alongside, caller.programme_id, viewing, moment.at)


ReaderDep = Annotated[Reader, Depends(reader)]


def asked_of(row: Any, fields: Mapping[str, Field], parts: Collection[str]) -> frozenset[Field]:
    """Give what has to be asked to show some parts of a row: the fields of those that have anything in them."""
    return frozenset(fields[part] for part in parts if getattr(row, part) is not None)


def masked(row: R, fields: Mapping[str, Field], parts: Collection[str], told: frozenset[Field]) -> R:
    """Give a row with no more than these parts of those that tell something, and without what may not be told."""
    hidden = {part: None for part, field in fields.items() if part not in parts or field not in told}
    return replace(row, **hidden)  # type: ignore[type-var] # rows are dataclasses
