"""Which matches were proposed, why, and what became of them?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Integer,
    Row,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from domain.events import Entry
from domain.match import Match, MatchStatus
from domain.member import Member
from domain.mentor import Mentor
from projections.explained import PARTS, POINTS, Tells
from projections.mentor_directory import mentors
from projections.projection import PERSONAL, Change, Projection
from projections.waiting_list import members

projection = Projection("proposals")

proposals = projection.table(
    "proposals",
    Column("match_id", Uuid, primary_key=True),
    Column("programme_id", Uuid, nullable=False, index=True),
    Column("round_id", Uuid, nullable=False),
    Column("member_id", Uuid, nullable=False),
    Column("mentor_id", Uuid, nullable=False),
    Column("member_person_id", Uuid, nullable=False, index=True),
    Column("mentor_person_id", Uuid, nullable=False, index=True),
    Column("status", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("fit", Integer, info=PERSONAL),
    Column("explanation", JSONB(none_as_null=True), info=PERSONAL),
    Column("decided_at", DateTime(timezone=True)),
    Column("decided_by", Text),
    Column("reason", Text, info=PERSONAL),
    Column("relied_on", JSONB(none_as_null=True)),
)


@dataclass(frozen=True)
class Proposed:
    """A proposal as a coordinator decides on it.

    What is withheld is None, and so is why it was made once it is no longer available. `fit` sums the points told.
    `relied_on` has the purposes of the consents that an approval rests on, and whose ledger each stands in.
    """

    match: UUID
    status: str
    version: int
    member_id: UUID
    mentor_id: UUID
    member_person_id: UUID
    mentor_person_id: UUID
    member_ref: str
    mentor_ref: str
    member: str
    mentor: str
    fit: int | None
    explanation: dict[str, Any] | None
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None
    relied_on: list[dict[str, Any]] | None


_NOTHING: Final = {"fit": None, "explanation": None, "reason": None}


def _are_told(*parts: Tells) -> ColumnElement[bool]:
    """Say whether neither of the two withholds anything that these parts of an explanation tell."""
    told = Tells.together(parts)
    return and_(
        ~members.c.withheld.overlap(sorted(told.of_member)), ~mentors.c.withheld.overlap(sorted(told.of_mentor))
    )


# What is withheld does not decide on the order either: who looks at the order would learn it from there.
_order: Final = (
    case((_are_told(PARTS["rank"]), proposals.c.explanation["rank"].as_integer())).desc().nulls_last(),
    case((_are_told(*POINTS.values()), proposals.c.fit)).desc().nulls_last(),
    proposals.c.match_id,
)
_add = insert(proposals)
_this = update(proposals).where(proposals.c.match_id == bindparam("which"))
_again = _this.values(
    round_id=bindparam("round"),
    fit=bindparam("points"),
    explanation=bindparam("why"),
    version=bindparam("at_version"),
)
_accept_one = _this.values(version=bindparam("at_version"))
_accept_both = _this.values(status=MatchStatus.ACCEPTED, version=bindparam("at_version"))
_replace = _this.values(status=MatchStatus.REPLACED, version=bindparam("at_version"))
_end = _this.values(status=bindparam("ended"), version=bindparam("at_version"), **_NOTHING)
_withhold_member = update(proposals).where(proposals.c.member_id == bindparam("member")).values(_NOTHING)
_withhold_mentor = update(proposals).where(proposals.c.mentor_id == bindparam("mentor")).values(_NOTHING)
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


@projection.on(Match.Left)
def _(entry: Entry, _: Match.Left) -> Iterable[Change]:
    yield _end, {"which": entry.stream, "at_version": entry.version, "ended": MatchStatus.CLOSED}


@projection.on(Match.Accepted)
def _(entry: Entry, event: Match.Accepted) -> Iterable[Change]:
    accept = _accept_both if event.is_mutual else _accept_one
    yield accept, {"which": entry.stream, "at_version": entry.version}


@projection.on(Member.Erased)
def _(entry: Entry, _: Member.Erased) -> Iterable[Change]:
    yield _erase_member, {"member": entry.stream}


@projection.on(Mentor.Erased)
def _(entry: Entry, _: Mentor.Erased) -> Iterable[Change]:
    yield _erase_mentor, {"mentor": entry.stream}


@projection.on(Match.Approved)
def _(entry: Entry, event: Match.Approved) -> Iterable[Change]:
    # Neither the place of a consent in its ledger nor its id, which is made from the place: a coordinator who counts
    # would find that something stands in a ledger of which they are not told.
    consents = [{"purpose": each.purpose, "ledger": str(each.ledger)} for each in event.relied_on]
    yield _decision(entry, MatchStatus.APPROVED, consents=consents)


@projection.on(Match.Declined)
def _(entry: Entry, event: Match.Declined) -> Iterable[Change]:
    yield _decision(entry, MatchStatus.DECLINED, because=event.reason)


@projection.on(Member.Withheld)
def _(entry: Entry, event: Member.Withheld) -> Iterable[Change]:
    if event.fields is None:
        yield _withhold_member, {"member": entry.stream}


@projection.on(Mentor.Withheld)
def _(entry: Entry, event: Mentor.Withheld) -> Iterable[Change]:
    if event.fields is None:
        yield _withhold_mentor, {"mentor": entry.stream}


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


def listed(
    connection: Connection,
    programme_id: UUID,
    status: MatchStatus | None = None,
    *,
    limit: int | None = None,
    offset: int = 0,
) -> list[Proposed]:
    """Give a programme's proposals, those of urgent members first; without a status, those decided or open."""
    query = _selection().where(*_of(programme_id, status)).order_by(*_order).limit(limit).offset(offset)
    return [_proposed(row) for row in connection.execute(query)]


def ids(connection: Connection, programme_id: UUID, status: MatchStatus | None = None) -> list[UUID]:
    """Give which proposals there are, and nothing of them, in the order of `listed`."""
    query = _selection().with_only_columns(proposals.c.match_id).where(*_of(programme_id, status)).order_by(*_order)
    return list(connection.scalars(query))


def number(connection: Connection, programme_id: UUID, status: MatchStatus | None = None) -> int:
    """Give how many proposals there are."""
    return connection.execute(
        select(func.count()).select_from(proposals).where(*_of(programme_id, status))
    ).scalar_one()


def _of(programme_id: UUID, status: MatchStatus | None) -> tuple[ColumnElement[bool], ...]:
    told = (
        proposals.c.status.not_in((MatchStatus.REPLACED, MatchStatus.VOIDED))
        if status is None
        else proposals.c.status == status
    )
    return proposals.c.programme_id == programme_id, told


def one(connection: Connection, programme_id: UUID, match_id: UUID) -> Proposed | None:
    """Give one proposal of a programme."""
    query = _selection().where(proposals.c.programme_id == programme_id, proposals.c.match_id == match_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else _proposed(row)
