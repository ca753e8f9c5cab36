"""Who waits, since when, how urgently, and why still?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Date, Text, Uuid, bindparam, case, delete, insert, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from domain.events import Entry
from domain.match import Match
from domain.member import Member
from domain.profiles import MemberProfile
from domain.purposes import Purpose
from domain.round import Round
from domain.values import Urgency
from projections.consent_history import consent_states
from projections.projection import PERSONAL, Change, Projection

projection = Projection("waiting-list")

members = projection.table(
    "members",
    Column("member_id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False, index=True),
    Column("programme_id", Uuid, nullable=False, index=True),
    Column("ref", Text, nullable=False, info=PERSONAL),
    Column("handle", Text, nullable=False, info=PERSONAL),
    Column("urgency", Text, nullable=False, info=PERSONAL),
    Column("waiting_since", Date, nullable=False, info=PERSONAL),
    Column("needs", ARRAY(Text), nullable=False, info=PERSONAL),
    Column("languages", ARRAY(Text), nullable=False, info=PERSONAL),
    Column("proposal_id", Uuid, index=True),
    Column("match_id", Uuid),
    Column("reason", Text, info=PERSONAL),
)


@dataclass(frozen=True)
class Waiting:
    """A member who waits; `reason` is a key of `REASONS`."""

    member_id: UUID
    person_id: UUID
    ref: str
    handle: str
    urgency: str
    waiting_since: date
    days: int
    needs: list[str]
    languages: list[str]
    reason: str


REASONS = {
    "consent": "has not agreed to be considered, or no longer does",
    "proposed": "a proposal waits for a decision",
    "not-considered-yet": "no round was held since they came",
    "declined": "a proposal was declined; the next round looks again",
    "no-feasible-mentor": "no mentor fits their needs, hours, language and boundaries",
    "places-short": "mentors who fit are full; others were ahead",
}

_add = insert(members)
_revise = update(members).where(members.c.member_id == bindparam("which"))
_match = _revise.values(match_id=bindparam("match"), proposal_id=None, reason=None)
_unmatch = _revise.values(match_id=None)
_erase = delete(members).where(members.c.member_id == bindparam("which"))
_propose = _revise.values(proposal_id=bindparam("proposal"), reason=None)
_end_proposal = (
    update(members)
    .where(members.c.proposal_id == bindparam("proposal"))
    .values(proposal_id=None, reason=bindparam("why"))
)
_end_unsaid = update(members).where(members.c.proposal_id == bindparam("proposal")).values(proposal_id=None)
_explain = _revise.values(reason=bindparam("why"))
_forget_reason = _revise.values(reason=None)
_profile = _revise.values(
    {name: bindparam(f"new_{name}") for name in ("ref", "handle", "urgency", "waiting_since", "needs", "languages")}
)


@projection.on(Member.Registered)
def _(entry: Entry, event: Member.Registered) -> Iterable[Change]:
    who = {"member_id": entry.stream, "person_id": event.person_id, "programme_id": event.programme_id}
    yield _add, {**who, **_said(event.profile), "proposal_id": None, "match_id": None, "reason": None}


@projection.on(Member.ProfileRevised)
def _(entry: Entry, event: Member.ProfileRevised) -> Iterable[Change]:
    said = {f"new_{name}": value for name, value in _said(event.profile).items()}
    yield _profile, {"which": entry.stream, **said}
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
def _(entry: Entry, _: Match.Declined) -> Iterable[Change]:
    yield _end_proposal, {"proposal": entry.stream, "why": "declined"}


@projection.on(Match.Replaced)
def _(entry: Entry, _: Match.Replaced) -> Iterable[Change]:
    yield _end_unsaid, {"proposal": entry.stream}


@projection.on(Match.Voided)
def _(entry: Entry, _: Match.Voided) -> Iterable[Change]:
    yield _end_unsaid, {"proposal": entry.stream}


@projection.on(Round.Held)
def _(_: Entry, event: Round.Held) -> Iterable[Change]:
    for member_id, reason in event.waiting.items():
        yield _explain, {"which": member_id, "why": reason}


def _said(profile: MemberProfile) -> dict[str, Any]:
    return {
        "ref": profile.ref,
        "handle": profile.handle,
        "urgency": profile.urgency,
        "waiting_since": profile.waiting_since,
        "needs": [need.code for need in profile.needs],
        "languages": list(profile.languages),
    }


def waiting(connection: Connection, programme_id: UUID, *, at: datetime) -> list[Waiting]:
    """Give the members of a programme who wait at an instant, the most urgent and longest waiting first."""
    considered = (
        select(consent_states.c.person_id)
        .where(
            consent_states.c.person_id == members.c.person_id,
            consent_states.c.purpose == Purpose.MATCH_CONSIDER,
            consent_states.c.state == "granted",
            consent_states.c.expires_at > at,
        )
        .exists()
    )
    reason = case(
        (~considered, "consent"),
        (members.c.proposal_id.is_not(None), "proposed"),
        (members.c.reason.is_(None), "not-considered-yet"),
        else_=members.c.reason,
    )
    order = case({urgency.value: place for place, urgency in enumerate(Urgency)}, value=members.c.urgency)
    query = (
        select(members, reason.label("why"))
        .where(members.c.programme_id == programme_id, members.c.match_id.is_(None))
        .order_by(order, members.c.waiting_since, members.c.ref)
    )
    return [
        Waiting(
            member_id=row.member_id,
            person_id=row.person_id,
            ref=row.ref,
            handle=row.handle,
            urgency=row.urgency,
            waiting_since=row.waiting_since,
            days=max(0, (at.date() - row.waiting_since).days),
            needs=row.needs,
            languages=row.languages,
            reason=row.why,
        )
        for row in connection.execute(query)
    ]
