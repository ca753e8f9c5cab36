"""Is the log sealed while it is served, and does what goes wrong with that stay apart from the rest?"""

import logging
from threading import Event

import pytest
from scenarios import enrolled_member

from api import transparency
from api.settings import Settings
from eventlog.schema import Role
from eventlog.transparency.sealer import LogDamaged

SOON_S = 30


@pytest.fixture
def sealer(service, tmp_path):
    settings = Settings(DATABASE_URL="postgresql:///elsewhere", ALONGSIDE_SIGNING_KEY=tmp_path / "signing.key")
    transparency.new_signing_key(settings)
    return transparency.sealer(service.engines[Role.PROJECTOR], settings, pytest.fail)


def test_what_is_written_is_sealed_without_anybody_asking(service, moment, sealer):
    sealed = Event()
    seal = sealer.seal

    def listened():
        if seal() is not None:
            sealed.set()

    sealer.seal = listened
    with transparency.Sealing(sealer, every_s=0.01):
        enrolled_member(service, moment)
        assert sealed.wait(SOON_S)

    assert f"\n{service.alongside.log.head()}\n" in sealer.newest()


class Damaged:
    """A sealer of a log that somebody changed."""

    def __init__(self):
        self.tries, self.enough = 0, Event()

    def seal(self):
        self.tries += 1
        if self.tries == 5:
            self.enough.set()
        raise LogDamaged("The tree is not the one that was sealed, so nothing is signed.")


def test_a_damaged_log_is_reported_once_and_in_full(caplog):
    damaged = Damaged()
    with transparency.Sealing(damaged, every_s=0.001):
        assert damaged.enough.wait(SOON_S)

    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "not the one that was sealed" in caplog.text
