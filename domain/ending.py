"""Ending a match or a proposal, and everything that hangs on it. Why it ended is nobody's business but the person's."""

from datetime import datetime
from typing import Final
from uuid import UUID

from domain.consent import ConsentLedger, Reason, consent_at
from domain.identity import member_id, mentor_id
from domain.match import APPROVAL_NEEDS, Match, Side
from domain.member import Member
from domain.mentor import Mentor
from domain.purposes import READABLE, TERMS, AudienceKind, Field, Purpose
from domain.together import Together

LETS_COORDINATORS_READ: Final = (Purpose.MATCH_CONSIDER, Purpose.COORD_NOTES)

_ENDS_A_PROPOSAL: Final = {
    Reason.REFUSED,
    Reason.WITHDRAWN,
    Reason.REVOKED,
    Reason.INVALIDATED,
    Reason.NO_STANDING,
    Reason.GUARDIAN_NEEDED,
}


def end_match(together: Together, match_id: UUID, *, at: datetime, by: str) -> None:
    """End a match where it stands: an open proposal is voided, an approved match closed, anything else has ended.

    The mentor has the place free again, the member waits again, and both ledgers know that no more may be told.
    """
    match = together.load(Match, match_id)
    was_approved = match.is_approved
    match.end(at=at, by=by)
    if was_approved:
        _free_both(together, match, at=at, by=by)
    leave_ledgers(together, match, at=at, by=by)


def leave_match(together: Together, match_id: UUID, side: Side, *, at: datetime, by: str) -> None:
    """End an approved match on the word of one side, as `end_match` does, and have the pair proposed no more."""
    match = together.load(Match, match_id)
    match.leave(side, at=at, by=by)
    _free_both(together, match, at=at, by=by)
    leave_ledgers(together, match, at=at, by=by)


def leave_ledgers(together: Together, match: Match, *, at: datetime, by: str) -> None:
    """Record in both people's ledgers that a match or proposal is no more."""
    for person in (match.member_person_id, match.mentor_person_id):
        together.ledger(person).end_match(match.id, at=at, by=by)


def settle(together: Together, ledger: ConsentLedger, *, at: datetime, by: str) -> None:
    """End what a person's ledger no longer carries, and withhold of their profile what coordinators may read no more.

    A match that both sides accepted goes on when the consents end that led to it: it is theirs to close. No match goes
    on with somebody whom the person does not want to meet.
    """
    for match in list(ledger.open_matches()):
        if _is_kept_away(together, ledger, match) or (not ledger.is_active(match) and _is_over(ledger, at)):
            end_match(together, match, at=at, by=by)
    person = ledger.person_id
    for role in (together.find(Member, member_id(person)), together.find(Mentor, mentor_id(person))):
        if role is not None:
            show_or_withhold(role, ledger, at=at, by=by)


def show_or_withhold(role: Member | Mentor, ledger: ConsentLedger, *, at: datetime, by: str) -> None:
    """Let what is kept for coordinators to read show of a profile exactly what they may read now.

    Otherwise the place in a sorted list would tell what is not shown in it.
    """
    readable = frozenset[Field]().union(
        *(_readable(ledger, purpose, role.programme_id, at) for purpose in LETS_COORDINATORS_READ)
    )
    role.withhold(READABLE - readable, at=at, by=by)


def _readable(ledger: ConsentLedger, purpose: Purpose, programme: UUID, at: datetime) -> frozenset[Field]:
    """Give what a purpose lets the coordinators of a programme read: `decide` of all fields, in one question."""
    covered = consent_at(ledger, purpose, at=at, named=str(programme)).fields
    return covered & TERMS[purpose].audiences[AudienceKind.COORDINATORS]


def _free_both(together: Together, match: Match, *, at: datetime, by: str) -> None:
    together.load(Member, match.member_id).unmatch(match.id, at=at, by=by)
    together.load(Mentor, match.mentor_id).release_place(match.id, at=at, by=by)


def _is_kept_away(together: Together, ledger: ConsentLedger, match_id: UUID) -> bool:
    if not ledger.blocks:
        return False
    match = together.load(Match, match_id)
    return not ledger.kept_away.isdisjoint({match.member_person_id, match.mentor_person_id})


def _is_over(ledger: ConsentLedger, at: datetime) -> bool:
    return any(consent_at(ledger, purpose, at=at).reason in _ENDS_A_PROPOSAL for purpose in APPROVAL_NEEDS)
