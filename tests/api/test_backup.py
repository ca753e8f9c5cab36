"""Does a backup hold everything, is damage found, and do those who were erased stay erased?"""

import random
from datetime import UTC, datetime
from uuid import uuid4

import msgspec
import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from scenarios import approved_match, enrolled_member
from sqlalchemy import select
from sqlalchemy.engine import make_url

from api.backup import BackupDamaged, BackupRefused, back_up, manifest, prove, restore, verify
from api.backup.programs import Programs
from api.backup.refused import sentence
from api.databases import Databases
from api.erasures import Erasure
from api.service import assemble
from eventlog.schema import KEYS_PLACE, LOG_PLACE, Role
from projections.projection import metadata

AT = datetime(2026, 3, 2, tzinfo=UTC)
FLIPS = 40


def quiet(_):
    pass


@pytest.fixture
def elsewhere(databases):
    """Two databases that are not there yet."""
    names = [f"restored_{uuid4().hex}", f"restored_{uuid4().hex}"]
    url = make_url(databases.log)
    yield Databases(*(url.set(database=name).render_as_string(hide_password=False) for name in names))
    with psycopg.connect(databases.log, autocommit=True) as connection:
        for name in names:
            connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))


@pytest.fixture
def taken(service, moment, databases, tmp_path):
    approved_match(service, moment)
    folder = tmp_path / "taken"
    back_up(databases, LOG_PLACE, folder, say=quiet)
    return folder


def events(service):
    return list(service.alongside.log.read())


def seen(service):
    with service.reading() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }


def give_keys(databases, *people):
    with psycopg.connect(databases.entrance(Role.KEY_KEEPER)) as connection:
        for person in people:
            connection.execute(
                "INSERT INTO keys.subject_keys (subject_id, master, wrapped) VALUES (%s, 'm1', %s)",
                (person, person.bytes * 3),
            )


def living(databases):
    with psycopg.connect(databases.entrance(Role.KEY_KEEPER)) as connection:
        rows = connection.execute("SELECT subject_id FROM keys.subject_keys WHERE wrapped IS NOT NULL")
        return {person for (person,) in rows}


def tables(address):
    with psycopg.connect(address) as connection:
        found = connection.execute("SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace('eventlog')")
        return {name for (name,) in found}


def test_a_restored_log_is_the_same_and_goes_on(service, moment, taken, databases, elsewhere, safe):
    restore(elsewhere, LOG_PLACE, taken, [], say=quiet)

    restored = assemble(Databases(elsewhere.log, databases.keys), safe, connections=2)
    try:
        assert events(restored) == events(service)
        assert seen(restored) == seen(service)
        enrolled_member(restored, moment, ref="S-9")
        assert len(events(restored)) > len(events(service))
    finally:
        restored.close()


def appending_meanwhile(service, moment):
    """Add members while the backup goes on: before the dump, and between the dump and the root."""
    refs = iter(("S-10", "S-11", "S-12"))
    return lambda _: enrolled_member(service, moment, ref=next(refs))


def test_what_is_written_during_a_backup_is_in_neither_dump_nor_manifest(service, moment, databases, tmp_path):
    approved_match(service, moment)
    size = len(events(service))

    taken = back_up(databases, LOG_PLACE, tmp_path / "b", say=appending_meanwhile(service, moment))

    assert len(events(service)) > size
    assert taken.size == size
    assert prove(databases, tmp_path / "b", say=quiet) == taken


def test_a_dump_of_another_snapshot_than_the_manifests_is_found_out(service, moment, databases, tmp_path, monkeypatch):
    run = Programs.run

    def of_any_snapshot(self, program, address, *arguments):
        run(self, program, address, *(each for each in arguments if "--snapshot" not in each))

    monkeypatch.setattr(Programs, "run", of_any_snapshot)
    back_up(databases, LOG_PLACE, tmp_path / "b", say=appending_meanwhile(service, moment))

    with pytest.raises(BackupDamaged, match="not what was backed up"):
        prove(databases, tmp_path / "b", say=quiet)


