"""A programme of two who are proposed to each other, in memory, with a clock that a test moves."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from api.checks.people import AT, contests
from domain.application import Alongside
from domain.consent import Audience, Channel, Method, Word
from domain.disclosing import Asked, Viewing
from domain.match import Match
from domain.purposes import Field, Purpose
from eventlog.memory import MemoryLog

NOTES = Purpose.COORD_NOTES
NEEDS = frozenset({Field.NEEDS})


@dataclass
class World:
    """Days count from the first; what is recorded is recorded on the day it happens."""

    now: datetime = AT
    alongside: Alongside = field(init=False)
    match: Match = field(init=False)

    def __post_init__(self) -> None:
        self.alongside = Alongside(MemoryLog(lambda: self.now))
        (contest,) = contests(self.alongside, 1, members=1)
        (match,) = contest.matches
        self.match = Match.replay(match, self.alongside.log.stream(match))

    @property
    def person(self) -> UUID:
        """The member."""
        return self.match.member_person_id

    def day(self, number: float) -> datetime:
        """The same hour so many days after the first."""
        return AT + timedelta(days=number)

    def grant(self, purpose: Purpose, on: int, **scope) -> int:
        """Consent on a day; give the position."""
        self.now = self.day(on)
        self.alongside.grant(self.person, purpose, method=Method.WEB, at=self.now, by="member", **scope)
        return self._latest()

    def withdraw_late(self, purpose: Purpose, said: int, on: int) -> int:
        """Withdraw on paper on one day, and have it written down on another; give the position."""
        self.now = self.day(on)
        word = Word(said_at=self.day(said), witness="Ada")
        self.alongside.withdraw(self.person, purpose, method=Method.PAPER, word=word, at=self.now, by="coordinator-1")
        return self._latest()

    def look(self, on: int, *purposes: Purpose, audience: Audience | None = None, fields=NEEDS) -> int:
        """Be looked at by a coordinator on a day, or by whoever else; give the position."""
        self.now = self.day(on)
        asked = Asked(
            self.person, fields, audience or Audience.coordinators(self.match.programme_id), purposes or (NOTES,)
        )
        viewing = Viewing("coordinator-1", "coordinator", Channel.PAGE, "request-1")
        assert self.alongside.disclose([asked], viewing, at=self.now)[self.person]
        return self._latest()

    def _latest(self) -> int:
        return self.alongside.ledger_entries(self.person)[-1].position


@pytest.fixture
def world() -> World:
    return World()
