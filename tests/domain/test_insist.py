"""Is what a person says of their consents heard, whoever else writes to their ledger in the same instant?"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from api.moment import Moment
from api.service import Service
from domain import ledgers
from domain.application import Alongside
from domain.consent import Method, consent_at
from domain.errors import ChangedMeanwhile, NothingToWithdraw
from domain.events import Entry, Event
from domain.insist import insist
from domain.log import Log
from domain.purposes import Purpose

PERSON = UUID(int=1)
STATS, NOTES = Purpose.STATS, Purpose.COORD_NOTES
OVERTAKEN = 20


class Crowded:
    """A log in which somebody else, so many times, says something once a ledger was read and before it is saved."""

    def __init__(self, log: Log, others: Callable[[Alongside], None], times: int) -> None:
        self.log, self.others, self.times = log, others, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self.log, name)

    def streams(
        self, identifiers: Collection[UUID], but: Collection[type[Event]] = ()
    ) -> Mapping[UUID, Sequence[Entry]]:
        found = self.log.streams(identifiers, but)
        if self.times:
            self.times -= 1
            self.others(Alongside(self.log))
        return found


def overtaken(log: Log, others: Callable[[Alongside], None], *, times: int = OVERTAKEN) -> Alongside:
    return Alongside(Crowded(log, others, times))


@pytest.fixture
def how(moment: Moment) -> dict[str, object]:
    return {"method": Method.WEB, "at": moment.at, "by": "member"}


def why(service: Service, at: datetime) -> str:
    return consent_at(service.alongside.ledger(PERSON), STATS, at=at).reason


@pytest.mark.parametrize(("act", "reason"), [("grant", "given"), ("refuse", "refused"), ("withdraw", "withdrawn")])
def test_what_a_person_says_is_heard_while_others_write_to_their_ledger(
    service: Service, how: dict[str, object], monkeypatch: pytest.MonkeyPatch, act: str, reason: str
) -> None:
    service.alongside.grant(PERSON, STATS, **how)

    def others(alongside: Alongside) -> None:
        alongside.grant(PERSON, NOTES, **how)

    with monkeypatch.context() as without:
        without.setattr(ledgers, "INSISTENCE", 1)
        with pytest.raises(ChangedMeanwhile):  # so others do come in between
            getattr(overtaken(service.alongside.log, others, times=1), act)(PERSON, STATS, **how)
    getattr(overtaken(service.alongside.log, others), act)(PERSON, STATS, **how)

    assert why(service, how["at"]) == reason
    assert len(service.alongside.ledger_entries(PERSON)) == 1 + 1 + OVERTAKEN + 1


def test_what_somebody_else_said_in_between_is_decided_on(service: Service, how: dict[str, object]) -> None:
    service.alongside.grant(PERSON, STATS, **how)

    def others(alongside: Alongside) -> None:
        alongside.withdraw(PERSON, STATS, **how)

    with pytest.raises(NothingToWithdraw):
        overtaken(service.alongside.log, others, times=1).withdraw(PERSON, STATS, **how)
    assert why(service, how["at"]) == "withdrawn"


@pytest.mark.parametrize("attempts", [1, 3])
def test_insisting_ends_with_the_last_attempt(attempts: int) -> None:
    others = [1, 2, 3]

    def act() -> str:
        if others:
            others.pop()
            raise ChangedMeanwhile("Somebody else was first.")
        return "done"

    with pytest.raises(ChangedMeanwhile):
        insist(act, attempts=attempts)
    assert len(others) == 3 - attempts
    assert insist(act, attempts=len(others) + 1) == "done"
