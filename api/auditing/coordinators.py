"""Which accounts were a programme's coordinators?"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from domain.access import Actor
from projections import accounts


def coordinators(read_models: Connection, programme: UUID, at: datetime) -> list[str]:
    """Give the accounts that could act as coordinators of a programme at an instant: see `audience.Accounts`."""
    return [holder.account for holder in accounts.holders(read_models, programme, Actor.COORDINATOR, at)]
