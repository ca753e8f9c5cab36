"""Which matches were proposed, why, and what became of them?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    DateTime,
    Integer,
    Row,
    Select,
    Text,
    Uuid,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from domain.consent import ConsentLedger
from domain.events import Entry
from domain.match import APPROVAL_NEEDS, Match, MatchStatus
from domain.member import Member
from domain.mentor import Mentor
from projections.mentor_directory import mentors
from projections.projection import PERSONAL, Change, Projection
from projections.waiting_list import members

projection = Projection("proposals")

proposals = projection.table(
    "proposals",
    Column("match_id", Uuid, primary_key=True),
    Column("programme_id", Uuid, nullable=False, index=True),
    Column("round_id", Uuid, nullable=False),
    Column("member_id", Uuid, nullable=False, index=True),
    Column("mentor_id", Uuid, nullable=False, index=True),
    Column("member_person_id", Uuid, nullable=False, index=True),
    Column("mentor_person_id", Uuid, nullable=False, index=True),
    Column("status", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("fit", Integer, nullable=False, info=PERSONAL),
    Column("explanation", JSONB(none_as_null=True), info=PERSONAL),
    Column("available", Boolean, nullable=False),
    Column("decided_at", DateTime(timezone=True)),
    Column("decided_by", Text),
    Column("reason", Text, info=PERSONAL),
    Column("relied_on", JSONB(none_as_null=True)),
)


@dataclass(frozen=True)
class Proposed:
    """A proposal as a coordinator decides on it.

    `available` is false once a consent that it needs is gone: then it cannot be approved, and no longer says why.
    """

    match: UUID
    status: str
    version: int
    available: bool
    member_id: UUID
    mentor_id: UUID
    member_person_id: UUID
    mentor_person_id: UUID
    member_ref: str
    mentor_ref: str
    member: str
    mentor: str
    fit: int
    explanation: dict[str, Any] | None
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None
    relied_on: list[dict[str, Any]] | None


_add = insert(proposals)
_this = update(proposals).where(proposals.c.match_id == bindparam("which"))
_again = _this.values(
    round_id=bindparam("round"),
    fit=bindparam("points"),
    explanation=bindparam("why"),
    available=True,
    version=bindparam("at_version"),
)
_replace = _this.values(status=MatchStatus.REPLACED, version=bindparam("at_version"))
_end = _this.values(status=bindparam("ended"), version=bindparam("at_version"), explanation=None)
_erase_member = delete(proposals).where(proposals.c.member_id == bindparam("member"))
_erase_mentor = delete(proposals).where(proposals.c.mentor_id == bindparam("mentor"))
_decide = _this.values(
    status=bindparam("decision"),
    version=bindparam("at_version"),
    decided_at=bindparam("when"),
    decided_by=bindparam("who"),
    reason=bindparam("because"),
    relied_on=bindparam("consents"),
)
_close = (
    update(proposals)
    .where(
        proposals.c.status == MatchStatus.PROPOSED,
        or_(
            proposals.c.member_person_id == bindparam("person"),
            proposals.c.mentor_person_id == bindparam("person"),
        ),
    )
    .values(available=False, explanation=None)
)


@projection.on(Match.Proposed)
def _(entry: Entry, event: Match.Proposed) -> Iterable[Change]:
    yield (
        _add,
        {
            "match_id": entry.stream,
            "programme_id": event.programme_id,
            "round_id": event.round_id,
            "member_id": event.member_id,
            "mentor_id": event.mentor_id,
            "member_person_id": event.member_person_id,
            "mentor_person_id": event.mentor_person_id,
            "status": MatchStatus.PROPOSED,
            "version": entry.version,
            "fit": event.fit,
            "explanation": msgspec.to_builtins(event.explanation),
            "available": True,
        },
    )


@projection.on(Match.ProposedAgain)
def _(entry: Entry, event: Match.ProposedAgain) -> Iterable[Change]:
    why = msgspec.to_builtins(event.explanation)
    change = {"round": event.round_id, "points": event.fit, "why": why, "at_version": entry.version}
    yield _again, {"which": entry.stream, **change}


@projection.on(Match.Replaced)
def _(entry: Entry, _: Match.Replaced) -> Iterable[Change]:
    yield _replace, {"which": entry.stream, "at_version": entry.version}


@projection.on(Match.Voided)
def _(entry: Entry, _: Match.Voided) -> Iterable[Change]:
    yield _end, {"which": entry.stream, "at_version": entry.version, "ended": MatchStatus.VOIDED}


@projection.on(Match.Closed)
def _(entry: Entry, _: Match.Closed) -> Iterable[Change]:
    yield _end, {"which": entry.stream, "at_version": entry.version, "ended": MatchStatus.CLOSED}


@projection.on(Member.Erased)
def _(entry: Entry, _: Member.Erased) -> Iterable[Change]:
    yield _erase_member, {"member": entry.stream}


@projection.on(Mentor.Erased)
def _(entry: Entry, _: Mentor.Erased) -> Iterable[Change]:
    yield _erase_mentor, {"mentor": entry.stream}


@projection.on(Match.Approved)
def _(entry: Entry, event: Match.Approved) -> Iterable[Change]:
    consents = msgspec.to_builtins(event.relied_on)
    yield _decision(entry, MatchStatus.APPROVED, consents=consents)


@projection.on(Match.Declined)
def _(entry: Entry, event: Match.Declined) -> Iterable[Change]:
    yield _decision(entry, MatchStatus.DECLINED, because=event.reason)


@projection.on(ConsentLedger.Withdrawn)
def _(_: Entry, event: ConsentLedger.Withdrawn) -> Iterable[Change]:
    if event.purpose in APPROVAL_NEEDS:
        yield _close, {"person": event.person_id}


@projection.on(ConsentLedger.Refused)
def _(_: Entry, event: ConsentLedger.Refused) -> Iterable[Change]:
    if event.purpose in APPROVAL_NEEDS:
        yield _close, {"person": event.person_id}


def _decision(
    entry: Entry, decision: MatchStatus, *, because: str | None = None, consents: list[dict[str, Any]] | None = None
) -> Change:
    return _decide, {
        "which": entry.stream,
        "at_version": entry.version,
        "decision": decision,
        "when": entry.event.at,
        "who": entry.event.by,
        "because": because,
        "consents": consents,
    }


def _selection() -> Select[Any]:
    return (
        select(
            proposals,
            members.c.ref.label("member_ref"),
            members.c.handle.label("member"),
            mentors.c.ref.label("mentor_ref"),
            mentors.c.handle.label("mentor"),
        )
        .join(members, members.c.member_id == proposals.c.member_id)
        .join(mentors, mentors.c.mentor_id == proposals.c.mentor_id)
    )


def _proposed(row: Row[Any]) -> Proposed:
    return Proposed(
        match=row.match_id,
        status=row.status,
        version=row.version,
        available=row.available,
        member_id=row.member_id,
        mentor_id=row.mentor_id,
        member_person_id=row.member_person_id,
        mentor_person_id=row.mentor_person_id,
        member_ref=row.member_ref,
        mentor_ref=row.mentor_ref,
        member=row.member,
        mentor=row.mentor,
        fit=row.fit,
        explanation=row.explanation,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        reason=row.reason,
        relied_on=row.relied_on,
    )


def listed(connection: Connection, programme_id: UUID, status: MatchStatus | None = None) -> list[Proposed]:
    """Give a programme's proposals, those of urgent members first; without a status, those decided or open."""
    query = _selection().where(proposals.c.programme_id == programme_id)
    if status is None:
        query = query.where(proposals.c.status.not_in((MatchStatus.REPLACED, MatchStatus.VOIDED)))
    else:
        query = query.where(proposals.c.status == status)
    rank = proposals.c.explanation["rank"].as_integer()
    query = query.order_by(rank.desc().nulls_last(), proposals.c.fit.desc(), proposals.c.match_id)
    return [_proposed(row) for row in connection.execute(query)]


def number_open(connection: Connection, programme_id: UUID) -> int:
    """Give how many of a programme's proposals wait for a decision."""
    is_open = (proposals.c.programme_id == programme_id, proposals.c.status == MatchStatus.PROPOSED)
    return connection.execute(select(func.count()).select_from(proposals).where(*is_open)).scalar_one()


def one(connection: Connection, programme_id: UUID, match_id: UUID) -> Proposed | None:
    """Give one proposal of a programme."""
    query = _selection().where(proposals.c.programme_id == programme_id, proposals.c.match_id == match_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else _proposed(row)
