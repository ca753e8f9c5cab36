"""Does the thread that follows the log see everything soon, and outlive what it depends on?"""

import logging
from collections.abc import Callable
from threading import Event
from time import monotonic, sleep

import psycopg
import pytest
from psycopg.sql import SQL
from sqlalchemy import func, select

from api.moment import Moment
from api.service import Service
from domain.log import LogUnavailable
from eventlog.schema import Role
from projections.follower import Follower
from projections.projector import CaughtUp
from projections.tables import positions
from projections.waiting_list import members
from tests.scenarios import enrolled_member

SOON_S = 30
KILL_ALL = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = monotonic() + SOON_S
    while not (held := holds()) and monotonic() < deadline:
        sleep(0.005)
    return held


def seen(service: Service) -> int:
    """The members in the table, without bringing it up to date."""
    with service.engines[Role.READER].connect() as connection:
        return connection.scalar(select(func.count()).select_from(members)) or 0


def test_what_is_written_becomes_visible_without_a_reader(service: Service, moment: Moment) -> None:
    with Follower(service.projector, service.alongside.log):
        for number in (1, 2, 3):
            enrolled_member(service, moment, ref=f"S-{number}")
            assert eventually(lambda number=number: seen(service) == number)


def test_a_hint_that_is_lost_costs_no_more_than_a_poll(
    service: Service, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eventlog.listening._LISTEN", SQL("LISTEN elsewhere"))
    with Follower(service.projector, service.alongside.log, poll_s=0.05):
        enrolled_member(service, moment)

        assert eventually(lambda: seen(service) == 1)


def test_the_follower_goes_on_after_all_its_connections_were_killed(
    service: Service, moment: Moment, database_url: str
) -> None:
    with Follower(service.projector, service.alongside.log, poll_s=0.05):
        enrolled_member(service, moment, ref="S-1")
        assert eventually(lambda: seen(service) == 1)
        with psycopg.connect(database_url) as administrator:
            assert administrator.execute(KILL_ALL).fetchone() > (0,)
        service.close()

        enrolled_member(service, moment, ref="S-2")

        assert eventually(lambda: seen(service) == 2)


class Unavailable:
    """A projector whose server does not answer for a while, and which notes when it was asked."""

    def __init__(self, failures: int) -> None:
        self.failures, self.asked, self.has_answered = failures, 0, Event()

    def catch_up(self, leave: Callable[[], bool]) -> CaughtUp:
        self.asked += 1
        if self.asked <= self.failures:
            raise LogUnavailable("The text of a failure may name Plum Raven.")
        self.has_answered.set()
        assert not leave()
        return CaughtUp(0)


def test_a_failure_is_reported_once_by_its_type_and_what_follows_goes_on(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    projector = Unavailable(failures=3)
    with Follower(projector, service.alongside.log, poll_s=0.01):  # type: ignore[arg-type]
        assert projector.has_answered.wait(SOON_S)

    errors = [record.message for record in caplog.records if record.levelno == logging.ERROR]
    assert errors == ["following the log failed in _catch_up: LogUnavailable"]
    assert "Plum" not in caplog.text


def test_other_work_is_done_each_time_and_its_failure_stops_nothing(
    service: Service, moment: Moment, caplog: pytest.LogCaptureFixture
) -> None:
    sealed: list[int] = []

    def seal() -> None:
        sealed.append(service.alongside.log.head())

    def spoil() -> None:
        raise ValueError

    with Follower(service.projector, service.alongside.log, also=(spoil, seal), poll_s=0.01):
        enrolled_member(service, moment)
        head = service.alongside.log.head()

        assert eventually(lambda: head in sealed and seen(service) == 1)
    assert [record.message for record in caplog.records] == ["following the log failed in spoil: ValueError"]


def test_the_follower_stops_promptly_and_leaves_the_rest_to_the_next_reader(service: Service, moment: Moment) -> None:
    with Follower(service.projector, service.alongside.log):
        pass
    enrolled_member(service, moment)

    with service.engines[Role.READER].connect() as connection:
        assert all(position == 0 for position in connection.scalars(select(positions.c.position)))
    with service.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(members)) == 1
