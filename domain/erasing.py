"""Erasing a person: everything that it ends, together."""

from datetime import datetime
from uuid import UUID

from domain.aggregate import Aggregate
from domain.consent import ConsentLedger
from domain.identity import ledger_id, member_id, mentor_id
from domain.match import MatchStatus
from domain.pool import Pool


def erase(pool: Pool, person: UUID, *, at: datetime, by: str) -> list[Aggregate]:
    """Erase a person of a programme; give everything that changed, the ledger first.

    Their open proposals are voided and their matches closed: a mentor has the place free again, a member waits again.
    Raises `ErasureNotAsked`, `SecondPersonNeeded` or `PersonErased`.
    """
    ledger = pool.ledgers.get(ledger_id(person), ConsentLedger.of(person))
    ledger.erase(at=at, by=by)
    pool.programme.note_erasure(at=at, by=by)
    changed: dict[UUID, Aggregate] = {ledger.id: ledger, pool.programme.id: pool.programme}
    for match in pool.matches_of(person):
        was_approved = match.status == MatchStatus.APPROVED
        match.end(at=at, by=by)
        changed[match.id] = match
        if was_approved:
            member, mentor = pool.members[match.member_id], pool.mentors[match.mentor_id]
            member.unmatch(match.id, at=at, by=by)
            mentor.release_place(match.id, at=at, by=by)
            changed |= {member.id: member, mentor.id: mentor}
    for role in (pool.members.get(member_id(person)), pool.mentors.get(mentor_id(person))):
        if role is not None:
            role.erase(at=at, by=by)
            changed[role.id] = role
    return list(changed.values())
