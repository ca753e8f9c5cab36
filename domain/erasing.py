"""Erasing a person: everything that it ends, together."""

from datetime import datetime
from uuid import UUID

from domain.ending import end_match
from domain.identity import member_id, mentor_id
from domain.member import Member
from domain.mentor import Mentor
from domain.programme import Programme
from domain.together import Together


def erase(together: Together, programme: UUID, person: UUID, *, at: datetime, by: str) -> None:
    """Erase a person of a programme, with all that they take part in.

    Their open proposals are voided and their matches closed: a mentor has the place free again, a member waits again.
    Raises `ErasureNotAsked`, `SecondPersonNeeded` or `PersonErased`.
    """
    ledger = together.ledger(person)
    ledger.erase(at=at, by=by)
    together.load(Programme, programme).note_erasure(at=at, by=by)
    for match in list(ledger.open_matches()):
        end_match(together, match, at=at, by=by)
    for role in (together.find(Member, member_id(person)), together.find(Mentor, mentor_id(person))):
        if role is not None:
            role.erase(at=at, by=by)
