"""Who was told what of a person, and which acts relied on their consents."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.consent import Channel, ConsentLedger, Reliance
from domain.events import Entry
from domain.purposes import Field, Purpose

EMERGENCY: Final = "consent.emergency-disclosed"


@dataclass(frozen=True)
class Used:
    """A consent that was used: the event that gave it, by its place in the ledger and in the log."""

    purpose: Purpose
    consent: UUID
    version: int
    position: int | None


@dataclass(frozen=True)
class Seen:
    """A telling or an act, by its `position` in the log.

    `kind` is `emergency`, `disclosed` or `relied on`. `by` is the account or role that was told or acted, `viewer`
    their person, if they have one here. An act has a name and what it was about, a match or another `reference`.
    """

    position: int
    kind: str
    at: datetime
    recorded_at: datetime | None
    by: str
    role: str
    viewer: UUID | None
    purpose: Purpose | None
    fields: list[Field]
    channel: str
    request: str
    act: str
    reference: UUID | None
    consents: list[Used]


@dataclass(frozen=True)
class WhoSaw:
    """Everything that was told of a person and done on their consents: emergencies first, then the latest first."""

    person: UUID
    seen: list[Seen]


def who_saw(person: UUID, entries: Sequence[Entry]) -> WhoSaw:
    """Read it from the entries of a person's ledger."""
    latest_first = sorted(_seen(entries), key=lambda seen: -seen.position)
    return WhoSaw(person, sorted(latest_first, key=lambda seen: seen.kind != "emergency"))


def _seen(entries: Sequence[Entry]) -> Iterator[Seen]:
    positions = {entry.version: entry.position for entry in entries}
    for entry in entries:
        match entry.event:
            case ConsentLedger.Disclosed() as event:
                yield _disclosed(entry, event, used(event.consents, positions))
            case ConsentLedger.ReliedOn() as event:
                yield _relied_on(entry, event, used(event.consents, positions))
            case event if event.TOPIC == EMERGENCY:
                yield _emergency(entry)


def used(consents: Sequence[Reliance], positions: dict[int, int]) -> list[Used]:
    """Give where the consents stand that an event names, by the positions of the ledger's versions."""
    return [Used(each.purpose, each.consent_id, each.version, positions.get(each.version)) for each in consents]


def _disclosed(entry: Entry, event: ConsentLedger.Disclosed, consents: list[Used]) -> Seen:
    return Seen(
        position=entry.position,
        kind="disclosed",
        at=event.at,
        recorded_at=entry.recorded_at,
        by=event.by,
        role=event.role,
        viewer=event.viewer,
        purpose=event.purpose,
        fields=list(event.fields),
        channel=event.channel,
        request=event.request,
        act="",
        reference=event.audience.match,
        consents=consents,
    )


def _relied_on(entry: Entry, event: ConsentLedger.ReliedOn, consents: list[Used]) -> Seen:
    return Seen(
        position=entry.position,
        kind="relied on",
        at=event.at,
        recorded_at=entry.recorded_at,
        by=event.by,
        role="",
        viewer=event.counterpart,
        purpose=None,
        fields=[],
        channel="",
        request="",
        act=event.act,
        reference=event.reference,
        consents=consents,
    )


def _emergency(entry: Entry) -> Seen:
    return Seen(
        position=entry.position,
        kind="emergency",
        at=entry.event.at,
        recorded_at=entry.recorded_at,
        by=entry.event.by,
        role="",
        viewer=None,
        purpose=None,
        fields=list(getattr(entry.event, "fields", ())),
        channel=Channel.EMERGENCY,
        request="",
        act="",
        reference=None,
        consents=[],
    )
