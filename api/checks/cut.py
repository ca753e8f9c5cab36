"""If a connection is lost while something is appended, does everyone hear exactly what is stored?"""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

import psycopg
from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder

from api.checks.check import Check, Result
from api.checks.gaps import library_datastore
from api.checks.people import AT
from api.checks.proxy import Cut, Proxy, proxy_before
from api.checks.scratch import scratch_database, scratch_databases, service_on
from api.databases import Databases
from domain.events import Answer, Command, Entry
from domain.log import CommandKnown, Log, StreamMoved
from domain.mentor import Mentor
from eventlog.encoding import Encoding
from eventlog.postgres import PostgresLog
from eventlog.schema import Role

FULL_TRIALS: Final = 50
SMALL_TRIALS: Final = 2
FULL_CONTROLS: Final = 10
SMALL_CONTROLS: Final = 2

_PATIENCE_S: Final = 60.0
_POLL_S: Final = 0.002
_LOCK: Final = "hashtext('alongside.append')"
_KNOWN: Final = Command("known", b"\x01" * 32)


@dataclass(frozen=True)
class Wanted:
    """What one caller appends, under a name of its own, and what may come of it."""

    by: str
    entries: Sequence[Entry]
    done: tuple[Command, Answer] | None
    may_be: tuple[type, ...]


@dataclass(frozen=True)
class Place:
    """A log through a proxy, and past it."""

    log: Log
    proxy: Proxy
    direct: Log
    server: psycopg.Connection
    moved: UUID


def run(server_url: str, full: bool) -> Result:  # noqa: FBT001 - the registry calls it by position
    """Cut connections at each of six points while several append, and compare what they hear with what is stored."""
    trials = FULL_TRIALS if full else SMALL_TRIALS
    with _place(server_url) as place:
        outcomes = {point: [_trial(place, how, number) for number in range(trials)] for point, how in _POINTS.items()}
        is_gapless = [entry.position for entry in place.direct.read()] == list(range(1, place.direct.head() + 1))
    cuts = [right for rights in outcomes.values() for right in rights]
    told, asked = (sum(numbers) for numbers in zip(*cuts, strict=True))
    faults = ", ".join(point for point, rights in outcomes.items() if any(told < asked for told, asked in rights))
    controls = FULL_CONTROLS if full else SMALL_CONTROLS
    lied = _library_lies(server_url, controls)
    return Result(
        figure=f"{len(outcomes)} points x {trials} cuts: {told:,} of {asked:,} callers heard exactly what is stored, "
        f"{'no' if is_gapless else 'SOME'} gap in the positions{faults and f'; wrong {faults}'}",
        kept=told == asked and is_gapless,
        control=f"the event-sourcing library's recorder reported a conflict about its own stored event in {lied} of "
        f"{controls} cuts after the commit",
        control_caught=lied == controls,
    )


@contextmanager
def _place(server_url: str) -> Iterator[Place]:
    with (
        scratch_databases(server_url) as databases,
        service_on(databases, connections=10) as service,
        proxy_before(databases.log) as (proxy, through),
        psycopg.connect(databases.log, autocommit=True) as server,
    ):
        engine = Databases(through, databases.keys).engine(Role.WRITER, 4)
        direct, moved = service.alongside.log, uuid4()
        event = Mentor.Resumed(at=AT, by="before")
        direct.append([Entry(stream=moved, version=1, event=event)], (_KNOWN, Answer(moved, 1)))
        with closing(PostgresLog(engine, Encoding(None))) as log:
            yield Place(log, proxy, direct, server, moved)
        engine.dispose()


def _trial(place: Place, how: Callable[[Place, Callable[[], None], int], None], number: int) -> tuple[int, int]:
    """Let callers append while a connection is cut; give how many heard what is stored, and how many there were."""
    before = place.direct.head()
    wanted = _wanted(place.moved)
    heard: list[range | Exception] = []
    how(place, lambda: heard.extend(_append_at_once(place.log, wanted)), number)
    assert not place.proxy.is_armed, "the cut was made"
    stored: dict[str, list[int]] = {}
    for entry in place.direct.read(before):
        stored.setdefault(entry.event.by, []).append(entry.position)
    right = [_is_right(place.direct, *each, stored) for each in zip(wanted, heard, strict=True)]
    rivals = [isinstance(outcome, range) for outcome in heard[-2:]]
    return sum(right) if sorted(rivals) == [False, True] else 0, len(wanted)


def _wanted(moved: UUID) -> list[Wanted]:
    """Appends that go well, with and without a command, two that are refused, and last two rivals for one stream."""
    rivalled = uuid4()
    commanded = Command(f"key {uuid4()}", b"\x02" * 32)
    return [
        _want(uuid4(), 1, (range,)),
        _want(uuid4(), 3, (range,)),
        _want(uuid4(), 2, (range,), commanded),
        _want(moved, 1, (StreamMoved,)),
        _want(uuid4(), 1, (CommandKnown,), _KNOWN),
        _want(rivalled, 1, (range, StreamMoved)),
        _want(rivalled, 1, (range, StreamMoved)),
    ]


