"""What changed in people's consents between two positions of the log?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.application import Alongside
from domain.consent import ConsentLedger, State, consent_at, state_at
from domain.errors import InvalidValue
from domain.purposes import Field, Purpose
from domain.registry import AGGREGATE_OF


@dataclass(frozen=True)
class Standing:
    """How a consent stood."""

    state: State
    permitted: bool
    fields: list[Field]


@dataclass(frozen=True)
class Change:
    """A consent that stands otherwise on what was known at the later position."""

    person: UUID
    purpose: Purpose
    before: Standing
    after: Standing


@dataclass(frozen=True)
class Changes:
    """What is different for one instant `at` between knowing the log up to `earlier` and up to `later`."""

    earlier: int
    later: int
    at: datetime
    changes: list[Change]


def changes_between(
    alongside: Alongside, earlier: int, later: int, *, at: datetime | None = None, programme: UUID | None = None
) -> Changes:
    """Compare what two positions know of everybody of whose consents something was recorded between them.

    Both are asked about one instant, when all of it was recorded unless another is named; so what differs was said
    between them, and what only ran out is no change.
    """
    head = alongside.log.head()
    if not 0 <= earlier <= later <= head:
        raise InvalidValue(f"Positions go from 0 to {head}, the earlier one first.")
    touched, recorded_at = _touched(alongside, earlier, later)
    as_of = at or recorded_at
    if as_of is None:
        raise InvalidValue("Nothing was recorded by the later position.")
    people = sorted(person for person in touched if programme is None or programme in alongside.programmes_of(person))
    found = [change for person in people for change in _changes(alongside.ledger(person), earlier, later, as_of)]
    return Changes(earlier, later, as_of, found)


def _touched(alongside: Alongside, earlier: int, later: int) -> tuple[set[UUID], datetime | None]:
    """Give everybody whose ledger has new events, and an instant by which all of them were recorded and in effect."""
    touched: set[UUID] = set()
    instants: list[datetime] = []
    for entry in alongside.log.read(min(earlier, max(later - 1, 0)), later):
        instants = [max(*instants, entry.event.at, entry.recorded_at or entry.event.at)]
        if entry.position > earlier and AGGREGATE_OF[type(entry.event)] is ConsentLedger:
            person: UUID = entry.event.person_id  # type: ignore[attr-defined]  # every event of a ledger has one
            touched.add(person)
    return touched, max(instants, default=None)


def _changes(ledger: ConsentLedger, earlier: int, later: int, at: datetime) -> Iterable[Change]:
    for purpose in Purpose:
        before, after = (_standing(ledger, purpose, at, known_at) for known_at in (earlier, later))
        if before != after:
            yield Change(ledger.person_id, purpose, before, after)


def _standing(ledger: ConsentLedger, purpose: Purpose, at: datetime, known_at: int) -> Standing:
    decision = consent_at(ledger, purpose, at=at, known_at=known_at)
    state = state_at(ledger, purpose, at=at, known_at=known_at)
    return Standing(state, decision.permit, sorted(decision.fields))
