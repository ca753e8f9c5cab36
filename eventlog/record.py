"""A stored event as the transparency log sees it: the bytes as they lie in the table, and what stands beside them."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

COLUMNS: Final = "notification_id, originator_id, originator_version, topic, recorded_at, event_id, state"
"""What `Record` takes, in its order."""

EVERY_RECORD: Final = f"SELECT {COLUMNS} FROM eventlog.events ORDER BY notification_id"  # noqa: S608 - our own names


class Record(msgspec.Struct, frozen=True, gc=False):
    """One row of the log. Positions are gapless from 1; `state` is what is stored, personal fields sealed.

    It can be in no cycle, so the garbage collector need not look at it: of long streams it would look at very many.
    """

    position: int
    stream: UUID
    version: int
    topic: str
    recorded_at: datetime
    event_id: UUID
    state: bytes
