"""Who could have been told what of a person at an instant: decided from their ledger, for everybody who may ask."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.application import Alongside
from domain.consent import Audience, ConsentLedger, Decision, consent_at, decide
from domain.identity import ledger_id, member_id, mentor_id
from domain.log import Log
from domain.member import Member
from domain.mentor import Mentor
from domain.purposes import TERMS, AudienceKind, Field, Purpose
from domain.together import DECIDES_NOTHING, ledger_from

Accounts = Callable[[UUID, datetime], Iterable[str]]
"""Gives the accounts of a programme's coordinators at an instant."""

_ALONE: Final = {
    AudienceKind.OPTIMISER: "the optimiser",
    AudienceKind.SERVICE: "the service itself",
    AudienceKind.PUBLIC: "the public, in numbers that name nobody",
    AudienceKind.CONTACT: "the contact that the person named",
}
"""Who is told, where that is one and the same for everybody; a named contact stays unnamed."""


@dataclass(frozen=True)
class Viewer:
    """One who could have been told: an account, the person on the other side of a match, or whom a consent names."""

    kind: AudienceKind
    who: str
    fields: list[Field]
    match: UUID | None
    deciding: list[int]
    """The positions of the events that made it so."""


@dataclass(frozen=True)
class LiveConsent:
    """A consent that stood, what it covered, and everybody who could have been told by it; that may be nobody."""

    purpose: Purpose
    audience: str
    fields: list[Field]
    given_at: datetime
    expires_at: datetime
    deciding: list[int]
    viewers: list[Viewer]


@dataclass(frozen=True)
class CouldSee:
    """Who could have been told what of a person `at` an instant, on what was known up to a position."""

    person: UUID
    at: datetime
    known_at: int
    consents: list[LiveConsent]


def who_could_see(
    alongside: Alongside, accounts: Accounts, person: UUID, at: datetime, *, known_at: int | None = None
) -> CouldSee:
    """Give every live consent of a person, and who could have been told what by it."""
    known_at = alongside.log.head() if known_at is None else known_at
    ledger, programmes = _read(alongside.log, person)
    asking = _Asking(ledger, at, known_at, {programme: sorted(accounts(programme, at)) for programme in programmes})
    return CouldSee(person, at, known_at, [found for purpose in Purpose for found in asking.consents(purpose)])


def _read(log: Log, person: UUID) -> tuple[ConsentLedger, list[UUID]]:
    """Give a person's ledger and the programmes that they are in, in one read.

    What was told of them decides nothing, and is by far the most of a ledger that has grown old.
    """
    own, *sides = ledger_id(person), member_id(person), mentor_id(person)
    streams = log.streams((own, *sides), but=DECIDES_NOTHING)
    programmes = {
        entry.event.programme_id
        for side in sides
        for entry in streams[side]
        if isinstance(entry.event, Member.Registered | Mentor.Registered)
    }
    return ledger_from(person, streams[own]), sorted(programmes)


class _Asking:
    """One question to one ledger, asked for everybody in turn."""

    def __init__(self, ledger: ConsentLedger, at: datetime, known_at: int, coordinators: dict[UUID, list[str]]) -> None:
        self._ledger, self._at, self._known_at, self._coordinators = ledger, at, known_at, coordinators

    def consents(self, purpose: Purpose) -> Iterator[LiveConsent]:
        for named in self._names(purpose):
            decision = consent_at(self._ledger, purpose, at=self._at, known_at=self._known_at, named=named)
            if decision.grant is not None:
                yield LiveConsent(
                    purpose=purpose,
                    audience=TERMS[purpose].audience,
                    fields=sorted(decision.fields),
                    given_at=decision.grant.at,
                    expires_at=decision.grant.expires_at,
                    deciding=_positions(decision),
                    viewers=list(self._viewers(purpose, named)),
                )

    def _names(self, purpose: Purpose) -> list[str | None]:
        """Give whom the consents to a purpose name, each once; where it names nobody, once nobody."""
        if not TERMS[purpose].is_named:
            return [None]
        return list(dict.fromkeys(grant.named for grant in self._ledger.history.grants.get(purpose, [])))

    def _viewers(self, purpose: Purpose, named: str | None) -> Iterator[Viewer]:
        for kind, fields in TERMS[purpose].audiences.items():
            for audience, names in self._asked(kind, named):
                told = {
                    field: decision
                    for field in sorted(fields)
                    if (decision := self._decide(purpose, field, audience)).permit
                }
                for who in names if told else ():
                    yield Viewer(kind, who, list(told), audience.match, _positions(*told.values()))

    def _decide(self, purpose: Purpose, field: Field, audience: Audience) -> Decision:
        return decide(self._ledger, purpose, field, audience, self._at, self._known_at)

    def _asked(self, kind: AudienceKind, named: str | None) -> Iterator[tuple[Audience, list[str]]]:
        """Give every audience of a kind that there is, and who belongs to it."""
        match kind:
            case AudienceKind.COORDINATORS:
                for programme, accounts in self._coordinators.items():
                    yield Audience.coordinators(programme), accounts
            case AudienceKind.OPTIMISER:
                for programme in self._coordinators:
                    yield Audience.optimiser(programme), [_ALONE[kind]]
            case AudienceKind.OTHER_SIDE:
                for match, person in sorted(self._counterparts()):
                    yield Audience.other_side(match, person), [str(person)]
            case _:
                yield Audience(kind=kind, named=named), [_ALONE.get(kind) or named or "nobody by name"]

    def _counterparts(self) -> set[tuple[UUID, UUID]]:
        return {
            (match, step.counterpart)
            for match, steps in self._ledger.history.matches.items()
            for step in steps
            if step.counterpart is not None
        }


def _positions(*decisions: Decision) -> list[int]:
    return sorted({place.position for decision in decisions for place in decision.deciding})
