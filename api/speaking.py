"""Who speaks for a person, as coordinators see it: for the API, the command line and the pages alike.

What is known of harm is no part of it: whoever asks, and whoever looks over their shoulder, sees the same either way.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from domain.consent import ConsentLedger, Giver, Speaker, SpeakerState
from domain.fingerprints import Mark
from domain.purposes import Purpose

LONGEST_MARK: Final = 200
EXPIRED: Final = "expired"


@dataclass(frozen=True)
class Spoken:
    """Somebody who may speak for a person, once could, or waits for a second person to confirm it."""

    standing: UUID
    giver: Giver
    holder: str
    evidence: str
    purposes: list[Purpose]
    expires_at: datetime
    status: str
    requested_at: datetime
    requested_by: str


@dataclass(frozen=True)
class SpeakingFor:
    """Who speaks for a person, whether they are of age, and whether all is frozen."""

    person: UUID
    of_age_on: date | None
    consents_alone: bool
    frozen_by: str | None
    standings: list[Spoken]


def speaking_for(ledger: ConsentLedger, at: datetime) -> SpeakingFor:
    """Give who speaks for the person of a ledger at an instant, the latest first."""
    minority = ledger.minority
    return SpeakingFor(
        person=ledger.person_id,
        of_age_on=None if minority is None else minority.until,
        consents_alone=minority is None or minority.alone,
        frozen_by=ledger.frozen_by,
        standings=[_spoken(speaker, at) for speaker in reversed(ledger.speakers.values())],
    )


def marks_of(name: str, phone: str | None, email: str | None, handle: str | None) -> dict[Mark, str]:
    """Give what somebody is known by, without what was left blank."""
    found = {Mark.NAME: name, Mark.PHONE: phone, Mark.EMAIL: email, Mark.HANDLE: handle}
    return {mark: value.strip() for mark, value in found.items() if value is not None and value.strip()}


def _spoken(speaker: Speaker, at: datetime) -> Spoken:
    has_run_out = speaker.state != SpeakerState.ENDED and at >= speaker.expires_at
    return Spoken(
        standing=speaker.standing_id,
        giver=speaker.giver,
        holder=speaker.holder,
        evidence=speaker.evidence,
        purposes=sorted(speaker.purposes, key=list(Purpose).index),
        expires_at=speaker.expires_at,
        status=EXPIRED if has_run_out else speaker.state,
        requested_at=speaker.requested_at,
        requested_by=speaker.requested_by,
    )
