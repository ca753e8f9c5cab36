"""What holds of the log in PostgreSQL alone: pages, topics, one lock, lost connections, and the library beside it."""

import threading
from contextlib import closing, contextmanager
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, PersistenceError, StoredEvent
from psycopg.sql import Literal
from sqlalchemy import create_engine, make_url

from domain.events import Answer, Command
from domain.log import CommandKnown, LogUnavailable, StreamMoved
from domain.together import DECIDES_NOTHING
from eventlog import postgres, recorder
from eventlog.datastore import ConnectionLost
from eventlog.encoding import UnknownTopic
from eventlog.group import Append
from eventlog.postgres import STREAMS_BUT, PostgresLog
from eventlog.schema import Role
from tests.eventlog.logs import at_once, entry
from tests.eventlog.stored_events import ENCODING, read

STREAM = UUID(int=7)
COMMAND = Command("key-1", b"\x01" * 32)
LOCK = "hashtext('alongside.append')"


@pytest.fixture
def log(service) -> PostgresLog:
    return service.alongside.log


@pytest.fixture
def server(database_url):
    """A connection of somebody who may do anything."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


def test_what_decides_is_found_without_looking_at_what_was_told(log, server):
    """Else a ledger takes longer to read with every look at a page."""
    assert [kind.TOPIC for kind in DECIDES_NOTHING] == ["consent.disclosed"]
    found = plan_of(log, server, "consent.disclosed")

    assert "events_deciding" in found
    assert "events_deciding" not in plan_of(log, server, "consent.granted"), "of others it knows nothing"


def plan_of(log, server, topic):
    """How the server reads streams but for a topic, once it has more rows than it cares to scan."""
    statement = log.recorder.sql(STREAMS_BUT, topics=Literal(topic)).as_string(server)
    server.execute("SET enable_seqscan = off")
    plan = server.execute("EXPLAIN " + statement.replace("%b", "%s"), ([STREAM], [STREAM]))
    return "\n".join(line for (line,) in plan)


def asked(stream, version=1, *, done=None):
    """What a caller asks of the recorder, with the ids that its events keep if it has to ask again."""
    return Append(ENCODING.write([entry(stream, version)]), [uuid4()], done)


def kill(server, role=Role.WRITER):
    """End all connections of a role; give how many there were."""
    ended = server.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE usename = %s AND datname = current_database()",
        (role,),
    )
    return len(ended.fetchall())


def waiting_for_the_lock(server):
    return server.execute(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    ).fetchone()[0]


def until(condition):
    """Look again and again until something is so."""
    pause = threading.Event()
    for _ in range(3_000):
        if condition():
            return
        pause.wait(0.01)
    pytest.fail("it never came to be")


def test_reading_goes_on_past_a_page(log, monkeypatch):
    monkeypatch.setattr(postgres, "PAGE", 3)
    log.append([entry(STREAM, version) for version in range(1, 9)])

    assert [found.version for found in log.read()] == [1, 2, 3, 4, 5, 6, 7, 8]


def test_an_event_of_an_unknown_type_is_refused(log):
    log.recorder.insert_events([StoredEvent(uuid4(), 1, "mentor.abducted", b"{}")])

    with pytest.raises(UnknownTopic, match=r"mentor\.abducted"):
        list(log.read())


def test_what_comes_before_an_event_that_cannot_be_read_is_read(log, server):
    log.append([entry(STREAM, version) for version in range(1, 6)])
    server.execute("UPDATE eventlog.events SET topic = 'mentor.abducted' WHERE notification_id = 4")

    reading, found = log.read(), []
    with pytest.raises(UnknownTopic):
        found.extend(each.position for each in reading)

    assert found == [1, 2, 3]


@pytest.mark.parametrize("topic", ["domain.mentor:Mentor.Paused", "this_module_would_fail:Event", "os:system"])
def test_a_topic_that_looks_like_a_module_is_never_imported(topic):
    with pytest.raises(UnknownTopic):
        read(topic, "{}")


def test_the_library_reads_our_log_with_its_own_recorder(log):
    log.append([entry(STREAM, 1), entry(uuid4(), 1), entry(STREAM, 2)])

    library = log.recorder
    assert library.max_notification_id() == 3
    assert [found.id for found in library.select_notifications(1, 10)] == [1, 2, 3]
    assert [found.id for found in library.select_notifications(1, 10, inclusive_of_start=False)] == [2, 3]
    assert [found.id for found in library.select_notifications(1, 10, topics=["mentor.resumed"])] == []
    assert [found.originator_version for found in library.select_events(STREAM)] == [1, 2]
    assert [found.originator_version for found in library.select_events(STREAM, desc=True, limit=1)] == [2]


def test_the_library_follows_our_log_with_its_own_subscription(log):
    log.append([entry(STREAM, 1)])
    with log.recorder.subscribe(gt=0) as subscription:
        assert next(subscription).id == 1


def test_the_library_appends_to_our_log_and_hears_of_conflicts_in_its_own_words(log):
    (event,) = ENCODING.write([entry(STREAM, 1)])

    assert list(log.recorder.insert_events([event])) == [1]
    assert log.recorder.insert_events([]) == []
    with pytest.raises(IntegrityError):
        log.recorder.insert_events([event])


def test_one_call_gives_each_append_its_own_verdict(log):
    log.append([entry(STREAM, 1)], (COMMAND, Answer(STREAM, 1)))
    free, known = uuid4(), Command("key-2", b"2")

    outcomes = log.recorder.decide(
        [
            asked(STREAM, 1),
            asked(free, 1, done=(known, Answer(free, 1))),
            asked(uuid4(), 1, done=(COMMAND, Answer(STREAM, 1))),
            asked(STREAM, 2),
            asked(uuid4(), 2),
        ]
    )

    assert [outcome if isinstance(outcome, range) else type(outcome) for outcome in outcomes] == [
        StreamMoved,
        range(2, 3),
        CommandKnown,
        range(3, 4),
        StreamMoved,
    ]
    assert [(found.stream, found.position) for found in log.read()] == [(STREAM, 1), (free, 2), (STREAM, 3)]


def test_one_append_that_the_server_cannot_take_does_not_harm_the_others(log):
    spoilt = Append([StoredEvent(uuid4(), 1, "a topic with \0", b"{}")], [uuid4()])

    outcomes = log.recorder.decide([asked(STREAM, 1), spoilt, asked(uuid4(), 1)])

    assert [type(outcome) for outcome in outcomes] == [range, PersistenceError, range]
    assert log.head() == 2


def test_asking_again_for_what_was_stored_gives_its_positions_and_stores_nothing(log):
    group = [asked(STREAM, done=(COMMAND, Answer(STREAM, 1))), asked(uuid4())]
    first = log.recorder.decide(group)
    log.append([entry(STREAM, 2)])

    assert log.recorder.decide(group) == first == [range(1, 2), range(2, 3)]
    assert log.head() == 3


def test_the_same_command_with_other_events_is_known_and_not_ours(log):
    log.recorder.decide([asked(STREAM, done=(COMMAND, Answer(STREAM, 1)))])

    (outcome,) = log.recorder.decide([asked(STREAM, done=(COMMAND, Answer(STREAM, 1)))])

    assert isinstance(outcome, CommandKnown)


def test_connections_that_were_ended_are_not_noticed_by_who_appends_and_reads(log, server):
    log.append([entry(STREAM, 1)])
    assert kill(server) > 0
    assert list(log.append([entry(STREAM, 2)])) == [2]
    assert kill(server) > 0
    assert [found.version for found in log.stream(STREAM)] == [1, 2]


def test_an_append_whose_connection_ends_while_it_waits_is_stored_once(log, server):
    outcomes = []
    server.execute(f"SELECT pg_advisory_lock({LOCK})")
    thread = threading.Thread(target=lambda: outcomes.append(list(log.append([entry(STREAM, 1)]))))
    thread.start()
    until(lambda: waiting_for_the_lock(server) == 1)
    kill(server)
    until(lambda: waiting_for_the_lock(server) == 1)
    server.execute(f"SELECT pg_advisory_unlock({LOCK})")
    thread.join(30)

    assert outcomes == [[1]]
    assert [found.version for found in log.stream(STREAM)] == [1]


@contextmanager
def losing_every_connection(log):
    """Let every connection break after what was done with it and before the caller hears of it."""
    lend = log.recorder.datastore.get_connection

    @contextmanager
    def lend_and_break():
        with lend() as connection:
            yield connection
        raise ConnectionLost

    log.recorder.datastore.get_connection = lend_and_break
    yield
    log.recorder.datastore.get_connection = lend


def test_who_cannot_find_out_says_that_it_is_not_known(log, monkeypatch):
    monkeypatch.setattr(recorder, "DOUBT_S", 0.05)
    with losing_every_connection(log), pytest.raises(LogUnavailable, match="not known"):
        log.append([entry(STREAM, 1)])

    assert [found.version for found in log.stream(STREAM)] == [1]


def test_an_append_ahead_of_its_stream_is_not_called_refused_while_it_may_still_arrive(log):
    (sure,) = log.recorder.decide([asked(STREAM, 2)])
    (in_doubt,) = log.recorder._ask_again([asked(STREAM, 2)])

    assert isinstance(sure, StreamMoved)
    assert isinstance(in_doubt, LogUnavailable)


def test_a_lock_that_somebody_keeps_makes_the_log_unavailable_and_stores_nothing(log, server):
    server.execute("ALTER FUNCTION eventlog.append SET lock_timeout = '50ms'")
    server.execute(f"SELECT pg_advisory_lock({LOCK})")

    outcomes = at_once([lambda: log.append([entry(uuid4(), 1)])] * 3)

    assert [type(outcome) for outcome in outcomes] == [LogUnavailable] * 3
    assert len(set(map(id, outcomes))) == 3
    server.execute(f"SELECT pg_advisory_unlock({LOCK})")
    assert log.head() == 0


def test_the_lock_is_waited_for_five_seconds(server):
    (settings,) = server.execute("SELECT proconfig FROM pg_proc WHERE proname = 'append'").fetchone()

    assert "lock_timeout=5s" in settings


def test_a_server_that_is_not_there_makes_the_log_unavailable(database_url):
    nowhere = make_url(database_url).set(drivername="postgresql+psycopg", database="there_is_none")
    engine = create_engine(nowhere)
    log = PostgresLog(engine, ENCODING)

    for call in (log.head, lambda: log.append([entry(STREAM, 1)]), lambda: log.wait(0, 0.01)):
        with pytest.raises(LogUnavailable):
            call()
    log.close()
    engine.dispose()


def test_a_group_tells_the_followers_once(log, database_url):
    with closing(psycopg.connect(database_url, autocommit=True)) as follower:
        follower.execute("LISTEN eventlog")
        log.recorder.decide([asked(uuid4()), asked(uuid4()), asked(uuid4())])
        log.recorder.decide([asked(uuid4(), 2)])
        told = list(follower.notifies(timeout=0.2))

    assert len(told) == 1


def listening(server):
    return server.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
    ).fetchone()[0]


def test_waiting_goes_on_when_its_connection_is_ended(log, server):
    heads = []
    thread = threading.Thread(target=lambda: heads.append(log.wait(0, 60)))
    thread.start()
    until(lambda: listening(server) == 1)
    kill(server)
    until(lambda: listening(server) == 1)
    log.append([entry(STREAM, 1)])
    thread.join(30)

    assert heads == [1]


def test_waiting_looks_now_and_then_in_case_nobody_says_anything(log, server):
    heads = []
    thread = threading.Thread(target=lambda: heads.append(log.wait(0, 60)))
    thread.start()
    until(lambda: listening(server) == 1)
    server.execute(
        "INSERT INTO eventlog.events VALUES (gen_random_uuid(), 1, 'silent', '', 1, gen_random_uuid(), now())"
    )
    thread.join(30)

    assert heads == [1]


def test_a_connection_is_kept_for_the_next_who_waits_and_does_not_listen_meanwhile(log, server):
    for _ in range(3):
        log.wait(0, 0)

    (found,) = server.execute(
        "SELECT query FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%LISTEN%'"
        " AND pid <> pg_backend_pid()"
    ).fetchall()
    assert found[0].startswith("UNLISTEN")
