"""Is an erasure carried out to its end, wherever it was interrupted?"""

import psycopg
import pytest
from sqlalchemy import select

from api.erasing import ask_or_confirm, confirm, finish
from api.erasures import Erasure
from api.service import assemble
from domain.consent import Ground
from domain.identity import member_id
from domain.member import Member
from projections.projection import SCHEMA, metadata
from projections.rebuilding import RebuildStopped
from tests.scenarios import approved_match, enrolled_member

HANDLE = "Gone Gannet"


class PowerCutError(Exception):
    pass


def cut(*_, **__):
    raise PowerCutError


@pytest.fixture
def member(service, moment):
    """A member whose erasure waits for a second person."""
    member = enrolled_member(service, moment, handle=HANDLE)
    with service.reading():
        pass
    service.alongside.request_erasure(member.person_id, Ground.OBJECTION, at=moment.at, by="member")
    return member


@pytest.fixture
def tables_file(databases):
    """The name of the file in which the members' table lies, which is another once it was built anew."""

    def name():
        with psycopg.connect(databases.log) as connection:
            query = "SELECT pg_relation_filepath(to_regclass(%s))"
            return connection.execute(query, [f"{SCHEMA}.members"]).fetchone()[0]

    return name


def is_done(service, member, moment):
    handle = service.alongside.load(Member, member.id).profile.handle
    listed = service.erasures.read() == [Erasure(member.person_id, moment.at)]
    return (handle, listed, service.keys.erased([member.person_id]))


@pytest.mark.parametrize(
    "before", ["service.erasures.append", "service.keys.erase", "service.projector.rebuild", "erasures.note_cleared"]
)
def test_what_was_interrupted_is_finished_by_the_next_call(
    service, databases, safe, moment, member, tables_file, monkeypatch, before
):
    file = tables_file()
    where = {
        "service.erasures.append": (type(service.erasures), "append"),
        "service.keys.erase": (type(service.keys), "erase"),
        "service.projector.rebuild": (type(service.projector), "rebuild"),
        "erasures.note_cleared": ("projections.erasures.note_cleared",),
    }[before]
    with monkeypatch.context() as broken:
        broken.setattr(*where, cut)
        with pytest.raises(PowerCutError):
            confirm(service, member.programme_id, member.person_id, at=moment.at, by="coordinator-1")
    again = assemble(databases, safe, connections=2, second_clock=False)

    assert finish(again) == 1
    handle, _, erased = is_done(again, member, moment)
    assert (handle, erased) == ("[erased]", {member.person_id})
    assert {erasure.person for erasure in again.erasures.read()} == {member.person_id}
    assert tables_file() != file
    assert finish(again) == 0
    again.close()


def test_one_erasure_after_another_leaves_nothing_to_finish(service, moment, member):
    other = enrolled_member(service, moment, ref="S-2")
    service.alongside.request_erasure(other.person_id, Ground.OBJECTION, at=moment.at, by="member")
    for each in (member, other):
        confirm(service, each.programme_id, each.person_id, at=moment.at, by="coordinator-1")
        assert finish(service) == 0


def test_a_process_that_remembers_the_key_of_the_erased_does_not_write_them_down_again(
    service, databases, safe, moment, member, monkeypatch
):
    other = enrolled_member(service, moment, ref="S-2")
    service.alongside.request_erasure(other.person_id, Ground.OBJECTION, at=moment.at, by="member")
    elsewhere = assemble(databases, safe, connections=2, second_clock=False)
    elsewhere.alongside.load(Member, member.id)
    confirm(service, member.programme_id, member.person_id, at=moment.at, by="coordinator-1")
    remembered = elsewhere.alongside.load(Member, member.id).profile.handle
    read = []
    rebuild = type(elsewhere.projector).rebuild

    def rebuild_and_look(projector):
        read.append(elsewhere.alongside.load(Member, member.id).profile.handle)
        return rebuild(projector)

    monkeypatch.setattr(type(elsewhere.projector), "rebuild", rebuild_and_look)
    confirm(elsewhere, other.programme_id, other.person_id, at=moment.at, by="coordinator-1")
    elsewhere.close()

    assert (remembered, read) == (HANDLE, ["[erased]"])


