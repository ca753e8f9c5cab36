"""Can a database that is killed while it is written to lose what it had acknowledged?

`kill -9` takes the server's processes and leaves the operating system alone, with everything that was handed to it. So
this shows that nothing is acknowledged which a dead server would have kept to itself, and that recovery brings all of
it back once. It cannot show that the disk has it: what a loss of power does, or a disk or file system that fails or
only pretends to flush, is tried by cutting off a whole machine.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Event
from typing import Final
from uuid import UUID, uuid4

from api.checks.check import Check, Result
from api.checks.own_server import own_home, own_server
from api.checks.people import AT, BY
from api.checks.scratch import service_on
from api.databases import Databases
from domain.events import Answer, Command, Entry
from domain.log import CommandKnown, Log, LogUnavailable, StreamMoved
from domain.mentor import Mentor

SEED: Final = 1


@dataclass(frozen=True)
class Size:
    """How often the server is killed, how many threads write, and how many events are acknowledged before, about."""

    kills: int
    writers: int
    events_a_life: int


FULL: Final = Size(kills=200, writers=8, events_a_life=300)
SMALL: Final = Size(kills=2, writers=4, events_a_life=60)
CONTROL: Final = Size(kills=1, writers=4, events_a_life=200)
CONTROL_ROUNDS: Final = 5

DURABLE: Final[Mapping[str, str]] = {}
# The server then answers before it has written anything down, and may take this long to do so.
NOT_DURABLE: Final = {"synchronous_commit": "off", "wal_writer_delay": "10s"}

_PATIENCE_S: Final = 60.0
_SPARE_CONNECTIONS: Final = 2


@dataclass
class Tally:
    """What writers were told: the position of each event, by its stream; and the events they heard nothing about.

    `interrupted` counts the appends under way that heard in the server's next life. `unheard` counts how often nobody
    could say, `unheard_stored` in how many of those cases the event was in the log nevertheless: sent again under its
    key, it must not come in once more.
    """

    stored: dict[UUID, int] = field(default_factory=dict)
    in_doubt: set[UUID] = field(default_factory=set)
    interrupted: int = 0
    unheard: int = 0
    unheard_stored: int = 0


@dataclass(frozen=True)
class Outcome:
    """A tally, how many acknowledged events are not in the log as they were, and how many are there twice."""

    tally: Tally
    lost: int
    doubled: int


def run(_: str, full: bool) -> Result:  # noqa: FBT001 - the registry calls it by position
    """Kill a server of its own under write, again and again, and look for all that it had acknowledged."""
    size = FULL if full else SMALL
    random = Random(SEED)  # noqa: S311 - it chooses when to kill
    with own_home() as home:
        kept = _kill_again_and_again(home, size, DURABLE, random)
        caught = _kill_until_lost(home, random)
    told = kept.tally
    return Result(
        figure=f"{size.kills} kills under {size.writers} writers (seed {SEED}): {len(told.stored):,} acknowledged, "
        f"{kept.lost:,} lost, {kept.doubled:,} doubled; {told.interrupted:,} callers heard after a restart what had "
        f"become of their append, {told.unheard:,} did not and sent it again ({told.unheard_stored:,} were stored)",
        kept=len(told.stored) > 0 and kept.lost == kept.doubled == 0,
        control=f"with synchronous_commit off, {caught.lost:,} of {len(caught.tally.stored):,} acknowledged were lost",
        control_caught=caught.lost > 0,
    )


def _kill_until_lost(home: Path, random: Random) -> Outcome:
    for _ in range(CONTROL_ROUNDS - 1):
        outcome = _kill_again_and_again(home, CONTROL, NOT_DURABLE, random)
        if outcome.lost:
            return outcome
    return _kill_again_and_again(home, CONTROL, NOT_DURABLE, random)


def _kill_again_and_again(home: Path, size: Size, settings: Mapping[str, str], random: Random) -> Outcome:
    """Give the server so many lives, and judge in one more. One service goes through all of it, as it would."""
    tally = Tally()
    with ExitStack() as stack:
        threads = stack.enter_context(ThreadPoolExecutor(size.writers, thread_name_prefix="writer"))
        log: Log | None = None
        interrupted: list[Future[None]] = []
        for _ in range(size.kills):
            with own_server(home, settings) as server:
                log = log or stack.enter_context(_log(server.url, connections=size.writers + _SPARE_CONNECTIONS))
                _settle(interrupted, log, tally)
                target = random.randint(size.events_a_life * 2 // 3, size.events_a_life * 4 // 3)
                writer = Writer(log, tally, len(tally.stored) + target)
                interrupted = [threads.submit(writer.write) for _ in range(size.writers)]
                try:
                    writer.has_reached.wait(_PATIENCE_S)
                finally:  # also when interrupted: the writers go on until the server is killed
                    writer.is_last.set()
                    server.kill()
        assert log is not None, "there is at least one life"
        with own_server(home, DURABLE):
            _settle(interrupted, log, tally)
            return _judge(log, tally)


@contextmanager
def _log(url: str, *, connections: int) -> Iterator[Log]:
    databases = Databases.at(url)
    databases.migrate()
    with service_on(databases, connections=connections) as service:
        yield service.alongside.log


class Writer:
    """Writes one event after another; `has_reached` says that so many are acknowledged, `is_last` ends it.

    What a kill interrupts, the log finds out in the server's next life: whether it had been stored, or is to be now.
    """

    def __init__(self, log: Log, tally: Tally, goal: int) -> None:
        self._log, self._tally, self._goal = log, tally, goal
        self.has_reached, self.is_last = Event(), Event()

    def write(self) -> None:
        """Write until told to end."""
        while not self.is_last.is_set():
            stream = uuid4()
            try:
                self._tally.stored[stream] = _append(self._log, stream)
            except LogUnavailable:
                self._tally.in_doubt.add(stream)
            if len(self._tally.stored) >= self._goal:
                self.has_reached.set()


def _append(log: Log, stream: UUID) -> int:
    """Store one event in a stream of its own, under the stream's id as key."""
    entry = Entry(stream=stream, version=1, event=Mentor.Resumed(at=AT, by=BY))
    (position,) = log.append([entry], (Command(str(stream), stream.bytes), Answer(stream, 1)))
    return position


def _settle(interrupted: Sequence[Future[None]], log: Log, tally: Tally) -> None:
    """Let those who were interrupted hear what became of it, and send once more what nobody could tell them of."""
    tally.interrupted += sum(not each.done() for each in interrupted)
    for each in interrupted:
        each.result()
    for stream in tally.in_doubt:
        tally.unheard += 1
        try:
            tally.stored[stream] = _append(log, stream)
        except (CommandKnown, StreamMoved):
            tally.unheard_stored += 1
            tally.stored[stream] = log.stream(stream)[0].position
    tally.in_doubt.clear()


def _judge(log: Log, tally: Tally) -> Outcome:
    found: dict[UUID, list[int]] = {}
    for entry in log.read():
        found.setdefault(entry.stream, []).append(entry.position)
    return Outcome(
        tally=tally,
        lost=sum(
            position not in found.get(stream, ()) or log.done(str(stream)) is None
            for stream, position in tally.stored.items()
        ),
        doubled=sum(len(positions) - 1 for positions in found.values()),
    )


CHECK: Final = Check("kill-db", "What the log has acknowledged outlives a kill of the database.", run)
