"""Does a projection that fails on an event stop alone, tell nobody what the event said, and go on once it can?"""

from collections.abc import Iterable
from dataclasses import replace

import psycopg
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, insert, select, text

from api.app import create_app
from api.moment import Moment
from api.service import Service
from domain.access import Actor
from domain.events import Entry
from domain.mentor import Mentor
from eventlog.schema import Role
from projections import mentor_directory, waiting_list
from projections.mentor_directory import mentors
from projections.projection import Change, Projection
from projections.projector import NotCaughtUp, Projector
from projections.read_models import PROJECTIONS
from projections.rebuilding import RebuildStopped
from projections.stopping import LONGEST_PAUSE_S
from tests.scenarios import HARBOUR, a_mentor, enrolled_member, programme, token_of

SECRET = "Plum Raven told us"
REFS = ("T-1", "T-2", "T-3")


class NoFurther(Exception):
    """The handler gives up."""


def failing_handler(stop: str) -> Projection:
    """A directory whose handler gives up on one mentor."""
    projection = Projection("mentor-directory")

    @projection.on(Mentor.Registered)
    def _(entry: Entry, event: Mentor.Registered) -> Iterable[Change]:
        yield from mentor_directory.projection.changes([entry])
        if event.profile.ref == stop:
            raise NoFurther(SECRET)

    return projection


def failing_statement(stop: str) -> Projection:
    """A directory that the database refuses one mentor of, as their row is there already."""
    projection = Projection("mentor-directory")

    @projection.on(Mentor.Registered)
    def _(entry: Entry, event: Mentor.Registered) -> Iterable[Change]:
        for _ in range(2 if event.profile.ref == stop else 1):
            yield from mentor_directory.projection.changes([entry])

    return projection


class Hours:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def projector(service: Service, directory: Projection, clock: Hours) -> Projector:
    others = [projection for projection in PROJECTIONS if projection.name != directory.name]
    return Projector(service.engines[Role.PROJECTOR], service.alongside.log, [*others, directory], clock=clock)


def registered(service: Service, ref: str) -> int:
    """The position at which a mentor was registered."""
    return next(
        entry.position
        for entry in service.alongside.log.read()
        if isinstance(entry.event, Mentor.Registered) and entry.event.profile.ref == ref
    )


def listed(service: Service) -> int:
    with service.engines[Role.PROJECTOR].connect() as connection:
        return connection.scalar(select(func.count()).select_from(mentors)) or 0


@pytest.fixture
def three_mentors(service: Service, moment: Moment) -> Service:
    service.alongside.enrol(HARBOUR, (), [a_mentor(ref=ref) for ref in REFS], at=moment.at, by="administrator")
    return service


@pytest.mark.parametrize(
    ("failing", "failure"), [(failing_handler, "NoFurther"), (failing_statement, "UniqueViolation")]
)
def test_a_projection_stops_just_before_the_event_that_it_fails_on(
    three_mentors: Service, caplog: pytest.LogCaptureFixture, failing: object, failure: str
) -> None:
    service, poison = three_mentors, registered(three_mentors, "T-2")

    caught_up = projector(service, failing("T-2"), Hours()).catch_up()

    (stopped,) = caught_up.stopped
    assert (stopped.projection, stopped.failed_position, stopped.failure) == ("mentor-directory", poison, failure)
    assert stopped.position < poison
    assert stopped.failed_at is not None
    assert listed(service) == 1
    assert [
        (record.levelname, f"before position {poison}: {failure}" in record.message) for record in caplog.records
    ] == [("ERROR", True)]
    assert SECRET not in caplog.text


def test_the_others_go_on_while_one_has_stopped(three_mentors: Service, moment: Moment) -> None:
    service, stopping = three_mentors, projector(three_mentors, failing_handler("T-2"), Hours())
    stopping.catch_up()
    member = enrolled_member(service, moment)
    stopping.catch_up()

    with service.engines[Role.PROJECTOR].connect() as connection:
        assert [found.ref for found in waiting_list.waiting(connection, member.programme_id, today=moment.today)] == [
            "S-1"
        ]
    assert listed(service) == 1


def test_a_process_whose_handler_is_mended_goes_on_at_its_first_read(three_mentors: Service) -> None:
    projector(three_mentors, failing_handler("T-2"), Hours()).catch_up()
    assert listed(three_mentors) == 1

    caught_up = projector(three_mentors, mentor_directory.projection, Hours()).catch_up()

    assert caught_up.stopped == ()
    assert listed(three_mentors) == 3


def test_a_stopped_projection_is_tried_at_growing_intervals_and_not_by_each_reader(three_mentors: Service) -> None:
    tries, clock, directory = [], Hours(), Projection("mentor-directory")

    @directory.on(Mentor.Registered)
    def _(entry: Entry, _: Mentor.Registered) -> Iterable[Change]:
        tries.append(entry.position)
        raise NoFurther

    reading = projector(three_mentors, directory, clock)
    reading.catch_up()
    times = []
    for second in range(130):
        tries.clear()
        clock.now = float(second)
        for _ in range(3):
            reading.catch_up()
        if tries:
            times.append(second)

    assert times == [0, 1, 3, 7, 15, 31, 63, 123]
    assert LONGEST_PAUSE_S == 60
    assert set(tries) <= {registered(three_mentors, "T-1")}


