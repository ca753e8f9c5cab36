"""Can somebody who wrote read it back in another process as soon as it is there?"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, text

from api.databases import Databases
from api.moment import Moment
from api.safe import Safe
from api.service import Service, assemble
from eventlog.schema import Role
from projections.projector import NotCaughtUp
from projections.tables import positions
from projections.waiting_list import members
from tests.scenarios import enrolled_member, enrolled_mentor

PLENTY_S = 60


def test_waiting_carries_over_what_nobody_else_does(service: Service, moment: Moment) -> None:
    enrolled_member(service, moment)

    service.projector.wait(service.alongside.log.head(), PLENTY_S)

    with service.engines[Role.READER].connect() as connection:
        assert connection.scalar(select(func.count()).select_from(members)) == 1


def test_waiting_for_what_is_not_written_yet_ends_when_another_process_has_written_it(
    service: Service, moment: Moment, databases: Databases, safe: Safe
) -> None:
    enrolled_member(service, moment)
    head = service.alongside.log.head()
    other = assemble(databases, safe, connections=2)
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(other.projector.wait, head + 1, PLENTY_S)
        enrolled_mentor(service, moment)
        waiting.result(PLENTY_S)
    other.close()

    with service.engines[Role.READER].connect() as connection:
        assert connection.scalar(select(func.min(positions.c.position))) == head + 1


def test_waiting_in_vain_ends_with_the_timeout(service: Service) -> None:
    with pytest.raises(NotCaughtUp):
        service.projector.wait(1, 0.01)


def test_waiting_for_another_process_that_hangs_ends_with_the_timeout(service: Service, moment: Moment) -> None:
    enrolled_member(service, moment)
    service.projector.catch_up()
    enrolled_member(service, moment, ref="S-2")
    with service.engines[Role.PROJECTOR].begin() as hanging:
        hanging.execute(text("SELECT 1 FROM read_models.positions FOR UPDATE"))
        with pytest.raises(NotCaughtUp):
            service.projector.wait(service.alongside.log.head(), 0.05)

    service.projector.wait(service.alongside.log.head(), PLENTY_S)


def test_several_who_wait_at_once_find_every_row_once(
    service: Service, moment: Moment, databases: Databases, safe: Safe
) -> None:
    others = [assemble(databases, safe, connections=4) for _ in range(2)]
    with ThreadPoolExecutor(6) as threads:
        for number in range(5):
            enrolled_member(service, moment, ref=f"S-{number}")
            head = service.alongside.log.head()
            waiting = [threads.submit(each.projector.wait, head, PLENTY_S) for each in others * 3]
            for each in waiting:
                each.result(PLENTY_S)
    for each in others:
        each.close()

    with service.engines[Role.READER].connect() as connection:
        assert connection.scalar(select(func.count()).select_from(members)) == 5
    assert service.projector.catch_up().stopped == ()
