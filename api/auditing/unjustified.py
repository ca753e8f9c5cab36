"""Was anybody told anything, or anything done, without a consent? One pass over the log finds out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.auditing.judging import denial
from domain.consent import ConsentLedger
from domain.events import Entry
from domain.member import Member
from domain.mentor import Mentor
from domain.registry import AGGREGATE_OF


@dataclass(frozen=True)
class Unjustified:
    """A telling or an act by its `position` in the log, and why no consent carried it when it took place."""

    position: int
    person: UUID
    kind: str
    by: str
    at: datetime
    reason: str


def unjustified(entries: Iterable[Entry], programme: UUID | None = None) -> list[Unjustified]:
    """Decide anew, from the events before it, on everything that used a consent; give what none carried.

    The entries are those of the log from its beginning. Memory holds one ledger a person, and what is found.
    """
    ledgers: dict[UUID, ConsentLedger] = {}
    people: set[UUID] = set()
    found = []
    for entry in entries:
        event = entry.event
        if isinstance(event, Member.Registered | Mentor.Registered) and programme in {None, event.programme_id}:
            people.add(event.person_id)
        if AGGREGATE_OF[type(event)] is not ConsentLedger:
            continue
        ledger = ledgers.setdefault(entry.stream, ConsentLedger(entry.stream))
        if isinstance(event, ConsentLedger.Disclosed | ConsentLedger.ReliedOn):
            reason = denial(ledger, entry, known_at=entry.position - 1)
            if reason is not None:
                found.append(_row(entry, event, reason))
        ledger.follow(entry)
    return [row for row in found if programme is None or row.person in people]


def _row(entry: Entry, event: ConsentLedger.Disclosed | ConsentLedger.ReliedOn, reason: str) -> Unjustified:
    return Unjustified(
        position=entry.position,
        person=event.person_id,
        kind=event.act if isinstance(event, ConsentLedger.ReliedOn) else "disclosed",
        by=event.by,
        at=event.at,
        reason=reason,
    )