def test_read_models_and_keys_are_in_no_backup_of_the_log(taken, elsewhere):
    restore(elsewhere, LOG_PLACE, taken, [], say=quiet)

    with psycopg.connect(elsewhere.log) as connection:
        found = connection.execute("SELECT to_regnamespace('read_models'), to_regnamespace('keys')").fetchone()
    assert found == (None, None)


def flipped(path, bit):
    whole = bytearray(path.read_bytes())
    whole[bit // 8] ^= 1 << bit % 8
    path.write_bytes(whole)


def test_a_flipped_bit_of_the_dump_is_found(taken):
    rng = random.Random(7)
    dump = taken / "database.dump"
    for _ in range(FLIPS):
        bit = rng.randrange(dump.stat().st_size * 8)
        flipped(dump, bit)
        with pytest.raises(BackupDamaged, match=r"database\.dump"):
            verify(taken)
        flipped(dump, bit)
    verify(taken)


def test_a_flipped_bit_anywhere_in_the_manifest_is_found(taken):
    path = taken / "manifest.json"
    for bit in range(0, path.stat().st_size * 8, 23):
        flipped(path, bit)
        with pytest.raises(BackupDamaged, match=r"manifest\.json"):
            verify(taken)
        flipped(path, bit)
    verify(taken)


def test_a_missing_file_an_added_one_and_a_folder_of_something_else_are_found(taken, tmp_path):
    (taken / "added").touch()
    with pytest.raises(BackupDamaged, match="added does not belong"):
        verify(taken)
    (taken / "added").unlink()
    (taken / "database.dump").unlink()
    with pytest.raises(BackupDamaged, match=r"database\.dump is missing"):
        verify(taken)
    with pytest.raises(BackupRefused, match="There is no backup"):
        verify(tmp_path)


def forged(folder, **said):
    manifest.write(folder, msgspec.structs.replace(verify(folder), **said))


def test_a_manifest_written_anew_around_other_contents_is_found_by_restoring(taken, databases, elsewhere):
    forged(taken, root="00" * 32)
    verify(taken)

    with pytest.raises(BackupDamaged, match="not what was backed up"):
        prove(databases, taken, say=quiet)
    with pytest.raises(BackupDamaged, match="not what was backed up"):
        restore(elsewhere, LOG_PLACE, taken, [], say=quiet)
    assert tables(elsewhere.log) == set()


def test_a_log_with_a_hole_is_not_backed_up(service, moment, databases, tmp_path):
    approved_match(service, moment)
    with psycopg.connect(databases.log) as connection:
        connection.execute("DELETE FROM eventlog.events WHERE notification_id = 3")

    with pytest.raises(BackupDamaged, match="misses position 3"):
        back_up(databases, LOG_PLACE, tmp_path / "b", say=quiet)
    assert list(tmp_path.iterdir()) == []


def test_a_backup_that_fails_leaves_nothing_and_says_why(databases, tmp_path):
    with psycopg.connect(databases.log) as connection:
        connection.execute("REVOKE SELECT ON eventlog.commands FROM alongside_backup")

    with pytest.raises(BackupRefused, match="alongside_backup may not do this: permission denied for table commands"):
        back_up(databases, LOG_PLACE, tmp_path / "b", say=quiet)
    assert list(tmp_path.iterdir()) == []


def test_each_backup_has_a_folder_of_its_own(taken, databases):
    for place, folder in ((LOG_PLACE, taken), (KEYS_PLACE, taken), (KEYS_PLACE, taken / "keys")):
        with pytest.raises(BackupRefused, match="a folder of its own, keys apart"):
            back_up(databases, place, folder, say=quiet)
    with pytest.raises(BackupRefused, match="is there already"):
        back_up(databases, LOG_PLACE, taken.parent, say=quiet)


def test_a_database_with_events_is_not_restored_into(service, taken, databases):
    before = events(service), seen(service)

    with pytest.raises(BackupRefused, match="is not empty"):
        restore(databases, LOG_PLACE, taken, [], say=quiet)

    assert (events(service), seen(service)) == before


def test_a_database_of_something_else_is_not_restored_into(taken, databases, elsewhere):
    name = Identifier(make_url(elsewhere.log).database)
    with psycopg.connect(databases.log, autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(name))
    with psycopg.connect(elsewhere.log) as connection:
        connection.execute("CREATE TABLE public.recipes (id int)")

    with pytest.raises(BackupRefused, match=r"something else, such as public\.recipes"):
        restore(elsewhere, LOG_PLACE, taken, [], say=quiet)
    with psycopg.connect(elsewhere.log) as connection:  # and it is as open to others as it was
        assert connection.execute("SELECT datacl FROM pg_database WHERE datname = current_database()").fetchone() == (
            None,
        )


def test_tables_without_rows_make_room_for_a_restored_log(service, taken, databases, elsewhere, safe):
    elsewhere.migrate()
    assemble(elsewhere, safe).close()

    restore(elsewhere, LOG_PLACE, taken, [], say=quiet)

    restored = assemble(Databases(elsewhere.log, databases.keys), safe, connections=2)
    assert seen(restored) == seen(service)
    restored.close()


def test_backups_of_another_kind_or_a_newer_version_are_refused(taken, elsewhere):
    with pytest.raises(BackupRefused, match="of the log, not of the keys"):
        restore(elsewhere, KEYS_PLACE, taken, [], say=quiet)
    forged(taken, schema_version="9999")
    with pytest.raises(BackupRefused, match="at version 9999"):
        restore(elsewhere, LOG_PLACE, taken, [], say=quiet)
    forged(taken, schema_version="0001", server=99)
    with pytest.raises(BackupRefused, match="PostgreSQL 99"):
        restore(elsewhere, LOG_PLACE, taken, [], say=quiet)


def test_the_newest_checkpoint_goes_with_the_backup(service, moment, databases, tmp_path):
    approved_match(service, moment)
    with psycopg.connect(databases.log) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS eventlog.checkpoints (size bigint PRIMARY KEY, note text)")
        connection.execute("INSERT INTO eventlog.checkpoints (size, note) VALUES (2, 'two'), (10, 'ten'), (9, 'nine')")
        connection.execute("GRANT SELECT ON eventlog.checkpoints TO alongside_backup")

    back_up(databases, LOG_PLACE, tmp_path / "b", say=quiet)

    assert verify(tmp_path / "b").checkpoint == "ten"


def test_people_who_were_erased_after_the_backup_of_the_keys_do_not_come_back(databases, elsewhere, tmp_path):
    staying, leaving, never_seen = uuid4(), uuid4(), uuid4()
    give_keys(databases, staying, leaving)
    back_up(databases, KEYS_PLACE, tmp_path / "keys", say=quiet)

    restore(elsewhere, KEYS_PLACE, tmp_path / "keys", [Erasure(leaving, AT), Erasure(never_seen, AT)], say=quiet)

    assert living(elsewhere) == {staying}
    with psycopg.connect(elsewhere.keys) as connection:
        marks = connection.execute("SELECT subject_id FROM keys.subject_keys WHERE erased_at = %s", (AT,)).fetchall()
    assert {person for (person,) in marks} == {leaving, never_seen}


def test_without_the_list_of_erasures_they_would(databases, elsewhere, tmp_path):
    leaving = uuid4()
    give_keys(databases, leaving)
    back_up(databases, KEYS_PLACE, tmp_path / "keys", say=quiet)

    restore(elsewhere, KEYS_PLACE, tmp_path / "keys", [], say=quiet)

    assert living(elsewhere) == {leaving}


def test_a_restored_log_erases_again_and_its_keys_may_follow(taken, databases, elsewhere, tmp_path):
    staying, leaving, erased_there = uuid4(), uuid4(), uuid4()
    give_keys(databases, staying, leaving, erased_there)
    back_up(databases, KEYS_PLACE, tmp_path / "keys", say=quiet)

    restore(elsewhere, LOG_PLACE, taken, [Erasure(erased_there, AT)], say=quiet)
    restore(elsewhere, KEYS_PLACE, tmp_path / "keys", [Erasure(leaving, AT)], say=quiet)

    assert living(elsewhere) & {staying, leaving, erased_there} == {staying}


def test_a_database_with_living_keys_is_not_restored_into(databases, tmp_path):
    person = uuid4()
    give_keys(databases, person)
    back_up(databases, KEYS_PLACE, tmp_path / "keys", say=quiet)

    with pytest.raises(BackupRefused, match=r"keys\.subject_keys has rows"):
        restore(databases, KEYS_PLACE, tmp_path / "keys", [], say=quiet)
    assert living(databases) == {person}


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """A folder of programs, empty at first, that is looked into alone."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("ALONGSIDE_PG_BIN", str(folder))
    return folder


def test_without_pg_dump_the_answer_says_what_to_install(databases, programs, tmp_path):
    with pytest.raises(BackupRefused, match="no programs pg_dump and pg_restore"):
        back_up(databases, LOG_PLACE, tmp_path / "b", say=quiet)
    assert list(programs.parent.iterdir()) == [programs]


def test_a_pg_dump_older_than_the_server_is_not_used(databases, programs, tmp_path):
    for name in ("pg_dump", "pg_restore"):
        (programs / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) 9.6.24'\n")
        (programs / name).chmod(0o755)

    with pytest.raises(BackupRefused, match=r"here they are 9\. Set ALONGSIDE_PG_BIN"):
        back_up(databases, LOG_PLACE, tmp_path / "b", say=quiet)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            'connection failed: FATAL:  password authentication failed for user "ada"',
            "The database did not accept the password for ada.",
        ),
        ("connection to server failed: fe_sendauth: no password supplied", "not accept the password for ada"),
        ('FATAL:  database "away" does not exist', "is not there"),
        ("pg_dump: error: query failed: ERROR:  permission denied for table events", "permission denied for table ev"),
        ("ERROR:  must be owner of database alongside", "ada may not do this: must be owner of database alongside."),
        ("connection to server on socket failed: Connection refused", "Connection refused."),
    ],
)
def test_what_the_database_says_becomes_one_sentence(said, expected):
    found = sentence(said, "ada")
    assert expected in found
    assert "\n" not in found


@pytest.fixture
def steward(databases, elsewhere):
    """The same addresses under a user who may make databases and belongs to the owner, but is no superuser."""
    name = f"steward_{uuid4().hex}"
    with psycopg.connect(databases.log, autocommit=True) as connection:
        connection.execute(SQL("CREATE ROLE {} LOGIN CREATEDB IN ROLE alongside_owner").format(Identifier(name)))
        addresses = (make_url(url).set(username=name) for url in (elsewhere.log, elsewhere.keys))
        yield Databases(*(address.render_as_string(hide_password=False) for address in addresses))
        for url in (elsewhere.log, elsewhere.keys):
            database = Identifier(make_url(url).database)
            connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(database))
        connection.execute(SQL("DROP ROLE {}").format(Identifier(name)))


def test_it_takes_no_superuser_to_restore(service, taken, databases, steward, safe):
    restore(steward, LOG_PLACE, taken, [], say=quiet)

    restored = assemble(Databases(steward.log, databases.keys), safe, connections=2)
    assert seen(restored) == seen(service)
    restored.close()


def test_who_may_not_make_a_database_is_told_so(taken, steward, databases):
    name = make_url(steward.log).username
    with psycopg.connect(databases.log, autocommit=True) as connection:
        connection.execute(SQL("ALTER ROLE {} NOCREATEDB").format(Identifier(name)))

    with pytest.raises(BackupRefused, match="may not do this: permission denied to create database"):
        restore(steward, LOG_PLACE, taken, [], say=quiet)
