"""How ids are made: from what a thing is, so that the same thing made twice is a conflict and not a double."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid5

_ALONGSIDE: Final = UUID("950249c2-9106-42b6-959d-ca6756cb0268")


def programme_id(slug: str) -> UUID:
    """Programmes are known by a short name in lower case."""
    return uuid5(_ALONGSIDE, f"programme:{slug}")


def person_id(namespace: UUID, ref: str) -> UUID:
    """One person a reference; `namespace` is the programme's own, random and kept in its first event."""
    return uuid5(namespace, f"person:{ref}")


def member_id(person: UUID) -> UUID:
    """A person may be a member and a mentor: two streams."""
    return uuid5(person, "member")


def mentor_id(person: UUID) -> UUID:
    """See `member_id`."""
    return uuid5(person, "mentor")


def ledger_id(person: UUID) -> UUID:
    """One consent ledger a person."""
    return uuid5(person, "consent-ledger")


def match_id(round_id: UUID, member: UUID, mentor: UUID) -> UUID:
    """A round proposes a pair once."""
    return uuid5(round_id, f"match:{member}:{mentor}")


def round_id(programme: UUID, number: int) -> UUID:
    """Rounds of a programme are numbered from 1."""
    return uuid5(programme, f"round:{number}")


def draw_id(programme: UUID, number: int) -> UUID:
    """Draws of a programme are numbered from 1."""
    return uuid5(programme, f"draw:{number}")


def draft_id(programme: UUID, position: int) -> UUID:
    """A programme has one draft that was opened on the log up to a position."""
    return uuid5(programme, f"draft:{position}")


def notice_id(programme: UUID, purpose: str, language: str) -> UUID:
    """A programme has one notice a purpose and language, with one wording after another."""
    return uuid5(programme, f"notice:{purpose}:{language}")


def audit_trail_id(programme: UUID | None, account: str, at: datetime) -> UUID:
    """One stream an account, programme (or none) and month."""
    return uuid5(programme or _ALONGSIDE, f"audit-trail:{at.astimezone(UTC):%Y-%m}:{account}")


def token_id(secret_sha256: str) -> UUID:
    """A token's stream is found from the secret's digest, the secret itself is kept nowhere."""
    return uuid5(_ALONGSIDE, f"token:{secret_sha256}")
