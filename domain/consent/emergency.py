"""Telling somebody the least that is needed when a life is in danger: no consent, and never one that is overridden.

Two people do it: one asks and says why, another reads that and discloses. It is recorded before anything is told.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Final
from uuid import UUID, uuid5

import msgspec

from domain.consent.stream import PersonsLedger
from domain.errors import EmergencyDecided, InvalidValue, SecondPersonNeeded, UnknownEmergency
from domain.events import Event, Personal
from domain.purposes import Field

LONGEST_EMERGENCY: Final = timedelta(hours=72)
LONGEST_RECIPIENT: Final = 200
LONGEST_REASON: Final = 1_000


class EmergencyState(StrEnum):
    """How far an emergency disclosure has come."""

    REQUESTED = "requested"
    DISCLOSED = "disclosed"
    CANCELLED = "cancelled"


class Emergency(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be told to whom and why, who asked, and what became of it; `position` is that of its last event."""

    emergency_id: UUID
    fields: tuple[Field, ...]
    recipient: str
    reason: str
    requested_at: datetime
    requested_by: str
    state: EmergencyState = EmergencyState.REQUESTED
    position: int = 0
    disclosed_at: datetime | None = None
    disclosed_by: str | None = None
    expires_at: datetime | None = None
    member_told: bool = True
    untold_because: str | None = None

    @property
    def is_shown_to_member(self) -> bool:
        """Say whether the person it is about is told of it."""
        return self.state == EmergencyState.DISCLOSED and self.member_told


class Endangered(PersonsLedger):
    """The part of a ledger that holds emergency disclosures."""

    class EmergencyRequested(Event, frozen=True, kw_only=True):
        """Somebody asks that these fields be told to a recipient, because a life is in danger."""

        TOPIC = "consent.emergency-requested"
        person_id: UUID
        emergency_id: UUID
        fields: tuple[Field, ...]
        recipient: Annotated[str, Personal()]
        reason: Annotated[str, Personal()]

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            aggregate.emergencies[self.emergency_id] = Emergency(
                emergency_id=self.emergency_id,
                fields=self.fields,
                recipient=self.recipient,
                reason=self.reason,
                requested_at=self.at,
                requested_by=self.by,
                position=aggregate.place.position,
            )

    class EmergencyDisclosed(Event, frozen=True, kw_only=True):
        """A second person tells these fields; the recipient may use them until a time. Recorded before it is told.

        The person hears of it unless that is unsafe, `untold_because` says why.
        """

        TOPIC = "consent.emergency-disclosed"
        person_id: UUID
        emergency_id: UUID
        fields: tuple[Field, ...]
        requested_by: str
        expires_at: datetime
        member_told: bool
        untold_because: Annotated[str | None, Personal()]

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            aggregate.emergencies[self.emergency_id] = msgspec.structs.replace(
                aggregate.emergencies[self.emergency_id],
                state=EmergencyState.DISCLOSED,
                position=aggregate.place.position,
                disclosed_at=self.at,
                disclosed_by=self.by,
                expires_at=self.expires_at,
                member_told=self.member_told,
                untold_because=self.untold_because,
            )

    class EmergencyCancelled(Event, frozen=True, kw_only=True):
        """What was asked for was taken back or turned down; nothing was told."""

        TOPIC = "consent.emergency-cancelled"
        person_id: UUID
        emergency_id: UUID

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.note(self)
            aggregate.emergencies[self.emergency_id] = msgspec.structs.replace(
                aggregate.emergencies[self.emergency_id],
                state=EmergencyState.CANCELLED,
                position=aggregate.place.position,
            )

    def __init__(self, id: UUID) -> None:  # noqa: A002
        super().__init__(id)
        self.emergencies: dict[UUID, Emergency] = {}

    def request_emergency(
        self, fields: Collection[Field], *, recipient: str, reason: str, at: datetime, by: str
    ) -> UUID:
        """Ask that these fields be told to somebody; give the id of the request."""
        self.must_be_here()
        if not fields or Field.BOUNDARIES in fields:
            raise InvalidValue("Name the fields that are needed, and no boundaries: those are sealed.")
        _must_be_said(recipient, "who is to be told", LONGEST_RECIPIENT)
        _must_be_said(reason, "why a life is in danger", LONGEST_REASON)
        emergency = uuid5(self.id, f"emergency:{len(self.emergencies) + 1}")
        self.record(
            self.EmergencyRequested(
                person_id=self.person_id,
                emergency_id=emergency,
                fields=tuple(sorted(fields)),
                recipient=recipient.strip(),
                reason=reason.strip(),
                at=self.no_earlier(at),
                by=by,
            ),
        )
        return emergency

    def disclose_emergency(
        self, emergency: UUID, *, untold_because: str | None, lasts: timedelta, at: datetime, by: str
    ) -> Emergency:
        """Tell what somebody else asked to be told.

        `untold_because` says why it is unsafe that the person hears of it; without it they do. Raises
        `UnknownEmergency`, `EmergencyDecided` or `SecondPersonNeeded`.
        """
        self.must_be_here()
        asked = self._must_wait(emergency)
        if asked.requested_by == by:
            raise SecondPersonNeeded("This needs two people: somebody else has to disclose what you asked for.")
        if not timedelta() < lasts <= LONGEST_EMERGENCY:
            raise InvalidValue("What is told in an emergency may be used for 1 to 72 hours.")
        if untold_because is not None:
            _must_be_said(untold_because, "why it is unsafe that they hear of it", LONGEST_REASON)
        at = self.no_earlier(at)
        self.record(
            self.EmergencyDisclosed(
                person_id=self.person_id,
                emergency_id=emergency,
                fields=asked.fields,
                requested_by=asked.requested_by,
                expires_at=at + lasts,
                member_told=untold_because is None,
                untold_because=untold_because,
                at=at,
                by=by,
            ),
        )
        return self.emergencies[emergency]

    def cancel_emergency(self, emergency: UUID, *, at: datetime, by: str) -> None:
        """Take back or turn down what nobody has disclosed yet. Raises `UnknownEmergency`, `EmergencyDecided`."""
        self._must_wait(emergency)
        event = self.EmergencyCancelled(person_id=self.person_id, emergency_id=emergency, at=self.no_earlier(at), by=by)
        self.record(event)

    def _must_wait(self, emergency: UUID) -> Emergency:
        found = self.emergencies.get(emergency)
        if found is None:
            raise UnknownEmergency("There is no such request.")
        if found.state != EmergencyState.REQUESTED:
            raise EmergencyDecided("This was decided already.")
        return found


def _must_be_said(text: str, what: str, longest: int) -> None:
    if not text.strip() or len(text) > longest:
        raise InvalidValue(f"Say {what}, in at most {longest:,} characters.")
