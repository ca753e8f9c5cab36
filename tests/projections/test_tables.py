"""Does the plaintext of read models stay out of what is logged and copied, and do they come back after a crash?"""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, Table, func, select, text
from sqlalchemy.exc import OperationalError

from api.databases import Databases
from api.moment import Moment
from api.postgres import embedded_postgres
from api.safe import Safe
from api.service import Service, assemble
from eventlog.schema import Role
from projections.follower import Follower
from projections.mentor_directory import mentors
from projections.projection import metadata
from projections.proposals import proposals
from projections.tables import positions
from projections.waiting_list import members
from tests.projections.test_follower import eventually
from tests.scenarios import enrolled_member, enrolled_mentor, open_match

LOGGED = text(
    "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
    " WHERE nspname = 'read_models' AND relkind IN ('r', 'i', 't', 'S') AND relpersistence <> 'u'"
)
SAMPLED = text("SELECT tablename, attname FROM pg_stats WHERE schemaname = 'read_models'")
SAMPLES = text("SELECT string_agg(s::text, '') FROM pg_stats s WHERE schemaname = 'read_models'")


def test_no_table_of_the_read_models_is_logged_not_even_after_a_rebuild(service: Service) -> None:
    for _ in range(2):
        with service.engines[Role.PROJECTOR].connect() as connection:
            assert list(connection.scalars(LOGGED)) == []
        service.projector.rebuild()


def analysed(service: Service) -> set[tuple[str, str]]:
    """The columns that the planner's statistics know, brought up to date."""
    service.projector.catch_up()
    with service.engines[Role.PROJECTOR].begin() as connection:
        connection.execute(text("ANALYZE"))
        return {(row.tablename, row.attname) for row in connection.execute(SAMPLED)}


@pytest.mark.parametrize("is_rebuilt", [False, True])
def test_the_planners_statistics_hold_no_personal_column(service: Service, moment: Moment, *, is_rebuilt: bool) -> None:
    marked = {(each.name, column.name) for each in metadata.sorted_tables for column in each.c if column.info}
    open_match(service, moment)
    for number in range(2, 6):
        enrolled_member(service, moment, ref=f"S-{number}", handle="Zinc Kestrel Quay")
        enrolled_mentor(service, moment, ref=f"T-{number}", handle="Zinc Kestrel Quay", supervisor="SUP-Quay")
    if is_rebuilt:
        service.projector.rebuild()

    sampled = analysed(service)

    assert marked
    assert sampled & marked == set()
    assert ("members", "person_id") in sampled
    with service.engines[Role.PROJECTOR].connect() as connection:
        assert "Quay" not in connection.scalar(SAMPLES)


def test_a_personal_column_that_nobody_marked_would_be_found_there(service: Service, moment: Moment) -> None:
    with service.engines[Role.PROJECTOR].begin() as connection:
        connection.execute(text("ALTER TABLE read_models.members ALTER COLUMN handle SET STATISTICS -1"))
    for number in range(1, 5):
        enrolled_member(service, moment, ref=f"S-{number}", handle="Zinc Kestrel Quay")

    assert ("members", "handle") in analysed(service)
    with service.engines[Role.PROJECTOR].connect() as connection:
        assert "Quay" in connection.scalar(SAMPLES)


def test_tables_of_an_earlier_form_are_made_anew_at_the_start(
    service: Service, moment: Moment, databases: Databases, safe: Safe
) -> None:
    enrolled_member(service, moment)
    service.projector.catch_up()
    with service.engines[Role.PROJECTOR].begin() as connection:
        connection.execute(text("ALTER TABLE read_models.members DROP COLUMN urgency"))
        connection.execute(text("COMMENT ON SCHEMA read_models IS 'an earlier form'"))

    later = assemble(databases, safe)
    with later.reading() as connection:
        assert connection.scalar(select(members.c.urgency)) == "soon"
    later.close()


def test_tables_of_the_present_form_are_left_alone(
    service: Service, moment: Moment, databases: Databases, safe: Safe
) -> None:
    enrolled_member(service, moment)
    head = service.projector.catch_up().position

    assemble(databases, safe).close()

    with service.engines[Role.PROJECTOR].connect() as connection:
        assert connection.scalar(select(func.min(positions.c.position))) == head


@pytest.fixture
def home() -> Iterator[Path]:
    """A home for a server of our own, that may be killed."""
    folder = Path(tempfile.mkdtemp(prefix="alongside-crash-"))
    folder.chmod(0o755)
    yield folder / "home"
    shutil.rmtree(folder)


def kill(home: Path) -> None:
    """End the server as a power cut would: without a word to it."""
    pid = next(home.rglob("postmaster.pid")).read_text().splitlines()[0]
    os.kill(int(pid), signal.SIGKILL)


def silent(_: str) -> None: ...


def test_the_read_models_come_back_by_themselves_after_the_server_was_killed(
    home: Path, moment: Moment, safe: Safe
) -> None:
    serving = partial(embedded_postgres, home, say=silent, settings={"fsync": "off"})
    with serving() as url:
        databases = Databases.at(url)
        databases.migrate()
        service = assemble(databases, safe)
        open_match(service, moment)
        head = service.projector.catch_up().position
        kill(home)
    with ExitStack() as following:
        with serving():
            with service.engines[Role.PROJECTOR].connect() as connection:
                emptied = [rows(connection, each) for each in metadata.sorted_tables]
            following.enter_context(Follower(service.projector, service.alongside.log, poll_s=0.05))
            assert eventually(lambda: lowest(service) == head)
            with service.engines[Role.PROJECTOR].connect() as connection:
                filled = [rows(connection, each) for each in (members, mentors, proposals)]
            kill(home)
        with serving():
            assert eventually(lambda: lowest(service) == head)
            following.close()
    service.close()

    assert set(emptied) == {0}
    assert filled == [1, 1, 1]


def rows(connection: Connection, of: Table) -> int | None:
    return connection.scalar(select(func.count()).select_from(of))


def lowest(service: Service) -> int | None:
    """The position that all projections have reached; none while the server is away."""
    try:
        with service.engines[Role.PROJECTOR].connect() as connection:
            return connection.scalar(select(func.min(positions.c.position)))
    except OperationalError:
        return None
