"""Are people's keys kept, rotated and destroyed as promised?"""

import base64
from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import text

from api.databases import Databases
from domain.errors import PersonErased
from domain.log import LogUnavailable
from eventlog.keys import InvalidMasterKeys, KeyLost, KeyVault, MasterKeys
from eventlog.keys.vault import REMEMBERED_S
from eventlog.schema import Role

AT = datetime(2026, 3, 2, tzinfo=UTC)
NONCE = b"n" * 12


class Clock:
    """Seconds that pass when told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Masters:
    """A place where the master keys can be changed while they are in use."""

    def __init__(self) -> None:
        self.keys = MasterKeys.random()

    def __call__(self) -> MasterKeys:
        return self.keys


@pytest.fixture
def engine(databases: Databases):
    engine = databases.engine(Role.KEY_KEEPER, 3)
    yield engine
    engine.dispose()


@pytest.fixture
def masters() -> Masters:
    return Masters()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def vault(engine, masters, clock) -> KeyVault:
    return KeyVault(engine, masters, clock=clock)


def same(one, other) -> bool:
    return other.decrypt(NONCE, one.encrypt(NONCE, b"words", None), None) == b"words"


def test_a_person_gets_one_key_and_keeps_it(vault, engine, masters):
    ada, ben = uuid4(), uuid4()
    made = vault.find_or_make([ada, ben])

    found = KeyVault(engine, masters).find([ben, ada])

    assert same(made[ada], found[ada])
    assert same(made[ben], found[ben])
    assert made[ada].encrypt(NONCE, b"words", None) != made[ben].encrypt(NONCE, b"words", None)


def test_two_processes_that_make_a_persons_key_at_once_get_the_same(engine, masters, vault):
    person = uuid4()
    other = KeyVault(engine, masters)
    other._ask = lambda _: {}  # it looked before the first one wrote
    made = vault.find_or_make([person])[person]

    other._make({person})
    del other._ask

    assert same(made, other.find([person])[person])


def test_an_erased_person_has_no_key_and_never_gets_one_again(vault, engine, masters):
    person = uuid4()
    vault.find_or_make([person])

    assert vault.erase([person], at=AT) == 1

    for each in (vault, KeyVault(engine, masters)):
        assert each.find([person]) == {person: None}
        with pytest.raises(PersonErased):
            each.find_or_make([person])
    assert vault.erase([person], at=AT) == 0


def test_somebody_who_never_had_a_key_can_be_erased_before_they_get_one(vault):
    person = uuid4()
    assert vault.erase([person], at=AT) == 1
    with pytest.raises(PersonErased):
        vault.find_or_make([person])


def test_a_key_is_remembered_for_a_minute_in_other_processes_and_no_longer(vault, engine, masters, clock):
    person = uuid4()
    vault.find_or_make([person])
    KeyVault(engine, masters).erase([person], at=AT)

    clock.now = REMEMBERED_S - 1
    assert vault.find([person])[person] is not None
    clock.now = REMEMBERED_S
    assert vault.find([person])[person] is None


def test_a_key_that_was_never_there_is_an_error_and_not_an_erasure(vault):
    with pytest.raises(KeyLost):
        vault.find([uuid4()])


def test_after_rewrapping_the_old_master_key_is_not_needed_and_opens_nothing(vault, engine, masters):
    people = [uuid4() for _ in range(5)]
    made = vault.find_or_make(people)
    old = masters.keys
    masters.keys = old.rotated()

    assert KeyVault(engine, masters).rewrap() == 5

    masters.keys = masters.keys.only_first()
    found = KeyVault(engine, masters).find(people)
    assert all(same(made[person], found[person]) for person in people)
    with pytest.raises(KeyLost):
        KeyVault(engine, lambda: old).find(people[:1])


def test_a_process_that_runs_meanwhile_takes_the_new_master_key_up_by_itself(vault, engine, masters, clock):
    known, new = uuid4(), uuid4()
    vault.find_or_make([known])
    masters.keys = masters.keys.rotated()
    KeyVault(engine, masters).rewrap()
    masters.keys = masters.keys.only_first()
    clock.now = REMEMBERED_S

    assert vault.find([known])[known] is not None
    vault.find_or_make([new])

    with engine.connect() as connection:
        assert set(connection.scalars(text("SELECT master FROM keys.subject_keys"))) == {masters.keys.first}


def test_no_key_is_made_under_a_retired_master_key(engine, masters):
    old = masters.keys
    masters.keys = old.rotated()
    KeyVault(engine, masters).rewrap()

    with pytest.raises(KeyLost, match="retired"):
        KeyVault(engine, lambda: old).find_or_make([uuid4()])


def test_no_key_is_made_under_a_master_key_that_is_not_the_one_in_use(vault, engine):
    known, new = uuid4(), uuid4()
    vault.find_or_make([known])
    stranger = KeyVault(engine, Masters())

    with pytest.raises(KeyLost, match="not among those given"):
        stranger.find_or_make([new])

    assert vault.find_or_make([new])[new] is not None


def test_a_wrapped_key_moved_to_another_person_does_not_open(vault, databases, engine, masters):
    ada, ben = uuid4(), uuid4()
    vault.find_or_make([ada, ben])
    swap = (
        "UPDATE keys.subject_keys a SET wrapped = b.wrapped FROM keys.subject_keys b WHERE a.subject_id <> b.subject_id"
    )
    with psycopg.connect(databases.keys) as connection:
        connection.execute(swap)

    with pytest.raises(KeyLost):
        KeyVault(engine, masters).find([ada])


def test_a_keys_database_that_does_not_answer_is_unavailable_like_the_log(databases, masters):
    nowhere = Databases(databases.log, databases.keys.replace("_keys", "_gone"))
    vault = KeyVault(nowhere.engine(Role.KEY_KEEPER, 1), masters)
    with pytest.raises(LogUnavailable):
        vault.find([UUID(int=1)])


def test_master_keys_are_read_as_they_are_written():
    masters = MasterKeys.random().rotated()
    assert MasterKeys.parse("# kept in the safe\n\n" + masters.text()).text() == masters.text()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "expected 32 bytes in base64"),
        ("# nothing\n", "There is no master key"),
        ("c2hvcnQ=\n", "Line 1"),
        (MasterKeys([b"k" * 32]).text() + "not base64!\n", "Line 2"),
    ],
)
def test_what_is_no_master_key_is_refused_without_being_shown(given, said):
    with pytest.raises(InvalidMasterKeys, match=said) as refusal:
        MasterKeys.parse(given)
    assert not [line for line in given.splitlines() if line and line in str(refusal.value)]


def test_a_master_keys_name_tells_nothing_of_it():
    key = b"k" * 32
    masters = MasterKeys([key])
    assert base64.b64encode(key).decode() in masters.text()
    assert key.hex()[:8] not in masters.first
