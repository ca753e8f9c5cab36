"""Who waits, since when, how urgently, and why still?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    Row,
    Text,
    Uuid,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from domain.events import Entry
from domain.identity import member_id
from domain.match import Match
from domain.member import Member
from domain.profiles import MemberProfile
from domain.purposes import Field
from domain.round import Round
from domain.values import Urgency
from projections.projection import NAMES, PERSONAL, Change, Projection

projection = Projection("waiting-list")

members = projection.table(
    "members",
    Column("member_id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False, index=True),
    Column("programme_id", Uuid, nullable=False, index=True),
    Column("ref", Text, nullable=False, info=PERSONAL),
    Column("handle", Text, nullable=False, info=PERSONAL),
    Column("urgency", Text, info=PERSONAL),
    Column("waiting_since", Date, info=PERSONAL),
    Column("needs", ARRAY(Text), info=PERSONAL),
    Column("languages", ARRAY(Text), info=PERSONAL),
    Column("proposal_id", Uuid, index=True),
    Column("match_id", Uuid),
    Column("reason", Text, info=PERSONAL),
    Column("withheld", ARRAY(Text), nullable=False),
)


@dataclass(frozen=True)
class Waiting:
    """A member who waits; `reason` is a key of `REASONS`. What is withheld is None, and comes last in the order."""

    member_id: UUID
    person_id: UUID
    ref: str
    handle: str
    urgency: str | None
    waiting_since: date | None
    days: int | None
    needs: list[str] | None
    languages: list[str] | None
    reason: str


FIELDS: Final = {
    "urgency": Field.URGENCY,
    "waiting_since": Field.WAITING_SINCE,
    "days": Field.WAITING_SINCE,
    "needs": Field.NEEDS,
    "languages": Field.LANGUAGES,
}
"""What each part of `Waiting` tells of a member."""

REASONS: Final = {
    "consent": "has not agreed to what a match needs, or no longer does",
    "proposed": "a proposal waits for a decision",
    "not-considered-yet": "no round was held since they came",
    "declined": "a proposal was declined; the next round looks again",
    "unavailable": "a proposal is no longer available; the next round looks again",
    "ended": "a match has ended; the next round looks again",
    "no-feasible-mentor": "no mentor fits their needs, hours, language and boundaries",
    "places-short": "mentors who fit are full; others were ahead",
}

_add = insert(members)
_revise = update(members).where(members.c.member_id == bindparam("which"))
_match = _revise.values(match_id=bindparam("match"), proposal_id=None, reason=None)
_unmatch = _revise.values(match_id=None, reason="ended")
_erase = delete(members).where(members.c.member_id == bindparam("which"))
_propose = _revise.values(proposal_id=bindparam("proposal"), reason=None)
_end_proposal = _revise.where(members.c.proposal_id == bindparam("proposal")).values(
    proposal_id=None, reason=bindparam("why")
)
_end_unsaid = update(members).where(members.c.proposal_id == bindparam("proposal")).values(proposal_id=None)
_void = (
    update(members).where(members.c.proposal_id == bindparam("proposal")).values(proposal_id=None, reason="unavailable")
)
_explain = _revise.values(reason=bindparam("why"))
_forget_reason = _revise.values(reason=None)
_said_columns = ("ref", "handle", "urgency", "waiting_since", "needs", "languages")
_profile = _revise.values({name: bindparam(f"new_{name}") for name in _said_columns}).values(withheld=[])
_withheld_columns = tuple(name for name in _said_columns if name not in NAMES)
_withhold = _revise.values(
    {name: case((bindparam(f"hides_{name}", type_=Boolean), None), else_=members.c[name]) for name in _withheld_columns}
).values(withheld=bindparam("hidden"))


@projection.on(Member.Registered)
def _(entry: Entry, event: Member.Registered) -> Iterable[Change]:
    who = {"member_id": entry.stream, "person_id": event.person_id, "programme_id": event.programme_id}
    yield _add, {**who, **_said(event.profile), "proposal_id": None, "match_id": None, "reason": None, "withheld": []}


@projection.on(Member.ProfileRevised)
def _(entry: Entry, event: Member.ProfileRevised) -> Iterable[Change]:
    said = {f"new_{name}": value for name, value in _said(event.profile).items()}
    yield _profile, {"which": entry.stream, **said}
    yield _forget_reason, {"which": entry.stream}


@projection.on(Member.Withheld)
def _(entry: Entry, event: Member.Withheld) -> Iterable[Change]:
    hides = {f"hides_{name}": FIELDS[name] in event.hidden for name in _withheld_columns}
    yield _withhold, {"which": entry.stream, "hidden": sorted(event.hidden), **hides}
    if event.fields is None:
        yield _forget_reason, {"which": entry.stream}


@projection.on(Member.Matched)
def _(entry: Entry, event: Member.Matched) -> Iterable[Change]:
    yield _match, {"which": entry.stream, "match": event.match_id}


@projection.on(Member.Unmatched)
def _(entry: Entry, _: Member.Unmatched) -> Iterable[Change]:
    yield _unmatch, {"which": entry.stream}


@projection.on(Member.Erased)
def _(entry: Entry, _: Member.Erased) -> Iterable[Change]:
    yield _erase, {"which": entry.stream}


@projection.on(Match.Proposed)
def _(entry: Entry, event: Match.Proposed) -> Iterable[Change]:
    yield _propose, {"which": event.member_id, "proposal": entry.stream}


@projection.on(Match.Declined)
def _(entry: Entry, event: Match.Declined) -> Iterable[Change]:
    which = member_id(event.member_person_id)
    yield _end_proposal, {"which": which, "proposal": entry.stream, "why": "declined"}


@projection.on(Match.Replaced)
def _(entry: Entry, _: Match.Replaced) -> Iterable[Change]:
    yield _end_unsaid, {"proposal": entry.stream}


@projection.on(Match.Voided)
def _(entry: Entry, _: Match.Voided) -> Iterable[Change]:
    yield _void, {"proposal": entry.stream}


@projection.on(Round.Held)
def _(_: Entry, event: Round.Held) -> Iterable[Change]:
    for member, reason in event.waiting.items():
        yield _explain, {"which": member, "why": reason}


def _said(profile: MemberProfile) -> dict[str, Any]:
    return {
        "ref": profile.ref,
        "handle": profile.handle,
        "urgency": profile.urgency,
        "waiting_since": profile.waiting_since,
        "needs": [need.code for need in profile.needs],
        "languages": list(profile.languages),
    }


def waiting(
    connection: Connection, programme_id: UUID, *, today: date, limit: int | None = None, offset: int = 0
) -> list[Waiting]:
    """Give the members of a programme who wait, the most urgent and longest waiting first.

    Whether they still agree to be considered is not known here: ask their ledgers.
    """
    reason = case(
        (members.c.proposal_id.is_not(None), "proposed"),
        (members.c.reason.is_(None), "not-considered-yet"),
        else_=members.c.reason,
    )
    order = case({urgency.value: place for place, urgency in enumerate(Urgency)}, value=members.c.urgency)
    query = (
        select(members, reason.label("why"))
        .where(*_waits(programme_id))
        .order_by(order, members.c.waiting_since, members.c.ref, members.c.member_id)
        .limit(limit)
        .offset(offset)
    )
    return [_waiting(row, today) for row in connection.execute(query)]


def number_waiting(connection: Connection, programme_id: UUID) -> int:
    """Give how many members of a programme wait."""
    return connection.execute(select(func.count()).select_from(members).where(*_waits(programme_id))).scalar_one()


def _waits(programme_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return members.c.programme_id == programme_id, members.c.match_id.is_(None)


def _waiting(row: Row[Any], today: date) -> Waiting:
    since: date | None = row.waiting_since
    return Waiting(
        member_id=row.member_id,
        person_id=row.person_id,
        ref=row.ref,
        handle=row.handle,
        urgency=row.urgency,
        waiting_since=since,
        days=None if since is None else max(0, (today - since).days),
        needs=row.needs,
        languages=row.languages,
        reason=row.why,
    )
