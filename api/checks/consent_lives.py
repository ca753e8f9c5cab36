"""Made-up ledgers in which everything that decides happens, in any order.

What a person or the service says goes through the commands of the ledger. Some of it is written down as an event where
a command refuses it, so that combinations are tried that commands keep out today. To try a further type of event, give
it a line in `_ACTS`.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Final
from uuid import UUID

from api.checks.consent_barring import Barring
from api.checks.consent_draws import DAY, HORIZON, MATCHES, OFTEN, OTHERS, PERSON, START
from api.checks.consent_saying import Saying
from domain.consent import MATCH_APPROVED, MATCH_PROPOSED, Audience, Channel, ConsentLedger, Giver, Method, Word
from domain.errors import DomainError
from domain.events import Entry
from domain.purposes import TERMS, Purpose

_MINUTE: Final = timedelta(minutes=1)
_MOST_ACTS: Final = 24


@dataclass(frozen=True)
class Lived:
    """The events of a made-up ledger, at positions of a log that others write to as well, and what it was about."""

    entries: Sequence[Entry]
    purposes: Sequence[Purpose]
    names: Sequence[str]


def live(random: Random) -> Lived:
    """Make up a ledger."""
    return _Life(random).live()


class _Life(Saying, Barring):
    def live(self) -> Lived:
        with suppress(DomainError):
            self.random.choice(_OPENINGS)(self)
        acts = [act for act, weight in _ACTS.items() for _ in range(weight)]
        if self.random.random() < OFTEN:
            acts = [act for act in acts if act not in _STAND_IN_THE_WAY]
        for _ in range(self.random.randint(3, _MOST_ACTS)):
            self.now += self.random.choice((timedelta(), _MINUTE, DAY / 2, DAY, 5 * DAY)) * self.random.random() * 2
            with suppress(DomainError):
                self.random.choice(acts)(self)
        position, entries = 0, []
        for entry in self.ledger.collect():
            position += self.random.randint(1, 3)
            entries.append(Entry(stream=entry.stream, version=entry.version, event=entry.event, position=position))
        return Lived(entries, self.purposes, self.names)

    # How it may begin: with what takes several acts to come about

    def nothing(self) -> None:
        """Begin with an empty ledger."""

    def minor(self) -> None:
        until = (START + (1 + self.random.random()) * HORIZON / 2).date()
        self.ledger.record_minority(until, consents_alone=False, **self.when())
        guardian = self.speaker(Giver.GUARDIAN)
        for word in (Word(witness="staff-1"), Word(giver=Giver.GUARDIAN, authority=guardian, witness="staff-1")):
            scope = self.scope(self.purposes[0])
            self.ledger.grant(self.purposes[0], method=Method.PAPER, scope=scope, word=word, **self.when())

    def delegate(self) -> None:
        word = Word(giver=Giver.DELEGATE, authority=self.speaker(Giver.DELEGATE), witness="staff-1")
        for purpose in self.purposes:
            self.ledger.grant(purpose, method=Method.PAPER, scope=self.scope(purpose), word=word, **self.when())

    def meeting(self) -> None:
        self.purposes[0] = self.random.choice((Purpose.MATCH_PROPOSE, Purpose.CONTACT_SHARE))
        self.ledger.grant(self.purposes[0], method=Method.WEB, **self.when())
        for number, match in enumerate(MATCHES):
            self.rely(MATCH_APPROVED, match, OTHERS[number])
            for side in ("member", "mentor"):
                self.ledger.accept(match, side, **self.when())

    # How far matches come

    def propose(self) -> None:
        self.rely(MATCH_PROPOSED, self.match(), self.other())

    def approve(self) -> None:
        self.rely(MATCH_APPROVED, self.match(), self.random.choice((*OTHERS, *OTHERS, None)))

    def rely(self, act: str, match: UUID, other: UUID | None) -> None:
        at = self.ledger.no_earlier(self.now)
        event = ConsentLedger.ReliedOn(
            person_id=PERSON, act=act, reference=match, consents=(), counterpart=other, at=at, by="check"
        )
        self.ledger.record(event)

    def accept(self) -> None:
        self.ledger.accept(self.match(), self.random.choice(("member", "mentor")), **self.when())

    def end_match(self) -> None:
        self.ledger.end_match(self.match(), **self.when())

    def disclose(self) -> None:
        """Tell what may be told, as it is done everywhere."""
        purpose, match = self.purpose(), self.match()
        for kind in TERMS[purpose].audiences:
            audience = Audience(kind=kind, named=self.name(), match=match, person=OTHERS[MATCHES.index(match)])
            told = self.ledger.may_be_told(purpose, TERMS[purpose].fields, audience, self.ledger.no_earlier(self.now))
            if told:
                self.ledger.disclose(
                    purpose, told, audience, role="mentor", channel=Channel.API, request="request-1", **self.when()
                )


_OPENINGS: Final = (_Life.nothing, _Life.nothing, _Life.minor, _Life.delegate, _Life.meeting)

_ACTS: Final[Mapping[Callable[[_Life], None], int]] = {
    _Life.ask: 1,
    _Life.defer: 1,
    _Life.grant: 9,
    _Life.grant_unasked: 3,
    _Life.refuse: 1,
    _Life.withdraw: 1,
    _Life.withdraw_by_name: 1,
    _Life.revoke: 1,
    _Life.invalidate: 1,
    _Life.propose: 1,
    _Life.approve: 6,
    _Life.accept: 6,
    _Life.end_match: 1,
    _Life.disclose: 2,
    _Life.keep_away: 2,
    _Life.recognise: 1,
    _Life.let_near: 1,
    _Life.record_minority: 1,
    _Life.speak: 3,
    _Life.silence: 1,
    _Life.record_harm: 1,
    _Life.freeze_all: 1,
    _Life.thaw: 1,
    _Life.block: 1,
    _Life.lift: 1,
    _Life.come_of_age: 1,
    _Life.stand: 3,
    _Life.erase: 1,
}
# With these in every history hardly anything would be permitted.
_STAND_IN_THE_WAY: Final = {
    _Life.freeze_all,
    _Life.erase,
    _Life.come_of_age,
    _Life.record_minority,
    _Life.record_harm,
}
