"""What every event carries, where it stands in the log, and which of its fields are personal."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, ClassVar, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec


class Personal:
    """Marks a field as personal data of the person whose id stands in a field of the event, or of several people."""

    def __init__(self, *subjects: str) -> None:
        self.subjects = subjects or ("person_id",)


class Event(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that happened: `at` is when it took effect, `by` who did it (an account or a role, never a member)."""

    TOPIC: ClassVar[str]
    at: datetime
    by: str

    def apply(self, aggregate: Any) -> None:
        """Carry the event into the aggregate. Never refuses: it also runs on replay."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An event at its place: version `version` (from 1) of the stream; position and time of recording once stored."""

    stream: UUID
    version: int
    event: Event
    position: int = 0
    recorded_at: datetime | None = None


class Command(msgspec.Struct, frozen=True):
    """A request that must be done once: its idempotency key, and the digest of what it asks."""

    key: str
    request_sha256: bytes


class Answer(msgspec.Struct, frozen=True):
    """What a command led to: version `version` of a stream."""

    stream: UUID
    version: int


def personal_fields(event_type: type[Event]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give (field, fields that hold the ids of those whom it is about) for each personal field of an event type."""
    for name, hint in get_type_hints(event_type, include_extras=True).items():
        if get_origin(hint) is Annotated:
            for mark in get_args(hint)[1:]:
                if isinstance(mark, Personal):
                    yield name, mark.subjects
