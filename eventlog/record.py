"""A stored event as the transparency log sees it: the bytes as they lie in the table, and what stands beside them."""

from datetime import datetime
from uuid import UUID

import msgspec


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
