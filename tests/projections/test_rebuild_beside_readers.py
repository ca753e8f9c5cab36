from concurrent.futures import ThreadPoolExecutor
from threading import Event

from scenarios import HARBOUR, enrolled_mentor

from projections import mentor_directory

REBUILDS = 8


def test_readers_and_writers_go_on_while_everything_is_rebuilt(service, moment):
    mentor = enrolled_mentor(service, moment)
    programme = service.alongside.programme(HARBOUR).id
    done = Event()

    def read():
        reads = 0
        while not done.is_set():
            with service.reading() as read_models:
                assert len(mentor_directory.listings(read_models, programme, today=moment.today)) == 1
            reads += 1
        return reads

    def write():
        capacity = 1
        while not done.is_set():
            capacity = 3 - capacity
            service.alongside.change_capacity(mentor.id, capacity, at=moment.at, by="test")
        return capacity

    with ThreadPoolExecutor(4) as threads:
        others = [threads.submit(read), threads.submit(read), threads.submit(write)]
        try:
            for _ in range(REBUILDS):
                service.projector.rebuild()
        finally:
            done.set()
        assert all(other.result() for other in others)
