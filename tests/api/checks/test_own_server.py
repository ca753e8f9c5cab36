import psycopg
import pytest

from api.checks.own_server import own_home, own_server


def test_a_killed_server_is_gone_at_once_and_starts_again_with_what_it_had_acknowledged():
    with own_home() as home:
        with own_server(home, {}) as server:
            with psycopg.connect(server.url, autocommit=True) as connection:
                connection.execute("CREATE TABLE acknowledged AS SELECT 1 AS number")
            server.kill()
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(server.url)
        with own_server(home, {}) as server, psycopg.connect(server.url) as connection:
            assert connection.execute("SELECT number FROM acknowledged").fetchall() == [(1,)]
    assert not home.exists()
