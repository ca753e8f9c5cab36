"""Who asks, and asks again? Members who grant one consent after another over HTTP, and what the log has of it."""

import http.client
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto
from http import HTTPStatus
from itertools import groupby
from threading import Condition
from typing import Final
from uuid import UUID, uuid4

from api.checks.people import BY, contests
from api.checks.serving import HOST
from api.moment import now
from domain.access import Actor
from domain.application import Alongside
from domain.consent import ConsentLedger
from domain.purposes import TERMS, Purpose

PURPOSES: Final = tuple(purpose for purpose in Purpose if not TERMS[purpose].is_named)

_ANSWER_S: Final = 20.0
_PATIENCE_S: Final = 60.0
_PAUSE_S: Final = 0.01
_TOKEN_LIFE: Final = timedelta(days=1)


class Habit(Enum):
    """What a client does when it hears nothing, or that the service cannot answer now."""

    SAME_KEY = auto()
    """It sends the same again under the same key, until it is done."""
    NO_KEY = auto()
    """It sends the same again without a key, until it is done."""
    NEVER_AGAIN = auto()
    """It takes what it sent for done."""


@dataclass
class Desk:
    """Where clients go: the port that serves at the time, `None` once they should give up; and the answers given."""

    port: int | None
    closing: bool = False
    answers: Counter[int] = field(default_factory=Counter)
    answered: Condition = field(default_factory=Condition)

    def note(self, status: int) -> None:
        """Count an answer."""
        with self.answered:
            self.answers[status] += 1
            self.answered.notify_all()

    def wait_for(self, number: int, status: int = HTTPStatus.OK) -> bool:
        """Wait until so many more answers have this status; say whether they came in time."""
        with self.answered:
            goal = self.answers[status] + number
            return self.answered.wait_for(lambda: self.answers[status] >= goal, _PATIENCE_S)


@dataclass
class Client:
    """A member with a token, and what they were told.

    Commands are sent one after another and say yes to the purposes in turn, so that two which follow each other in the
    ledger differ unless one of them came in twice. `sent` counts the commands, `cut` the requests whose connection was
    lost.
    """

    person: UUID
    token: str
    habit: Habit
    sent: int = 0
    cut: int = 0

    def work(self, desk: Desk) -> None:
        """Send commands until the desk closes; the one begun last is brought to its end, if it can be."""
        while not desk.closing:
            self._send(desk)
            self.sent += 1

    def _send(self, desk: Desk) -> None:
        while (port := desk.port) is not None:
            status = self._ask(port)
            if status is not None:
                desk.note(status)
            if status == HTTPStatus.OK:
                return
            time.sleep(_PAUSE_S)
            if self.habit is Habit.NEVER_AGAIN:
                return

    def _ask(self, port: int) -> int | None:
        """Send the present command; give the status of the answer, or nothing if there was none."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if self.habit is Habit.SAME_KEY:
            headers["Idempotency-Key"] = f"grant-{self.sent}"
        connection = http.client.HTTPConnection(HOST, port, timeout=_ANSWER_S)
        try:
            connection.connect()
        except OSError:
            return None
        path = f"/api/people/{self.person}/consents/{_purpose(self.sent)}"
        try:
            connection.request("PUT", path, json.dumps({"granted": True}), headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self.cut += 1
            return None
        finally:
            connection.close()
        return answer.status


@dataclass(frozen=True)
class Found:
    """What became of the commands of some clients: how many they sent, and the log has not, or more than once."""

    sent: int
    lost: int
    doubled: int


def enlist(alongside: Alongside, habits: Sequence[Habit]) -> list[Client]:
    """Make members, one a habit, and give each a token."""
    (contest,) = contests(alongside, 1, members=len(habits))
    programme, at = uuid4(), now().at
    return [
        Client(
            person,
            alongside.issue_token(
                Actor.MEMBER, f"member-{number}", programme, person, expires_at=at + _TOKEN_LIFE, at=at, by=BY
            ),
            habit,
        )
        for number, (person, habit) in enumerate(zip(contest.member_persons, habits, strict=True))
    ]


@contextmanager
def at_work(clients: Sequence[Client], desk: Desk) -> Iterator[None]:
    """Let clients work while the block lasts, then bring what they began to its end."""
    with ThreadPoolExecutor(len(clients), thread_name_prefix="client") as executor:
        working = [executor.submit(client.work, desk) for client in clients]
        try:
            yield
            desk.closing = True
            wait(working, _PATIENCE_S)
        finally:
            desk.closing, desk.port = True, None
        for work in working:
            work.result()


def look_up(alongside: Alongside, clients: Iterable[Client]) -> Found:
    """Compare what clients sent with what stands in their ledgers."""
    found = [_compare(alongside, client) for client in clients]
    return Found(
        sent=sum(each.sent for each in found),
        lost=sum(each.lost for each in found),
        doubled=sum(each.doubled for each in found),
    )


def _compare(alongside: Alongside, client: Client) -> Found:
    said = [
        entry.event.purpose
        for entry in alongside.ledger_entries(client.person)
        if isinstance(entry.event, ConsentLedger.Granted) and entry.event.by == Actor.MEMBER
    ]
    once = [purpose for purpose, _ in groupby(said)]
    kept = 0
    for number in range(client.sent):
        kept += kept < len(once) and once[kept] == _purpose(number)
    # What is left over came in at another place than where it was sent: it is there once too often as well.
    return Found(client.sent, lost=client.sent - kept, doubled=len(said) - kept)


def _purpose(number: int) -> Purpose:
    return PURPOSES[number % len(PURPOSES)]
