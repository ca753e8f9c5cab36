"""Which people of a programme answer to a reference, an id or part of a handle?"""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Self
from uuid import UUID

from fastapi import Query
from sqlalchemy import ColumnElement, Connection, Table, func, literal, or_, select, union_all

from projections.mentor_directory import mentors
from projections.waiting_list import members

MOST_FOUND: Final = 50
LONGEST_QUERY: Final = 100

Wanted = Annotated[str, Query(max_length=LONGEST_QUERY, pattern=r"^[^\x00]*$")]


@dataclass
class Found:
    """A person by their names alone, and as what they take part."""

    person_id: UUID
    ref: str
    handle: str
    roles: list[str] = field(default_factory=list)

    @classmethod
    def erased(cls, person: UUID) -> Self:
        """Give somebody of whom only the id is left."""
        return cls(person, ref="[erased]", handle="[erased]")


def search(read_models: Connection, programme: UUID, wanted: str) -> list[Found]:
    """Give the people found, by handle; at most `MOST_FOUND`."""
    rows = union_all(
        *(
            select(table.c.person_id, table.c.ref, table.c.handle, literal(role).label("role")).where(
                table.c.programme_id == programme, _answers_to(table, wanted)
            )
            for table, role in ((members, "member"), (mentors, "mentor"))
        )
    ).subquery()
    people: dict[UUID, Found] = {}
    for row in read_models.execute(select(rows).order_by(rows.c.handle, rows.c.ref, rows.c.role).limit(MOST_FOUND)):
        person = people.setdefault(row.person_id, Found(row.person_id, row.ref, row.handle))
        person.roles.append(row.role)
    return list(people.values())


def search_form(wanted: str, found: list[Found]) -> dict[str, Any]:
    """Give what `finding.html` needs to show the form and whom it found."""
    return {"wanted": wanted, "found": found, "most_found": MOST_FOUND, "longest_query": LONGEST_QUERY}


def _answers_to(table: Table, wanted: str) -> ColumnElement[bool]:
    names = [func.lower(table.c.ref) == wanted.lower(), table.c.handle.icontains(wanted, autoescape=True)]
    with suppress(ValueError):
        names.append(table.c.person_id == UUID(wanted))
    return or_(*names)


def handles(read_models: Connection, persons: Collection[UUID]) -> dict[UUID, str]:
    """Give the handles of those people who have one."""
    rows = union_all(
        *(
            select(table.c.person_id, table.c.handle).where(table.c.person_id.in_(persons))
            for table in (members, mentors)
        )
    )
    return {row.person_id: row.handle for row in read_models.execute(rows)} if persons else {}
