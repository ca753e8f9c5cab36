"""As whom does the service enter its databases, and what is open there to everybody?"""

import psycopg
import pytest
from scenarios import approved_match
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from api.databases import Databases
from api.service import assemble
from eventlog.schema import KEYS_PLACE, LOG_PLACE, Role, SchemaBehind, admit

ROLES_OF_THE_SERVICE = {Role.WRITER, Role.PROJECTOR, Role.READER}


def users(url):
    """Give (name, whether a superuser) of everybody who is in the database, but for who asks."""
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT DISTINCT usename, usesuper FROM pg_stat_activity JOIN pg_user USING (usename)"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return set(found)


def test_the_service_is_never_in_the_database_as_a_superuser_or_an_owner(service, moment, databases):
    approved_match(service, moment)
    with service.reading():
        found = users(databases.log)
    service.projector.rebuild()

    assert {name for name, _ in found | users(databases.log)} == ROLES_OF_THE_SERVICE
    assert {name for name, _ in users(databases.keys)} == {Role.KEY_KEEPER}
    assert not any(is_super for _, is_super in found | users(databases.log) | users(databases.keys))


def test_a_superuser_in_the_database_would_be_seen(databases):
    with psycopg.connect(databases.log):
        assert any(is_super for _, is_super in users(databases.log))


def test_the_service_works_where_the_user_of_the_settings_cannot_enter(databases, moment, safe):
    nobody = make_url(databases.log).set(username="nobody_at_all").render_as_string(hide_password=False)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(nobody)

    service = assemble(Databases(nobody, databases.keys), safe, connections=2)
    match = approved_match(service, moment)
    service.projector.rebuild()
    service.close()

    assert match.version > 0


@pytest.mark.parametrize("place", [LOG_PLACE, KEYS_PLACE])
def test_nothing_more_is_open_to_everybody_after_a_second_admission(databases, place):
    with psycopg.connect(databases.address(place), autocommit=True) as connection:
        admit(connection, place)
        found = connection.execute(
            "SELECT proname FROM pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner)))"
            " WHERE grantee = 0 AND (proname ~ 'advisory' OR proname ~ '^lo_' OR pronamespace = to_regnamespace(%s))",
            (place.schema,),
        ).fetchall()

    assert found == []


def test_a_service_that_cannot_be_put_together_lets_its_connections_go(databases, safe):
    with psycopg.connect(databases.keys) as owner:
        owner.execute("UPDATE keys.alembic_version SET version_num = '0000'")
    with pytest.raises(SchemaBehind):
        assemble(databases, safe, connections=2)

    assert users(databases.log) == users(databases.keys) == set()


def test_an_error_of_the_database_does_not_tell_what_was_to_be_stored(databases):
    engine = databases.engine(Role.PROJECTOR, connections=1)
    with pytest.raises(DBAPIError) as error, engine.begin() as connection:
        connection.execute(text("SELECT CAST(:handle AS text), 1 / 0"), {"handle": "Quillfeather"})
    engine.dispose()

    assert "Quillfeather" not in str(error.value)
