"""The closed list of what can stand in the log: every kind of aggregate and every type of event."""

from typing import Final

from domain.access import AccessToken
from domain.aggregate import Aggregate
from domain.audit_trail import AuditTrail
from domain.consent import ConsentLedger
from domain.draft import Draft
from domain.events import Event
from domain.match import Match
from domain.member import Member
from domain.mentor import Mentor
from domain.notice import Notice
from domain.programme import Programme
from domain.round import Round

AGGREGATES: Final[tuple[type[Aggregate], ...]] = (
    Programme,
    Member,
    Mentor,
    ConsentLedger,
    Notice,
    Match,
    Round,
    Draft,
    AccessToken,
    AuditTrail,
)

AGGREGATE_OF: Final[dict[type[Event], type[Aggregate]]] = {
    event_type: aggregate
    for aggregate in AGGREGATES
    for part in aggregate.__mro__
    for event_type in vars(part).values()
    if isinstance(event_type, type) and issubclass(event_type, Event)
}

EVENT_TYPES: Final[dict[str, type[Event]]] = {event_type.TOPIC: event_type for event_type in AGGREGATE_OF}
assert len(EVENT_TYPES) == len(AGGREGATE_OF), "every event type has a topic of its own"