def test_an_erasure_that_went_through_leaves_nothing_to_finish(service, moment, member):
    confirm(service, member.programme_id, member.person_id, at=moment.at, by="coordinator-1")

    assert is_done(service, member, moment) == ("[erased]", True, {member.person_id})
    assert finish(service) == 0


def test_a_key_that_came_back_is_destroyed_again(service, databases, safe, moment, member):
    with psycopg.connect(databases.keys) as keys:
        kept = keys.execute("SELECT * FROM keys.subject_keys").fetchall()
    confirm(service, member.programme_id, member.person_id, at=moment.at, by="coordinator-1")
    with psycopg.connect(databases.keys) as keys:
        keys.execute("DELETE FROM keys.subject_keys")
        with keys.cursor() as cursor:
            cursor.executemany("INSERT INTO keys.subject_keys VALUES (%s, %s, %s, %s)", [row[:4] for row in kept])
    restored = assemble(databases, safe, connections=2, second_clock=False)

    assert restored.alongside.load(Member, member.id).profile.handle == HANDLE
    assert finish(restored) == 1
    assert restored.alongside.load(Member, member.id).profile.handle == "[erased]"
    restored.close()


def test_the_first_asks_and_the_second_confirms_and_the_first_again_only_asks(service, moment):
    member = enrolled_member(service, moment)
    words = (service, member.programme_id, member.person_id, Ground.OBJECTION)

    assert [ask_or_confirm(*words, at=moment.at, by=by) for by in ("one", "one", "another")] == [False, False, True]


def test_no_table_holds_anything_of_the_erased_before_or_after_a_rebuild(service, moment):
    match = approved_match(service, moment)
    enrolled_member(service, moment, ref="S-2", handle="Quiet Quail 2")
    member = service.alongside.load(Member, match.member_id)
    with service.reading() as connection:
        assert {"Plum Raven 1", "S-1"} <= said(connection)
    service.alongside.request_erasure(member.person_id, Ground.OBJECTION, at=moment.at, by="member")
    confirm(service, member.programme_id, member.person_id, at=moment.at, by="coordinator-1")

    for rebuild in (False, True):
        if rebuild:
            service.projector.rebuild()
        with service.reading() as connection:
            found = said(connection)
            ids = {table for table in metadata.tables.values() if str(member.id) in words_of(connection, table)}
        assert not {"Plum Raven 1", "S-1", "[erased]"} & found
        assert {"Quiet Quail 2", "S-2", "Birch Owl 2"} <= found
        assert not {table.name for table in ids} & {"members", "proposals"}


def test_somebody_erased_of_whom_nothing_can_be_read_stops_no_projection(service, databases, safe, moment, member):
    service.alongside.erase(member.programme_id, member.person_id, at=moment.at, by="coordinator-1")
    service.keys.erase([member.person_id], at=moment.at)
    other = assemble(databases, safe, connections=2, second_clock=False)
    other.projector.rebuild()

    assert other.projector.catch_up().stopped == ()
    assert other.alongside.load(Member, member_id(member.person_id)).profile.needs == ()
    other.close()


def words_of(connection, table):
    return {str(value) for row in connection.execute(select(table)) for value in row}


def said(connection):
    return set().union(*(words_of(connection, table) for table in metadata.sorted_tables))


def test_a_log_restored_from_before_an_erasure_hears_of_it_from_the_list(service, safe, moment):
    leaving, staying = enrolled_member(service, moment), enrolled_member(service, moment, ref="S-2")
    safe.erasures.append(leaving.person_id, moment.at)
    service.keys.erase([leaving.person_id], at=moment.at)

    finish(service)

    assert service.alongside.ledger(leaving.person_id).is_erased
    assert service.alongside.load(Member, leaving.id).is_erased
    assert not service.alongside.ledger(staying.person_id).is_erased
    assert len(safe.erasures.read()) == 1


def test_a_rebuild_that_stops_does_not_undo_an_erasure_and_is_made_up_for(service, moment, member, monkeypatch):
    def stop():
        raise RebuildStopped

    with monkeypatch.context() as broken:
        broken.setattr(service.projector, "rebuild", stop)
        (programme,) = service.alongside.programmes_of(member.person_id)
        confirm(service, programme, member.person_id, at=moment.at, by="Ada")
    assert service.keys.erased([member.person_id])

    assert finish(service) == 1
    assert finish(service) == 0
