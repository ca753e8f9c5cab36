"""Can a rebuild be killed, or made twice at once, without a trace but the rebuilt tables?"""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from api.moment import Moment
from api.service import Service
from eventlog.schema import Role
from projections import carrier
from projections.rebuilding import silently
from tests.projections.test_rebuild import a_lively_history, rows

ROOT = Path(__file__).parents[2]
SCHEMAS = text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'read_models%' ORDER BY nspname")

# Rebuilds until it kills itself: while it fills the new tables, or after it swapped them in.
KILLED = """
import os, signal, sys
from pathlib import Path
from api.databases import Databases
from api.erasures import ErasureList
from api.safe import Safe
from api.service import assemble
from eventlog.keys import MasterKeys
from projections import rebuilding

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

masters = MasterKeys.parse(sys.argv[3])
service = assemble(Databases.at(sys.argv[1]), Safe(lambda: masters, ErasureList(Path())))
if sys.argv[2] == "filling":
    service.projector.rebuild(die)
swap = rebuilding._swap
if sys.argv[2] == "before the swap is committed":
    rebuilding._swap = lambda connection: (swap(connection), die())
drops = iter((rebuilding.drop, die))
rebuilding.drop = lambda *given: next(drops)(*given)
service.projector.rebuild()
"""


def schemas(service: Service) -> list[str]:
    with service.engines[Role.READER].connect() as connection:
        return list(connection.scalars(SCHEMAS))


@pytest.mark.parametrize(
    ("moment_of_death", "left"),
    [
        ("filling", ["read_models", "read_models_next"]),
        ("before the swap is committed", ["read_models", "read_models_next"]),
        ("before the old tables are dropped", ["read_models", "read_models_old"]),
    ],
)
def test_what_a_killed_rebuild_leaves_is_removed_by_the_next(
    service: Service, moment: Moment, database_url: str, master_key: str, moment_of_death: str, left: list[str]
) -> None:
    a_lively_history(service, moment)
    before = rows(service)

    killed = subprocess.run(
        [sys.executable, "-c", KILLED, database_url, moment_of_death, master_key], cwd=ROOT, check=False
    )

    assert killed.returncode == -signal.SIGKILL
    assert schemas(service) == left
    assert rows(service) == before
    service.projector.rebuild()
    assert schemas(service) == ["read_models"]
    assert rows(service) == before


def test_two_rebuilds_at_once_take_turns(service: Service, moment: Moment) -> None:
    a_lively_history(service, moment)
    before = rows(service)

    with ThreadPoolExecutor(3) as threads:
        positions = {each.result() for each in [threads.submit(service.projector.rebuild) for _ in range(3)]}

    assert positions == {service.alongside.log.head()}
    assert schemas(service) == ["read_models"]
    assert rows(service) == before


def test_a_rebuild_tells_how_far_it_has_come(service: Service, moment: Moment, monkeypatch: pytest.MonkeyPatch) -> None:
    a_lively_history(service, moment)
    head = service.alongside.log.head()
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(carrier.Carrier.__init__, "__kwdefaults__", {"schema": "read_models", "batch": 10})

    service.projector.rebuild(lambda position, upto: told.append((position, upto)))

    assert told == [*((position, head) for position in range(10, head, 10)), (head, head)]
    assert silently(1, 2) is None
