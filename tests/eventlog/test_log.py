"""Does every log keep what the port promises? Each test runs on all of them."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count
from threading import Event, Thread
from uuid import UUID, uuid4

import pytest

from domain.consent import ConsentLedger, Method
from domain.errors import ChangedMeanwhile, KeyReused
from domain.events import Answer, Command, Entry
from domain.log import CommandKnown, Log, StreamMoved
from domain.mentor import Mentor
from domain.purposes import Purpose
from domain.store import Store
from eventlog.memory import MemoryLog
from tests.eventlog.logs import AT, at_once, entry

COMMAND = Command("key-1", b"\x01" * 32)


def ticking():
    """A clock that is put back by two seconds at every third look."""
    looks = count(1)
    return lambda: AT + timedelta(seconds=(look := next(looks)) - 2 * (look % 3 == 0))


@pytest.fixture(params=["memory", "postgres"])
def log(request) -> Log:
    if request.param == "memory":
        return MemoryLog(ticking())
    return request.getfixturevalue("service").alongside.log


def stored(log: Log) -> list[tuple[UUID, int]]:
    return [(found.stream, found.version) for found in log.read()]


def test_an_empty_log_has_no_head_and_no_streams(log):
    assert log.head() == 0
    assert list(log.read()) == []
    assert list(log.stream(uuid4())) == []
    assert log.done(COMMAND.key) is None


def test_what_is_appended_to_several_streams_is_read_back(log):
    one, other = uuid4(), uuid4()

    positions = log.append([entry(one, 1), entry(other, 1), entry(one, 2, until=date(2026, 4, 1))])

    assert stored(log) == [(one, 1), (other, 1), (one, 2)]
    assert [found.position for found in log.read()] == list(positions) == [1, 2, 3]
    assert [found.event.until for found in log.stream(one)] == [None, date(2026, 4, 1)]
    assert log.head() == 3


def test_streams_are_read_without_what_is_not_asked_for_but_with_their_last_entry(log):
    one, other, none = uuid4(), uuid4(), uuid4()
    resumed = [Entry(stream=one, version=3, event=Mentor.Resumed(at=AT, by="somebody"))]
    log.append([entry(one, 1), entry(one, 2), *resumed, entry(other, 1), entry(other, 2)])

    found = log.streams([one, other, none], but=[Mentor.Paused])
    all_of_it = log.streams([one, other, none])

    assert {stream: [each.version for each in entries] for stream, entries in found.items()} == {
        one: [3],
        other: [2],
        none: [],
    }
    assert [each.version for each in all_of_it[one]] == [1, 2, 3]
    assert [each.version for each in log.streams([one], but=[Mentor.Resumed])[one]] == [1, 2, 3]


def test_a_stream_goes_on_from_where_it_is(log):
    stream = uuid4()
    log.append([entry(stream, 1), entry(stream, 2)])

    assert list(log.append([entry(stream, 3)])) == [3]
    assert [found.version for found in log.stream(stream)] == [1, 2, 3]


def test_a_stream_that_moved_keeps_the_whole_append_out(log):
    moved, other = uuid4(), uuid4()
    log.append([entry(moved, 1)])

    with pytest.raises(StreamMoved):
        log.append([entry(other, 1), entry(moved, 1)], (COMMAND, Answer(other, 1)))

    assert stored(log) == [(moved, 1)]
    assert list(log.stream(other)) == []
    assert log.done(COMMAND.key) is None


@pytest.mark.parametrize("versions", [[2], [0], [-1], [1, 3], [1, 1], [2, 1], [1, 2, 2]])
def test_a_stream_never_has_a_gap_nor_a_version_twice(log, versions):
    stream, other = uuid4(), uuid4()

    with pytest.raises(StreamMoved):
        log.append([entry(other, 1), *(entry(stream, version) for version in versions)])

    assert stored(log) == []


def test_a_gap_after_what_is_stored_is_refused_too(log):
    stream = uuid4()
    log.append([entry(stream, 1)])

    with pytest.raises(StreamMoved):
        log.append([entry(stream, 3)])

    assert stored(log) == [(stream, 1)]


def test_an_append_of_nothing_is_refused(log):
    with pytest.raises(ValueError, match="at least one"):
        log.append([], (COMMAND, Answer(uuid4(), 1)))

    assert log.done(COMMAND.key) is None


def test_a_known_command_keeps_the_whole_append_out(log):
    first, second = uuid4(), uuid4()
    log.append([entry(first, 1)], (COMMAND, Answer(first, 1)))

    with pytest.raises(CommandKnown):
        log.append([entry(second, 1)], (COMMAND, Answer(second, 1)))

    assert list(log.stream(second)) == []
    assert log.done(COMMAND.key) == (COMMAND, Answer(first, 1))


def test_of_a_known_command_whose_stream_moved_the_command_is_what_one_hears(log):
    stream = uuid4()
    log.append([entry(stream, 1)], (COMMAND, Answer(stream, 1)))

    with pytest.raises(CommandKnown):
        log.append([entry(stream, 1)], (COMMAND, Answer(stream, 1)))


def test_positions_and_times_of_recording_rise_together(log):
    for _ in range(6):
        log.append([entry(uuid4(), 1), entry(uuid4(), 1)])

    found = list(log.read())

    assert [e.position for e in found] == list(range(1, 13))
    times = [e.recorded_at for e in found]
    assert None not in times
    assert times == sorted(times)


def test_a_refused_append_leaves_no_gap_in_the_positions(log):
    stream = uuid4()
    log.append([entry(stream, 1)])
    with pytest.raises(StreamMoved):
        log.append([entry(stream, 1), entry(uuid4(), 1)])

    assert list(log.append([entry(stream, 2)])) == [2]


def test_reading_begins_after_one_position_and_ends_with_another(log):
    stream = uuid4()
    positions = log.append([entry(stream, version) for version in range(1, 6)])

    assert [found.version for found in log.read(positions[0], positions[3])] == [2, 3, 4]
    assert list(log.read(5)) == []


def test_the_position_at_an_instant_is_the_last_that_was_recorded_by_then(log):
    for _ in range(5):
        log.append([entry(uuid4(), 1), entry(uuid4(), 1)])
    times = [found.recorded_at for found in log.read()]

    for instant in times:
        assert log.position_at(instant) == sum(time <= instant for time in times)
    assert log.position_at(times[0] - timedelta(microseconds=1)) == 0
    assert log.position_at(datetime(2999, 1, 1, tzinfo=UTC)) == 10


def test_an_empty_log_is_at_no_position_at_any_instant(log):
    assert log.position_at(AT) == 0


def test_waiting_ends_at_once_if_there_is_more_already(log):
    log.append([entry(uuid4(), 1)])

    assert log.wait(0, 60) == 1


def test_waiting_in_vain_ends_when_the_time_is_up(log):
    log.append([entry(uuid4(), 1)])

    assert log.wait(1, 0.05) == 1
    assert log.wait(1, 0) == 1


def test_those_who_wait_hear_of_what_is_appended(log):
    heads = []
    waiting = [Thread(target=lambda: heads.append(log.wait(0, 60))) for _ in range(3)]
    for thread in waiting:
        thread.start()
    log.append([entry(uuid4(), 1), entry(uuid4(), 1)])
    for thread in waiting:
        thread.join(30)

    assert heads == [2, 2, 2]


def test_of_appends_to_one_stream_at_once_exactly_one_is_stored(log):
    for stream in [uuid4() for _ in range(5)]:
        outcomes = at_once([partial(log.append, [entry(stream, 1), entry(uuid4(), 1)]) for _ in range(8)])

        assert Counter(type(outcome) for outcome in outcomes) == {range: 1, StreamMoved: 7}
        assert len(log.stream(stream)) == 1
    assert log.head() == 10


def test_a_command_that_comes_many_times_at_once_is_done_once(log):
    for number in range(5):
        command, answer = Command(f"key-{number}", b"1"), Answer(uuid4(), 1)
        outcomes = at_once([partial(log.append, [entry(uuid4(), 1)], (command, answer)) for _ in range(8)])

        assert Counter(type(outcome) for outcome in outcomes) == {range: 1, CommandKnown: 7}
        assert log.done(command.key) == (command, answer)
    assert log.head() == 5


def test_whoever_appends_beside_a_conflict_does_not_hear_of_it(log):
    moved, known = uuid4(), uuid4()
    log.append([entry(moved, 1), entry(known, 1)], (COMMAND, Answer(known, 1)))
    free = [uuid4() for _ in range(12)]

    def free_append(stream):
        done = Command(f"of {stream}", b"2"), Answer(stream, 2)
        return lambda: log.append([entry(stream, 1), entry(stream, 2)], done)

    outcomes = at_once(
        [
            *(free_append(stream) for stream in free),
            lambda: log.append([entry(moved, 1)]),
            lambda: log.append([entry(uuid4(), 1)], (COMMAND, Answer(known, 1))),
            lambda: log.append([]),
            lambda: log.append([entry(moved, 9)]),
        ]
    )

    assert [type(outcome) for outcome in outcomes[12:]] == [StreamMoved, CommandKnown, ValueError, StreamMoved]
    for stream, positions in zip(free, outcomes, strict=False):
        assert [found.position for found in log.stream(stream)] == list(positions)
        assert log.done(f"of {stream}")[1] == Answer(stream, 2)
    assert [found.position for found in log.read()] == list(range(1, 27))


def test_many_writers_leave_every_stream_and_all_positions_without_gaps(log):
    streams = [uuid4() for _ in range(3)]
    go = Event()

    def write(number):
        go.wait(30)
        done = 0
        while done < 6:
            stream = streams[(number + done) % 3]
            version = len(log.stream(stream)) + 1
            try:
                log.append([entry(stream, version), entry(uuid4(), 1)])
            except StreamMoved:
                continue
            done += 1

    threads = [Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    go.set()
    for thread in threads:
        thread.join(60)

    assert [found.position for found in log.read()] == list(range(1, 73))
    for stream in streams:
        versions = [found.version for found in log.stream(stream)]
        assert versions == list(range(1, len(versions) + 1))


def test_a_store_answers_a_command_again_and_refuses_its_key_for_another(log):
    store, stream = Store(log), uuid4()
    log.append([entry(stream, 1)], (COMMAND, Answer(stream, 1)))

    assert store.answer(COMMAND) == Answer(stream, 1)
    assert store.answer(Command("another", b"")) is None
    with pytest.raises(KeyReused):
        store.answer(Command(COMMAND.key, b"\x02" * 32))


def test_a_store_says_that_somebody_else_changed_what_moved(log):
    person = uuid4()
    ledgers = [ConsentLedger.of(person) for _ in range(2)]
    for ledger in ledgers:
        ledger.refuse(Purpose.STATS, method=Method.WEB, at=AT, by="somebody")
    Store(log).save(ledgers[0])

    with pytest.raises(ChangedMeanwhile):
        Store(log).save(ledgers[1])
