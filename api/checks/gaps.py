"""Can somebody who follows the log while others write to it miss an event?"""

from contextlib import closing
from typing import Final
from uuid import uuid4

from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from api.checks.check import Check, Result
from api.checks.following import Append, Read, Size, Watched, watch
from api.checks.people import AT, BY
from api.checks.scratch import scratch_database, scratch_log
from domain.events import Entry
from domain.log import Log
from domain.mentor import Mentor

FULL: Final = Size(writers=16, events=50_000, followers=3)
SMALL: Final = Size(writers=8, events=1_600, followers=2)
CONTROL: Final = Size(writers=16, events=2_400, followers=2)
CONTROL_ROUNDS: Final = 6

_SPARE_CONNECTIONS: Final = 2
_PAGE: Final = 1_000


def run(server_url: str, full: bool) -> Result:  # noqa: FBT001 - the registry calls it by position
    """Write from many threads while others follow, and compare what they saw with what was acknowledged."""
    size = FULL if full else SMALL
    with scratch_log(server_url, connections=_connections(size)) as log:
        seen = watch(*_through(log), size)
        is_gapless = all(entry.position == place for place, entry in enumerate(log.read(), 1))
    with scratch_database(server_url) as url:
        written, missed = _without_lock(url)
    return Result(
        figure=f"{size.writers} writers, {seen.written:,} events, {size.followers} followers: "
        f"{seen.missed:,} missed, {seen.doubled:,} seen twice, {seen.disordered:,} out of order, "
        f"{'no' if is_gapless else 'SOME'} gap in the positions",
        kept=seen == Watched(written=size.events, missed=0, doubled=0, disordered=0) and is_gapless,
        control=f"with the event-sourcing library's insert function, which takes no lock, "
        f"followers missed {missed:,} of {written:,} events",
        control_caught=missed > 0,
    )


def _connections(size: Size) -> int:
    return size.writers + size.followers + _SPARE_CONNECTIONS


def _through(log: Log) -> tuple[Append, Read]:
    event = Mentor.Resumed(at=AT, by=BY)

    def append() -> int:
        (position,) = log.append([Entry(stream=uuid4(), version=1, event=event)])
        return position

    return append, lambda after: [entry.position for entry in log.read(after)]


def _without_lock(url: str) -> tuple[int, int]:
    """Watch the library's recorder with its database functions; give the events written and how many were missed."""
    with closing(library_datastore(url, connections=_connections(CONTROL), enable_db_functions=True)) as datastore:
        recorder = PostgresApplicationRecorder(datastore, events_table_name="unlocked_events")
        recorder.create_table()
        written = 0
        for _ in range(CONTROL_ROUNDS):
            seen = watch(*_through_library(recorder), CONTROL, after=recorder.max_notification_id() or 0)
            written += seen.written
            if seen.missed:
                return written, seen.missed
    return written, 0


def library_datastore(url: str, *, connections: int, enable_db_functions: bool) -> PostgresDatastore:
    """Give the library's own way into a database."""
    address = conninfo_to_dict(url)
    return PostgresDatastore(
        dbname=str(address["dbname"]),
        host=str(address.get("host", "")),
        port=str(address.get("port", "5432")),
        user=str(address.get("user", "")),
        password=str(address.get("password", "")),
        pool_size=connections,
        enable_db_functions=enable_db_functions,
    )


def _through_library(recorder: PostgresApplicationRecorder) -> tuple[Append, Read]:
    def append() -> int:
        positions = recorder.insert_events([StoredEvent(uuid4(), 1, "unlocked", b"{}")])
        assert positions, "an application recorder gives positions"
        return int(positions[0])

    def read(after: int) -> list[int]:
        found = recorder.select_notifications(after, _PAGE, inclusive_of_start=False)
        return [notification.id for notification in found]

    return append, read


CHECK: Final = Check("gaps", "Whoever follows the log sees every event once and in order, whoever writes.", run)