def _want(stream: UUID, length: int, may_be: tuple[type, ...], command: Command | None = None) -> Wanted:
    by = str(uuid4())
    event = Mentor.Resumed(at=AT, by=by)
    entries = [Entry(stream=stream, version=version, event=event) for version in range(1, length + 1)]
    return Wanted(by, entries, None if command is None else (command, Answer(stream, length)), may_be)


def _append_at_once(log: Log, wanted: Sequence[Wanted]) -> list[range | Exception]:
    def append(each: Wanted) -> range | Exception:
        try:
            positions = log.append(each.entries, each.done)
        except Exception as error:  # noqa: BLE001 - which it was is what we want to know
            return error
        return range(positions[0], positions[-1] + 1)

    with ThreadPoolExecutor(len(wanted)) as executor:
        return list(executor.map(append, wanted))


def _is_right(direct: Log, wanted: Wanted, heard: range | Exception, stored: dict[str, list[int]]) -> bool:
    """Whether a caller heard what may come of the append, and exactly that is stored, once."""
    found = stored.get(wanted.by, [])
    if not isinstance(heard, range):
        return isinstance(heard, wanted.may_be) and not found
    has_command = wanted.done is None or direct.done(wanted.done[0].key) == wanted.done
    return range in wanted.may_be and found == list(heard) and len(found) == len(wanted.entries) and has_command


def _is_bind(data: bytes) -> bool:
    """Whether a request runs a prepared statement: in a writer's connection, the append."""
    return data.startswith(b"B")


def _before_sending(place: Place, append: Callable[[], None], _: int) -> None:
    place.proxy.cut_all()
    append()


def _unread(place: Place, append: Callable[[], None], number: int) -> None:
    """Every other time, the server reads it after all after everyone was answered."""
    place.proxy.arm(Cut.UNREAD, _is_bind)
    append()
    if number % 2:
        place.proxy.deliver()
    else:
        place.proxy.forget()


def _while_running(place: Place, append: Callable[[], None], _: int) -> None:
    """The server waits for the lock while it is cut off, and goes on without noticing, before it is asked again."""
    place.server.execute(f"SELECT pg_advisory_lock({_LOCK})")
    with ThreadPoolExecutor(1) as executor:
        appending = executor.submit(append)
        _wait_for_waiting(place.server, 1)
        place.proxy.cut_all()
        _wait_for_waiting(place.server, 2)
        place.server.execute(f"SELECT pg_advisory_unlock({_LOCK})")
        appending.result()


def _cutting(cut: Cut) -> Callable[[Place, Callable[[], None], int], None]:
    def how(place: Place, append: Callable[[], None], _: int) -> None:
        place.proxy.arm(cut, _is_bind)
        append()

    return how


_POINTS: Final = {
    "before sending": _before_sending,
    "before the server reads": _unread,
    "while it runs": _while_running,
    "after the commit": _cutting(Cut.UNANSWERED),
    "in the answer": _cutting(Cut.HALF_ANSWERED),
    "after the answer": _cutting(Cut.ANSWERED),
}


def _wait_for_waiting(server: psycopg.Connection, number: int) -> None:
    """Wait until so many wait for the lock of appends."""
    deadline = time.monotonic() + _PATIENCE_S
    query = (
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    while server.execute(query).fetchone() != (number,):
        if time.monotonic() > deadline:
            raise TimeoutError(f"No {number} appends came to wait for the lock.")
        time.sleep(_POLL_S)


def _library_lies(server_url: str, trials: int) -> int:
    """Cut the library's stock recorder after its commit; give how often it reported a conflict though it had stored."""
    with (
        scratch_database(server_url) as url,
        proxy_before(url) as (proxy, through),
        closing(library_datastore(through, connections=2, enable_db_functions=False)) as datastore,
    ):
        recorder = PostgresApplicationRecorder(datastore, events_table_name="stock_events")
        recorder.create_table()
        return sum(_library_lies_once(recorder, proxy) for _ in range(trials))


def _library_lies_once(recorder: PostgresApplicationRecorder, proxy: Proxy) -> bool:
    stream = uuid4()
    proxy.arm(Cut.UNANSWERED, lambda data: b"COMMIT" in data)
    try:
        recorder.insert_events([StoredEvent(stream, 1, "stock", b"{}")])
    except IntegrityError:
        return len(recorder.select_events(stream)) == 1
    return False


CHECK: Final = Check("cut", "Whoever loses a connection while appending hears exactly what is stored.", run)
