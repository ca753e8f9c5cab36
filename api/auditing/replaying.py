"""A person's consents as of an instant, on what was known up to a position: replayed from events."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from api.auditing.lines import line, open_to_all, unnumbered
from domain.application import Alongside
from domain.consent import ConsentLedger, Decision, Place, Reason, State, consent_at, needs_guardian, state_at
from domain.events import Entry
from domain.purposes import Purpose


@dataclass(frozen=True)
class Replay:
    """What was permitted at an instant, for every purpose, and the events by which it was: known, and true by then."""

    person_id: UUID
    at: datetime
    decisions: dict[Purpose, Decision]
    entries: Sequence[Entry]
    states: dict[Purpose, State] = field(default_factory=dict)
    known_at: int = 0
    needs_guardian: bool = False

    def report(self, *, whole: bool = False) -> dict[str, Any]:
        """Give the replay as one JSON object; whole for auditors, else without the events that protect the person.

        Nor are events numbered then: a number that is missing would tell of one.
        """
        if whole:
            return self._report(lambda numbered: numbered)
        return self.openly()._report(unnumbered)  # noqa: SLF001 - another of the same kind

    def _report(self, told: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
        return {
            "person": str(self.person_id),
            "at": self.at.isoformat(),
            "known_at": self.known_at,
            "consents": [
                {**self._consent(purpose, decision), "deciding": [told(_place(place)) for place in decision.deciding]}
                for purpose, decision in self.decisions.items()
            ],
            "events": [told(line(entry)) for entry in self.entries],
        }

    def openly(self) -> "Replay":
        """Give what anybody but an auditor is shown: neither the events that protect the person nor what they did.

        Whoever spoke without standing is as one who has not spoken: why they have none is not given away.
        """
        unheard = [purpose for purpose, decision in self.decisions.items() if decision.reason == Reason.NO_STANDING]
        reason, state = (
            (Reason.GUARDIAN_NEEDED, State.REQUESTED) if self.needs_guardian else (Reason.NEVER_GIVEN, State.UNKNOWN)
        )
        masked = {purpose: Decision(permit=False, reason=reason, as_of=self.known_at) for purpose in unheard}
        return replace(
            self,
            entries=open_to_all(self.entries),
            decisions=self.decisions | masked,
            states=self.states | dict.fromkeys(unheard, state),
        )

    def _consent(self, purpose: Purpose, decision: Decision) -> dict[str, Any]:
        return {
            "purpose": str(purpose),
            "state": str(self.states[purpose]),
            "permitted": decision.permit,
            "reason": decision.reason,
            "fields": sorted(decision.fields),
            "given_at": decision.grant.at.isoformat() if decision.grant else None,
            "expires_at": decision.grant.expires_at.isoformat() if decision.grant else None,
        }


def _place(place: Place) -> dict[str, Any]:
    return {"version": place.version, "position": place.position}


def replay(
    alongside: Alongside, person: UUID, at: datetime, *, known_at: int | None = None, version: int | None = None
) -> Replay:
    """Replay a person's ledger as of an instant: what is known of it up to a position, or to a version of the ledger.

    Without either, all of it is known. What was said before it was recorded counts from when it was said.
    """
    entries = alongside.ledger_entries(person)[:version]
    if known_at is None:
        known_at = alongside.log.head() if version is None else entries[-1].position
    return replay_of(alongside.ledger_of(person, entries), entries, at, known_at)


def replay_of(ledger: ConsentLedger, entries: Sequence[Entry], at: datetime, known_at: int) -> Replay:
    """Replay a ledger that these entries made."""
    return Replay(
        person_id=ledger.person_id,
        at=at,
        decisions={purpose: consent_at(ledger, purpose, at=at, known_at=known_at) for purpose in Purpose},
        entries=[entry for entry in entries if entry.position <= known_at and said_at(entry) <= at],
        states={purpose: state_at(ledger, purpose, at=at, known_at=known_at) for purpose in Purpose},
        known_at=known_at,
        needs_guardian=needs_guardian(ledger, at),
    )


def said_at(entry: Entry) -> datetime:
    """Give when it was said: before it took effect, where it was written down later."""
    said: datetime | None = getattr(entry.event, "said_at", None)
    return said or entry.event.at
