"""Do the checks keep their word at a small size, and does each catch the variant that is broken on purpose?"""

import psycopg
import pytest

from api.checks import CHECKS
from api.checks.following import Size, watch
from api.checks.scratch import scratch_database


@pytest.mark.parametrize("name", CHECKS)
def test_a_promise_is_kept_and_its_control_is_caught(name, database_url):
    full = False
    result = CHECKS[name].run(database_url, full)
    if result.skipped:
        pytest.skip(result.figure)
    assert result.kept, result.figure
    assert result.control_caught, result.control


def test_a_scratch_database_is_gone_after_a_check_that_fails(database_url):
    names = []
    with pytest.raises(psycopg.errors.DivisionByZero), scratch_database(database_url) as url:
        _fail_on(url, names)
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT 1 FROM pg_database WHERE datname = ANY(%s)", (names,)).fetchone() is None
    assert names


def _fail_on(url, names):
    with psycopg.connect(url) as connection:
        names += connection.execute("SELECT current_database()").fetchone()
        connection.execute("SELECT 1 / 0")


def test_a_follower_who_skips_repeats_and_turns_back_is_found_out():
    positions = iter([1, 2, 3])
    pages = {0: [1, 3, 2, 2], 2: []}
    seen = watch(lambda: next(positions), pages.__getitem__, Size(writers=1, events=3, followers=1))
    assert (seen.missed, seen.doubled, seen.disordered) == (0, 1, 1)
    positions = iter([1, 2, 3])
    pages = {0: [1, 3], 3: []}
    seen = watch(lambda: next(positions), pages.__getitem__, Size(writers=1, events=3, followers=1))
    assert (seen.missed, seen.doubled, seen.disordered) == (1, 0, 0)
