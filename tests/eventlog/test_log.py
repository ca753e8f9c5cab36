"""Is the log in PostgreSQL all or nothing, in order, and closed to what it does not know?"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import OperationalError, StoredEvent
from psycopg import Connection
from psycopg.rows import DictRow
from sqlalchemy import text

from api.service import Service
from domain.events import Answer, Command, Entry
from domain.log import CommandKnown, LogUnavailable, StreamMoved
from domain.mentor import Mentor
from eventlog import postgres
from eventlog.datastore import SharedDatastore
from eventlog.encoding import UnknownTopic
from eventlog.postgres import PostgresLog
from eventlog.recorder import LogRecorder
from eventlog.schema import Role
from tests.eventlog.stored_events import ENCODING, read

AT = datetime(2026, 3, 2, tzinfo=UTC)
STREAM = UUID(int=7)
COMMAND = Command("key-1", b"\x01" * 32)
KILL_LISTENERS = text(
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
)


@pytest.fixture
def log(service: Service) -> PostgresLog:
    assert isinstance(service.alongside.log, PostgresLog)
    return service.alongside.log


def entry(stream: UUID, version: int, *, until: date | None = None) -> Entry:
    return Entry(stream=stream, version=version, event=Mentor.Paused(until=until, at=AT, by="somebody"))


def test_an_empty_log_has_no_head_and_no_streams(log: PostgresLog) -> None:
    assert log.head() == 0
    assert list(log.read()) == []
    assert list(log.stream(uuid4())) == []


def test_what_is_appended_to_several_streams_is_read_back(log: PostgresLog) -> None:
    one, other = uuid4(), uuid4()

    positions = log.append([entry(one, 1), entry(other, 1), entry(one, 2, until=date(2026, 4, 1))])

    assert [(found.stream, found.version) for found in log.read()] == [(one, 1), (other, 1), (one, 2)]
    assert [found.position for found in log.read()] == list(positions)
    assert [found.event.until for found in log.stream(one)] == [None, date(2026, 4, 1)]


def test_a_stream_that_moved_keeps_the_whole_append_out(log: PostgresLog) -> None:
    moved, other = uuid4(), uuid4()
    log.append([entry(moved, 1)])
    head = log.head()

    with pytest.raises(StreamMoved):
        log.append([entry(other, 1), entry(moved, 1)], (COMMAND, Answer(other, 1)))

    assert log.head() == head
    assert list(log.stream(other)) == []
    assert log.done(COMMAND.key) is None


def test_a_known_command_keeps_the_whole_append_out(log: PostgresLog) -> None:
    first, second = uuid4(), uuid4()
    log.append([entry(first, 1)], (COMMAND, Answer(first, 1)))

    with pytest.raises(CommandKnown):
        log.append([entry(second, 1)], (COMMAND, Answer(second, 1)))

    assert list(log.stream(second)) == []
    assert log.done(COMMAND.key) == (COMMAND, Answer(first, 1))


def test_positions_and_times_of_recording_rise_together(log: PostgresLog) -> None:
    for _ in range(4):
        log.append([entry(uuid4(), 1), entry(uuid4(), 1)])

    found = list(log.read())

    assert [e.position for e in found] == sorted({e.position for e in found})
    times = [e.recorded_at for e in found]
    assert None not in times
    assert times == sorted(times)


def test_reading_goes_on_past_a_page(log: PostgresLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "PAGE", 3)
    stream = uuid4()
    log.append([entry(stream, version) for version in range(1, 9)])

    assert [found.version for found in log.read()] == [1, 2, 3, 4, 5, 6, 7, 8]


def test_reading_begins_after_one_position_and_ends_with_another(log: PostgresLog) -> None:
    stream = uuid4()
    positions = log.append([entry(stream, version) for version in range(1, 6)])

    assert [found.version for found in log.read(positions[0], positions[3])] == [2, 3, 4]


def test_whoever_waits_hears_of_an_append_at_once(log: PostgresLog) -> None:
    with ThreadPoolExecutor(1) as other:
        waiting = other.submit(log.wait, 0, 60)
        (position,) = log.append([entry(uuid4(), 1)])

        assert waiting.result(timeout=30) == position


def test_whoever_waits_in_vain_learns_the_head_after_the_timeout(log: PostgresLog) -> None:
    (position,) = log.append([entry(uuid4(), 1)])

    assert log.wait(position, 0.01) == position


def test_waiting_goes_on_after_its_connection_was_killed(log: PostgresLog, service: Service) -> None:
    (first,) = log.append([entry(uuid4(), 1)])
    log.wait(first, 0.01)
    with service.engines[Role.WRITER].connect() as connection:
        killed = connection.scalar(KILL_LISTENERS)

    with pytest.raises(LogUnavailable):
        log.wait(first, 60)
    (second,) = log.append([entry(uuid4(), 1)])

    assert killed == 1
    assert log.wait(first, 60) == second


def test_an_event_of_an_unknown_type_is_refused(log: PostgresLog) -> None:
    log.recorder.insert_events([StoredEvent(uuid4(), 1, "mentor.abducted", b"{}")])

    with pytest.raises(UnknownTopic, match=r"mentor\.abducted"):
        list(log.read())


@pytest.mark.parametrize("topic", ["domain.mentor:Mentor.Paused", "this_module_would_fail:Event", "os:system"])
def test_a_topic_that_looks_like_a_module_is_never_imported(topic: str) -> None:
    with pytest.raises(UnknownTopic):
        read(topic, "{}")


class LosesAnAnswer(SharedDatastore):
    """Breaks the connection once, after what was done with it and before the caller hears of it."""

    is_due = False

    @contextmanager
    def get_connection(self) -> Iterator[Connection[DictRow]]:
        with super().get_connection() as connection:
            yield connection
        if self.is_due:
            self.is_due = False
            raise OperationalError


@pytest.fixture
def unlucky(service: Service) -> PostgresLog:
    log = PostgresLog(service.engines[Role.WRITER], ENCODING)
    datastore = LosesAnAnswer(service.engines[Role.WRITER], schema="eventlog")
    log.recorder = LogRecorder(datastore)
    datastore.is_due = True
    return log


def test_an_append_whose_answer_was_lost_is_not_tried_again(log: PostgresLog, unlucky: PostgresLog) -> None:
    with pytest.raises(OperationalError):
        unlucky.append([entry(STREAM, 1)])

    assert [found.version for found in log.stream(STREAM)] == [1]
