"""How fast does the log take and give events, beside the library's recorder and beside bare SQL on the same server?

Run `./run python -m benchmarks.appends`. The server is that of DATABASE_URL, or an embedded one with its default
settings, so that every commit is flushed to disk. All contenders take turns within each round, and ratios are taken
within a round, because what else the machine does changes from one minute to the next. Shown are medians.
"""

import argparse
import gc
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from statistics import median
from threading import Barrier, Thread
from uuid import UUID, uuid4

import psycopg
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict
from rich.console import Console
from rich.table import Table

from api.checks.scratch import scratch_database, scratch_databases, service_on
from api.service import database
from api.settings import Settings
from domain.consent import ConsentLedger, Method
from domain.events import Answer, Command, Entry
from domain.purposes import Purpose
from eventlog.encoding import Encoding
from eventlog.postgres import PostgresLog

CALLERS = (1, 8, 16)
BATCHES = (100, 1_000)
STREAMS = (10, 1_000)

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
COLUMNS = "originator_id, originator_version, topic, state, event_id, recorded_at"
INSERT = f"INSERT INTO plain ({COLUMNS}) VALUES (%b, %b, %b, %b, %b, %b)"  # noqa: S608
COPY = f"COPY plain ({COLUMNS}) FROM STDIN (FORMAT BINARY)"
TYPES = ("uuid", "int8", "text", "bytea", "uuid", "timestamptz")
SELECT = (
    "SELECT originator_id, originator_version, topic, state, notification_id, recorded_at"
    " FROM eventlog.events WHERE originator_id = %b ORDER BY originator_version"
)

EVENT = ConsentLedger.Granted(
    person_id=uuid4(),
    consent_id=uuid4(),
    purpose=Purpose.MATCH_CONSIDER,
    audience="the programme's coordinators",
    method=Method.PAPER,
    expires_at=AT + timedelta(days=365),
    at=AT,
    by="coordinator-1",
)
"""An event of some 300 bytes, of the kind that there are most of."""

Contender = Callable[[], Callable[[], object]]
"""Make, for one caller, what it does again and again; called in the caller's own thread."""


@dataclass(frozen=True)
class Contest:
    """Contenders for the same work; the first is ours, and each time they do it counts for so much."""

    name: str
    unit: str
    callers: int
    counts: int
    contenders: dict[str, Contender]


def events(number: int) -> list[StoredEvent]:
    """So many of them, each the first of a stream."""
    return Encoding(None).write([Entry(stream=uuid4(), version=1, event=EVENT) for _ in range(number)])


def rate(contest: Contest, contender: Contender, seconds: float) -> float:
    """Let all callers go on for some seconds; give how much they did in a second."""
    begin = Barrier(contest.callers + 1)
    done: list[int] = []
    failed: list[BaseException] = []

    def call() -> None:
        try:
            act = contender()
            act()
            begin.wait(60)
            times, until = 0, time.perf_counter() + seconds
            while time.perf_counter() < until:
                act()
                times += 1
            done.append(times)
        except BaseException as error:
            failed.append(error)
            raise

    threads = [Thread(target=call) for _ in range(contest.callers)]
    for thread in threads:
        thread.start()
    begin.wait(60)
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return sum(done) * contest.counts / (time.perf_counter() - started)


def ours(log: PostgresLog, number: int) -> Contender:
    """Append so many events at once, as the log does once it has written them down."""
    return lambda: lambda: log.recorder.append(events(number))


def ours_with_command(log: PostgresLog) -> Contender:
    """Append one event and the command that led to it."""

    def append() -> object:
        new = events(1)
        done = Command(str(uuid4()), bytes(32)), Answer(new[0].originator_id, 1)
        return log.recorder.append(new, done)

    return lambda: append


def library(recorder: PostgresApplicationRecorder, number: int) -> Contender:
    """Append so many events at once with the library."""
    return lambda: lambda: recorder.insert_events(events(number))


def row(stored: StoredEvent) -> tuple[object, ...]:
    """Give the columns of an event."""
    return (stored.originator_id, stored.originator_version, stored.topic, stored.state, uuid4(), AT)


def inserting(connect: Callable[[], psycopg.Connection]) -> Contender:
    """Insert one row at a time, with nothing that keeps order."""

    def contender() -> Callable[[], object]:
        connection = connect()
        return lambda: connection.execute(INSERT, row(events(1)[0]), prepare=True)

    return contender


def copying(connect: Callable[[], psycopg.Connection], number: int) -> Contender:
    """Copy so many rows at once."""

    def contender() -> Callable[[], object]:
        connection = connect()

        def act() -> None:
            new = events(number)
            with connection.cursor() as cursor, cursor.copy(COPY) as copy:
                copy.set_types(TYPES)
                for stored in new:
                    copy.write_row(row(stored))

        return act

    return contender


def selecting(connect: Callable[[], psycopg.Connection], stream: UUID) -> Contender:
    """Read the rows of a stream and leave them as they are."""

    def contender() -> Callable[[], object]:
        cursor = connect().cursor(binary=True)
        return lambda: cursor.execute(SELECT, (stream,), prepare=True).fetchall()

    return contender