def test_a_stopped_projection_goes_on_by_itself_once_what_stood_in_its_way_is_gone(three_mentors: Service) -> None:
    service, clock = three_mentors, Hours()
    reading = projector(service, mentor_directory.projection, clock)
    in_the_way = next(iter(service.alongside.log.read(registered(service, "T-2") - 1))).stream
    projector(service, failing_handler("T-1"), Hours()).catch_up()
    with service.engines[Role.PROJECTOR].begin() as connection:
        connection.execute(insert(mentors).values(**a_row(in_the_way)))
    assert [standing.failure for standing in reading.catch_up().stopped] == ["UniqueViolation"]
    with service.engines[Role.PROJECTOR].begin() as connection:
        connection.execute(mentors.delete().where(mentors.c.mentor_id == in_the_way))

    clock.now += LONGEST_PAUSE_S

    assert reading.catch_up().stopped == ()
    assert listed(service) == 3


def a_row(mentor: object) -> dict[str, object]:
    """A row of the directory that no event has told of."""
    texts = dict.fromkeys(("ref", "handle", "role", "time_zone", "supervisor"), "-")
    return {
        **texts,
        **dict.fromkeys(("mentor_id", "person_id", "programme_id"), mentor),
        **{name: [] for name in ("offers", "languages", "availability", "withheld")},
        **dict.fromkeys(("capacity", "taken"), 1),
        "trained_until": "2030-01-01",
        "is_paused": False,
    }


def test_a_rebuild_mends_a_table_that_stopped_its_projection(three_mentors: Service) -> None:
    projector(three_mentors, failing_statement("T-2"), Hours()).catch_up()

    three_mentors.projector.rebuild()

    assert three_mentors.projector.catch_up().stopped == ()
    assert listed(three_mentors) == 3


def test_a_rebuild_on_which_a_projection_fails_changes_nothing(three_mentors: Service) -> None:
    three_mentors.projector.catch_up()

    with pytest.raises(RebuildStopped, match=f"mentor-directory .* position {registered(three_mentors, 'T-2')}"):
        projector(three_mentors, failing_handler("T-2"), Hours()).rebuild()

    assert listed(three_mentors) == 3
    assert three_mentors.projector.catch_up().stopped == ()
    with three_mentors.engines[Role.PROJECTOR].connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'read_models_%'")) == 0


def test_an_event_that_nobody_can_read_stops_all_before_it(
    three_mentors: Service, moment: Moment, database_url: str
) -> None:
    service = three_mentors
    service.projector.catch_up()
    unreadable = service.alongside.log.head() + 1
    enrolled_member(service, moment)
    with psycopg.connect(database_url) as administrator:
        spoil = "UPDATE eventlog.events SET topic = 'mentor.abducted' WHERE notification_id = %s"
        administrator.execute(spoil, (unreadable,))

    stopped = service.projector.catch_up().stopped

    assert {(each.failed_position, each.failure) for each in stopped} == {(unreadable, "UnknownTopic")}
    assert len(stopped) == len(PROJECTIONS)


def test_a_server_that_fails_stops_no_projection(service: Service, moment: Moment) -> None:
    enrolled_member(service, moment)
    with service.engines[Role.PROJECTOR].begin() as connection:
        connection.execute(text("LOCK TABLE read_models.members"))
        with pytest.raises(NotCaughtUp):
            service.projector.wait(service.alongside.log.head(), 0.1)

    assert service.projector.catch_up().stopped == ()


@pytest.fixture
def stopped_directory(three_mentors: Service, moment: Moment) -> Iterable[TestClient]:
    """What a coordinator sees of a service whose mentor directory has stopped."""
    enrolled_member(three_mentors, moment)
    secret = token_of(three_mentors, moment, Actor.COORDINATOR, programme(three_mentors, moment))
    stopping = projector(three_mentors, failing_handler("T-2"), Hours())
    service = replace(three_mentors, projector=stopping)
    with TestClient(create_app(service, clock=lambda: moment), headers={"Authorization": f"Bearer {secret}"}) as client:
        yield client


def test_pages_that_read_a_stopped_projection_say_so_and_the_others_are_shown(stopped_directory: TestClient) -> None:
    refused, shown = stopped_directory.get("/api/mentors"), stopped_directory.get("/api/waiting-list")

    assert (refused.status_code, shown.status_code) == (503, 200)
    assert "Nothing is lost" in refused.json()["detail"]
    assert "mentor-directory" not in refused.text
    assert [member["ref"] for member in shown.json()] == ["S-1"]


def test_the_health_report_names_the_stopped_projection(stopped_directory: TestClient) -> None:
    answer = stopped_directory.get("/readyz")

    assert (answer.status_code, answer.json()) == (
        200,
        {"database": "ready", "read_models": "ready", "read_models/mentor-directory": "stopped"},
    )
