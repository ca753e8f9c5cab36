"""Who was proposed to whom and why, as far as coordinators are told of both?"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from api.showing.page import Page, Paging
from api.showing.reader import Reader
from domain.match import MatchStatus
from domain.purposes import Field
from projections import proposals as read
from projections.explained import ALL, PARTS, POINTS
from projections.proposals import Proposed

Told = Mapping[UUID, frozenset[Field]]


def proposals(reader: Reader, read_models: Connection, status: MatchStatus | None, paging: Paging) -> Page[Proposed]:
    """Give a page of a programme's proposals, by status or all that are open or were decided."""
    found = read.number(read_models, reader.programme, status)
    rows = read.listed(read_models, reader.programme, status, **paging.rows)
    return Page(_shown(reader, rows), paging.number, paging.pages_of(found))


def proposal(reader: Reader, read_models: Connection, match: UUID) -> Proposed | None:
    """Give one proposal of a programme."""
    found = read.one(read_models, reader.programme, match)
    return None if found is None else _shown(reader, [found])[0]


def _shown(reader: Reader, rows: Sequence[Proposed]) -> list[Proposed]:
    told = reader.told(
        (person, fields)
        for row in rows
        if row.explanation is not None
        for person, fields in ((row.member_person_id, ALL.of_member), (row.mentor_person_id, ALL.of_mentor))
    )
    return [_masked(row, told) for row in rows]


def _masked(row: Proposed, told: Told) -> Proposed:
    if row.explanation is None:
        return row
    of_member, of_mentor = told[row.member_person_id], told[row.mentor_person_id]
    facts, fit = facts_told(row.explanation, of_member, of_mentor)
    return replace(row, explanation=facts, fit=fit, reason=row.reason if of_member and of_mentor else None)


def facts_told(
    explanation: Mapping[str, Any], of_member: frozenset[Field], of_mentor: frozenset[Field]
) -> tuple[dict[str, Any], int | None]:
    """Give the parts of an explanation that both let be told, none for the others, and the fit as far as it is told."""
    facts: dict[str, Any] = {
        part: explanation.get(part) if tells.is_told(of_member, of_mentor) else None for part, tells in PARTS.items()
    }
    facts["points"] = {
        term: points if POINTS[term].is_told(of_member, of_mentor) else None
        for term, points in explanation["points"].items()
    }
    points_told = [points for points in facts["points"].values() if points is not None]
    return facts, sum(points_told) if points_told else None
