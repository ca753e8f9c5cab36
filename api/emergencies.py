"""Emergency disclosures, as coordinators see and make them: for the API, the command line and the pages alike."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from api.telling import tell
from domain.application import Alongside
from domain.consent import ConsentLedger, Emergency
from domain.consent.emergency import LONGEST_EMERGENCY
from domain.emergencies import USUAL_EMERGENCY
from domain.purposes import Field

MOST_HOURS: Final = LONGEST_EMERGENCY // timedelta(hours=1)
USUAL_HOURS: Final = USUAL_EMERGENCY // timedelta(hours=1)


@dataclass(frozen=True)
class EmergencyShown:
    """What is asked to be told of a person to whom and why, and what became of it. It holds no value of any field."""

    emergency: UUID
    person: UUID
    fields: list[Field]
    recipient: str
    reason: str
    status: str
    requested_at: datetime
    requested_by: str
    disclosed_by: str | None
    expires_at: datetime | None
    member_told: bool


@dataclass(frozen=True)
class Told:
    """What is told in an emergency, once: fields and their values, None for what nobody knows."""

    emergency: UUID
    person: UUID
    recipient: str
    expires_at: datetime
    member_told: bool
    told: dict[Field, str | None]


@dataclass(frozen=True)
class ToldOfMe:
    """What a person reads of an emergency disclosure about them. Staff are not named."""

    told_at: datetime
    fields: list[Field]
    recipient: str
    reason: str
    expires_at: datetime


def told_of_me(ledger: ConsentLedger) -> list[ToldOfMe]:
    """Give the emergency disclosures that the person of a ledger hears of, the latest first."""
    return [
        ToldOfMe(each.disclosed_at, list(each.fields), each.recipient, each.reason, each.expires_at)
        for each in reversed(ledger.emergencies.values())
        if each.is_shown_to_member and each.disclosed_at is not None and each.expires_at is not None
    ]


def emergencies_of(ledger: ConsentLedger) -> list[EmergencyShown]:
    """Give the emergency disclosures of a person and the requests for some, the latest first."""
    return [_shown(ledger.person_id, each) for each in reversed(ledger.emergencies.values())]


def disclose(
    alongside: Alongside,
    person: UUID,
    emergency: UUID,
    *,
    untold_because: str | None,
    hours: int,
    at: datetime,
    by: str,
) -> Told:
    """Record that what somebody else asked for is told, and only then read and give it. Doing it again is refused."""
    ledger = alongside.disclose_emergency(
        person, emergency, untold_because=untold_because, lasts=timedelta(hours=hours), at=at, by=by
    )
    told = ledger.emergencies[emergency]
    assert told.expires_at is not None, "it was told just now"
    return Told(
        emergency=emergency,
        person=person,
        recipient=told.recipient,
        expires_at=told.expires_at,
        member_told=told.member_told,
        told=tell(alongside, person, told.fields),
    )


def _shown(person: UUID, emergency: Emergency) -> EmergencyShown:
    return EmergencyShown(
        emergency=emergency.emergency_id,
        person=person,
        fields=list(emergency.fields),
        recipient=emergency.recipient,
        reason=emergency.reason,
        status=emergency.state,
        requested_at=emergency.requested_at,
        requested_by=emergency.requested_by,
        disclosed_by=emergency.disclosed_by,
        expires_at=emergency.expires_at,
        member_told=emergency.member_told,
    )
