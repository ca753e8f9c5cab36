"""Do appends that are asked for at once go together, each with an outcome of its own, and never get stuck?"""

import threading
from collections import Counter
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import StoredEvent

from domain.events import Answer, Command
from domain.log import LogUnavailable, StreamMoved
from eventlog import group as groups
from eventlog.group import Append, GroupCommit


def append(*streams: UUID, key: str | None = None) -> Append:
    events = [StoredEvent(stream, 1, "topic", b"12345") for stream in streams or (uuid4(),)]
    done = None if key is None else (Command(key, b""), Answer(events[0].originator_id, 1))
    return Append(events, [uuid4() for _ in events], done)


class Recorder:
    """Decides groups one at a time, each when the test lets it."""

    def __init__(self, outcome=lambda append: range(len(append.events))):
        self.groups = []
        self.outcome = outcome
        self.begun = threading.Semaphore(0)
        self.may_end = threading.Semaphore(0)

    def __call__(self, group):
        self.groups.append(list(group))
        self.begun.release()
        assert self.may_end.acquire(timeout=30)
        return [self.outcome(append) for append in group]


class Callers:
    """Threads that each submit one append; what they heard is in `outcomes`."""

    def __init__(self, recorder):
        self.commit = GroupCommit(recorder)
        self.recorder = recorder
        self.threads = []
        self.outcomes = {}

    def submit(self, wanted):
        """Submit in another thread, and go on when it is waiting in the queue or its group has begun."""
        before = len(self.commit._queue)
        thread = threading.Thread(target=self._call, args=(wanted,))
        self.threads.append(thread)
        thread.start()
        if len(self.threads) == 1:
            assert self.recorder.begun.acquire(timeout=30)
        else:
            pause = threading.Event()
            while len(self.commit._queue) == before:
                pause.wait(0.001)

    def _call(self, wanted):
        try:
            self.outcomes[id(wanted)] = self.commit.submit(wanted)
        except BaseException as error:  # noqa: BLE001
            self.outcomes[id(wanted)] = error

    def finish(self, number):
        for _ in range(number):
            self.recorder.may_end.release()
        for thread in self.threads:
            thread.join(30)
            assert not thread.is_alive()
        return self.outcomes


@pytest.fixture
def recorder():
    return Recorder()


@pytest.fixture
def callers(recorder):
    return Callers(recorder)


def test_who_is_alone_goes_at_once_and_alone(recorder):
    recorder.may_end.release()

    assert GroupCommit(recorder).submit(append()) == range(1)
    assert [len(group) for group in recorder.groups] == [1]


def test_what_comes_while_a_group_is_under_way_goes_together_in_order(recorder, callers):
    wanted = [append() for _ in range(5)]
    for each in wanted:
        callers.submit(each)
    callers.finish(2)

    assert recorder.groups == [wanted[:1], wanted[1:]]


def test_appends_to_one_stream_or_of_one_command_take_turns(recorder, callers):
    stream = uuid4()
    wanted = [append(), append(stream), append(stream), append(key="a"), append(key="a"), append(stream)]
    for each in wanted:
        callers.submit(each)
    callers.finish(4)

    assert recorder.groups == [
        wanted[:1],
        [wanted[1], wanted[3]],
        [wanted[2], wanted[4]],
        [wanted[5]],
    ]


def test_a_kept_append_is_not_overtaken_by_one_that_shares_another_stream_with_it(recorder, callers):
    one, other = uuid4(), uuid4()
    wanted = [append(), append(one), append(one, other), append(other)]
    for each in wanted:
        callers.submit(each)
    callers.finish(4)

    assert recorder.groups == [[each] for each in wanted]


@pytest.mark.parametrize(("name", "limit"), [("MOST_EVENTS", 4), ("MOST_BYTES", 20)])
def test_a_group_has_a_largest_size_and_what_is_larger_goes_alone(recorder, callers, monkeypatch, name, limit):
    monkeypatch.setattr(groups, name, limit)
    large = append(*(uuid4() for _ in range(9)))
    wanted = [append(), append(uuid4(), uuid4()), append(uuid4(), uuid4()), append(), large, append()]
    for each in wanted:
        callers.submit(each)
    callers.finish(5)

    assert recorder.groups == [wanted[:1], wanted[1:3], wanted[3:4], [large], wanted[5:]]


def test_each_caller_hears_what_came_of_the_own_append():
    moved = append()
    callers = Callers(Recorder(lambda append: StreamMoved() if append is moved else range(len(append.events))))
    wanted = [append(), append(uuid4(), uuid4()), moved, append()]
    for each in wanted:
        callers.submit(each)
    outcomes = callers.finish(2)

    assert [outcomes[id(each)] for each in (wanted[0], wanted[1], wanted[3])] == [range(1), range(2), range(1)]
    assert isinstance(outcomes[id(moved)], StreamMoved)


def test_a_leader_who_is_stopped_leaves_nobody_waiting():
    class Stopped(BaseException):
        pass

    def stop_once(_):
        if len(recorder.groups) == 2:
            raise Stopped
        return range(1)

    recorder = Recorder(stop_once)
    callers = Callers(recorder)
    wanted = [append() for _ in range(4)]
    for each in wanted:
        callers.submit(each)
    outcomes = callers.finish(2)

    assert Counter(type(outcome) for outcome in outcomes.values()) == {range: 1, Stopped: 1, LogUnavailable: 2}
    recorder.may_end.release()
    assert callers.commit.submit(append()) == range(1)


def test_who_is_interrupted_while_waiting_to_lead_lets_the_next_one_lead(recorder, callers, monkeypatch):
    wanted = [append() for _ in range(3)]
    interrupt = iter([KeyboardInterrupt()])

    def interrupted_once():
        for error in interrupt:
            raise error

    for each in wanted:
        callers.submit(each)
    monkeypatch.setattr(callers.commit, "_let_others_come", interrupted_once)
    outcomes = callers.finish(2)

    assert recorder.groups == [wanted[:1], wanted[2:]]
    assert isinstance(outcomes[id(wanted[1])], KeyboardInterrupt)
    assert outcomes[id(wanted[2])] == range(1)


def test_a_leader_lets_those_come_along_who_were_served_a_moment_ago(recorder, callers, monkeypatch):
    monkeypatch.setattr(groups, "GATHER_SHARE", 1e6)
    wanted = [append() for _ in range(2)]
    for each in wanted:
        callers.submit(each)
    recorder.may_end.release()
    callers.threads[0].join(30)
    again = append()
    callers.threads.append(threading.Thread(target=callers._call, args=(again,)))
    callers.threads[-1].start()
    callers.finish(1)

    assert recorder.groups == [wanted[:1], [wanted[1], again]]