@contextmanager
def stock_recorder(url: str, connections: int) -> Iterator[PostgresApplicationRecorder]:
    """The library's recorder as it comes, with tables of its own."""
    address = conninfo_to_dict(url)
    datastore = PostgresDatastore(
        dbname=str(address["dbname"]),
        host=str(address.get("host", "")),
        port=str(address.get("port", "5432")),
        user=str(address.get("user", "")),
        password=str(address.get("password", "")),
        pool_size=connections,
    )
    with closing(datastore):
        recorder = PostgresApplicationRecorder(datastore)
        recorder.create_table()
        yield recorder


@contextmanager
def connecting(url: str, number: int) -> Iterator[Callable[[], psycopg.Connection]]:
    """Connections of one's own for so many callers, in turn, closed in the end."""
    with ExitStack() as stack:
        connections = [stack.enter_context(psycopg.connect(url, autocommit=True)) for _ in range(number)]
        turns = cycle(connections)
        yield lambda: next(turns)


def plain_table(url: str) -> None:
    """The same columns and indexes as the log's, with positions from a sequence and nothing that keeps order."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE plain (originator_id uuid NOT NULL, originator_version bigint NOT NULL, topic text NOT NULL,"
            " state bytea NOT NULL, notification_id bigserial UNIQUE, event_id uuid NOT NULL,"
            " recorded_at timestamptz NOT NULL, PRIMARY KEY (originator_id, originator_version))"
        )


def a_stream(log: PostgresLog, length: int) -> UUID:
    """Store a stream of that length."""
    stream = uuid4()
    log.append([Entry(stream=stream, version=version, event=EVENT) for version in range(1, length + 1)])
    return stream


def contests(
    log: PostgresLog, stock: PostgresApplicationRecorder, connect: Callable[[], psycopg.Connection]
) -> Iterator[Contest]:
    """All that is compared. Connections to the log's own tables are those of a superuser."""
    for callers in CALLERS:
        yield Contest(
            f"append, {callers} at a time",
            "appends/s",
            callers,
            1,
            {
                "ours": ours(log, 1),
                "ours with command": ours_with_command(log),
                "library": library(stock, 1),
                "INSERT": inserting(connect),
            },
        )
    for number in BATCHES:
        yield Contest(
            f"append {number:,} at once",
            "events/s",
            1,
            number,
            {"ours": ours(log, number), "library": library(stock, number), "COPY": copying(connect, number)},
        )
    for length in STREAMS:
        stream = a_stream(log, length)
        yield Contest(
            f"load {length:,}",
            "events/s",
            1,
            length,
            {"ours": lambda stream=stream: lambda: log.stream(stream), "SELECT": selecting(connect, stream)},
        )


def compare(server_url: str, seconds: float, rounds: int, only: str) -> Table:
    """Run all contests and give the table of what came of them."""
    most = max(CALLERS)
    with ExitStack() as stack:
        databases = stack.enter_context(scratch_databases(server_url))
        service = stack.enter_context(service_on(databases, connections=most + 2))
        stock = stack.enter_context(stock_recorder(stack.enter_context(scratch_database(server_url)), most + 2))
        plain_table(databases.log)
        connect = stack.enter_context(connecting(databases.log, most))
        log = service.alongside.log
        assert isinstance(log, PostgresLog)
        chosen = [contest for contest in contests(log, stock, connect) if only in contest.name]
        rates: dict[tuple[str, str], list[float]] = {}
        for _ in range(rounds):
            for contest in chosen:
                for name, contender in contest.contenders.items():
                    rates.setdefault((contest.name, name), []).append(rate(contest, contender, seconds))
    return shown(chosen, rates)


def shown(chosen: Sequence[Contest], rates: dict[tuple[str, str], list[float]]) -> Table:
    """Give the table of medians."""
    table = Table("work", "who", "rate", "", "ours : theirs", box=None)
    for contest in chosen:
        mine = rates[contest.name, "ours"]
        for name in contest.contenders:
            theirs = rates[contest.name, name]
            ratio = median(a / b for a, b in zip(mine, theirs, strict=True))
            table.add_row(
                contest.name if name == "ours" else "",
                name,
                f"{median(theirs):,.0f}",
                contest.unit,
                "" if name == "ours" else f"{ratio:.2f}",
            )
    return table


def main() -> None:
    """Read the options, find a server, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=2.0, help="how long each contender goes on in a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="a part of the names of the contests to run")
    chosen = parser.parse_args()
    gc.freeze()  # as the command line does
    with tempfile.TemporaryDirectory(prefix="alongside-benchmark-") as home:
        settings = Settings(ALONGSIDE_HOME=Path(home))
        with database(settings, lambda _: None) as databases:
            Console().print(compare(databases.log, chosen.seconds, chosen.rounds, chosen.only))


if __name__ == "__main__":
    main()
