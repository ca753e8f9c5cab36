"""How fast do read models follow the log? Each figure beside its peer, all in one run on one server.

    ./run python -m benchmarks.projections [--events 100000] [--database postgresql://...]

Without a server's address an embedded one is started. All work is done on scratch databases that are dropped after.
"""

import argparse
import gc
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from time import perf_counter, sleep

from sqlalchemy import func, select

from api.checks.people import contests
from api.checks.scratch import scratch_database, scratch_service
from api.postgres import embedded_postgres
from api.service import Service
from benchmarks.history import History
from benchmarks.library_runner import seconds_of_runner
from eventlog.schema import Role
from projections.follower import Follower
from projections.mentor_directory import projection as directory
from projections.projector import Projector
from projections.waiting_list import members

SEED = 2026
APPEND = 1_000
REPEATS = 3
VISIBLE = 200
RUNNER_EVENTS = 2_000


def seconds(act: Callable[[], object]) -> float:
    """How long something takes."""
    began = perf_counter()
    act()
    return perf_counter() - began


@contextmanager
def service_on(server: str, events: int) -> Iterator[Service]:
    """A service on a database of its own that holds so many events."""
    with scratch_service(server, connections=10) as service:
        history = History(SEED).entries()
        for _ in range(0, events, APPEND):
            service.alongside.log.append(list(islice(history, APPEND)))
        yield service


def compare_with_reading(service: Service, events: int) -> None:
    """Bare read and decode, a rebuild of all projections, and again, so that a busy machine slows both."""
    reads, rebuilds = [], []
    for _ in range(REPEATS):
        reads.append(seconds(lambda: sum(1 for _ in service.alongside.log.read())))
        rebuilds.append(seconds(service.projector.rebuild))
    read, rebuild = min(reads), min(rebuilds)
    say("read and decode", events, read)
    say("rebuild of all projections", events, rebuild, f"{rebuild / read:.1f} times the read (aim: 3)")


def catch_up(service: Service, events: int) -> None:
    """Everything carried over into empty tables by the first reader."""
    read = seconds(lambda: sum(1 for _ in service.alongside.log.read()))
    taken = seconds(service.projector.catch_up)
    say("catch-up of all projections", events, taken, f"{taken / read:.1f} times the read just before")


def compare_with_the_library(server: str) -> None:
    """One projection, ours in batches and the library's with a transaction for each event."""
    with service_on(server, RUNNER_EVENTS) as service:
        one = Projector(service.engines[Role.PROJECTOR], service.alongside.log, [directory])
        ours = seconds(one.catch_up)
    with scratch_database(server) as url:
        theirs = seconds_of_runner(url, RUNNER_EVENTS)
    say("one projection of ours", RUNNER_EVENTS, ours)
    say("one of the library's runner", RUNNER_EVENTS, theirs, f"ours is {theirs / ours:.0f} times as fast")


def commit_to_visible(server: str) -> None:
    """From an append's return until its rows can be read, carried over by the follower alone."""
    taken = []
    with service_on(server, 0) as service, Follower(service.projector, service.alongside.log):
        count = select(func.count()).select_from(members)
        with service.engines[Role.READER].connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for number in range(1, VISIBLE + 1):
                contests(service.alongside, 1, members=1)
                began = perf_counter()
                while connection.scalar(count) < number:
                    sleep(0.0002)
                taken.append(perf_counter() - began)
    cuts = statistics.quantiles(taken, n=100)
    print(f"{'commit to visible':<32} p50 {cuts[49] * 1e3:.1f} ms, p99 {cuts[98] * 1e3:.1f} ms over {VISIBLE} appends")


def say(what: str, events: int, taken_s: float, ratio: str = "") -> None:
    """Print one figure."""
    print(f"{what:<32} {events / taken_s:>12,.0f} events/s  {ratio}", flush=True)


def run(server: str, events: int) -> None:
    """Print all figures."""
    with service_on(server, events) as service:
        catch_up(service, events)
        compare_with_reading(service, events)
    compare_with_the_library(server)
    commit_to_visible(server)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--database")
    given = parser.parse_args()
    gc.freeze()  # as the command line does
    if given.database:
        run(given.database, given.events)
        return
    with tempfile.TemporaryDirectory(prefix="alongside-bench-") as folder:
        Path(folder).chmod(0o755)
        with embedded_postgres(Path(folder) / "home", say=print) as server:
            run(server, given.events)


if __name__ == "__main__":
    main()
