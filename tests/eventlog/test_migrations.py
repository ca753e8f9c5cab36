"""Can the tables be carried to any version and back, beside others and with what is in them?"""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from scenarios import approved_match
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from api.checks.migrate import COLUMN_AND_INDEX, with_trial
from eventlog.schema import (
    KEYS_PLACE,
    LOG_PLACE,
    SchemaBehind,
    SchemaBusy,
    downgrade,
    migrate,
    migrating,
    must_be_current,
)
from tests.eventlog.catalogue import catalogue, kept

PLACES = [LOG_PLACE, KEYS_PLACE]
MIGRATING = 4
PATIENCE_S = 30


def versions(place):
    return sorted(path.stem[1:5] for path in place.migrations.glob("v[0-9]*.py"))


@pytest.fixture(scope="module")
def trial():
    with with_trial(COLUMN_AND_INDEX) as place:
        yield place


@pytest.mark.parametrize("place", PLACES)
def test_the_tables_are_those_that_are_written_down(databases, place):
    assert catalogue(databases.address(place), place) == kept(place).read_text().splitlines()


@pytest.mark.parametrize("place", [*PLACES, "trial"])
def test_every_version_is_reached_from_above_as_from_below(databases, place, trial):
    place = trial if place == "trial" else place
    url = databases.address(place)
    downgrade(url, place, "base")
    seen = {"base": catalogue(url, place)}
    for version in versions(place):
        migrate(url, place, version)
        seen[version] = catalogue(url, place)
    for version in reversed(seen):
        downgrade(url, place, version)
        assert catalogue(url, place) == seen[version]
    migrate(url, place)
    assert catalogue(url, place) == seen[place.head]
    assert len({tuple(facts) for facts in seen.values()}) == len(seen)


def test_what_is_in_the_tables_outlives_migrations_to_and_fro(service, moment, databases, trial):
    approved_match(service, moment)
    before = list(service.alongside.log.read())

    migrate(databases.log, trial)
    assert list(service.alongside.log.read()) == before
    downgrade(databases.log, trial, LOG_PLACE.head)

    assert list(service.alongside.log.read()) == before


@pytest.fixture
def absent(databases):
    url = make_url(databases.log)
    name = f"absent_{uuid4().hex}"
    yield url.set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(databases.log, autocommit=True) as connection:
        connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))


def test_those_who_migrate_the_same_database_at_once_take_turns(absent):
    start = Barrier(MIGRATING)

    def run(_):
        start.wait(PATIENCE_S)
        migrate(absent, LOG_PLACE)

    with ThreadPoolExecutor(MIGRATING) as threads:
        list(threads.map(run, range(MIGRATING)))

    assert catalogue(absent, LOG_PLACE) == kept(LOG_PLACE).read_text().splitlines()


def test_a_migration_waits_for_nobody_for_long_and_gives_up_whole(databases, trial, monkeypatch):
    monkeypatch.setattr(migrating, "TRIES", 2)
    monkeypatch.setattr(migrating, "PAUSE_S", 0.0)
    monkeypatch.setattr(migrating, "LOCK_TIMEOUT_MS", 20)
    with psycopg.connect(databases.log) as reader:
        reader.execute("SELECT FROM eventlog.events")
        with pytest.raises(SchemaBusy, match="through 2 tries"):
            migrate(databases.log, trial)

    assert catalogue(databases.log, LOG_PLACE) == kept(LOG_PLACE).read_text().splitlines()


def test_a_migration_gets_through_once_the_others_let_go(databases, trial, monkeypatch):
    monkeypatch.setattr(migrating, "LOCK_TIMEOUT_MS", 20)
    with psycopg.connect(databases.log) as reader:
        reader.execute("SELECT FROM eventlog.events")
        monkeypatch.setattr(migrating.time, "sleep", lambda _: reader.rollback())
        migrate(databases.log, trial)

    assert any("trial bigint" in fact for fact in catalogue(databases.log, trial))


def test_a_migration_that_was_cut_off_half_way_is_finished_by_the_next(databases, trial):
    with psycopg.connect(databases.log) as connection:
        connection.execute("ALTER TABLE eventlog.events ADD COLUMN trial bigint")
        connection.execute("CREATE INDEX events_trial ON eventlog.events (originator_id)")

    migrate(databases.log, trial)

    assert "(trial)" in "".join(fact for fact in catalogue(databases.log, trial) if "events_trial" in fact)


@pytest.mark.parametrize(("revision", "named"), [("base", "none"), (LOG_PLACE.head, LOG_PLACE.head)])
def test_a_service_on_tables_of_another_version_says_which_and_what_to_do(databases, trial, revision, named):
    migrate(databases.log, trial)
    downgrade(databases.log, trial, revision)
    engine = create_engine(make_url(databases.log).set(drivername="postgresql+psycopg"), poolclass=NullPool)

    with pytest.raises(SchemaBehind, match=rf"at version {named}, and this program needs {trial.head}.*db migrate"):
        must_be_current(engine, trial)
