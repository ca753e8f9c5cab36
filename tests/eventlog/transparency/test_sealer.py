"""Is everything that is committed sealed once, whoever seals and wherever it stops, and is nothing else ever signed?"""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text

from eventlog.transparency import sealer as sealing
from eventlog.transparency import storage
from eventlog.transparency.checkpoint import Checkpoint, open_checkpoint
from eventlog.transparency.merkle import consistency_proof, inclusion_proof, verify_consistency, verify_inclusion
from eventlog.transparency.note import NOTE, Signer
from eventlog.transparency.publishing import PublishingFailed
from eventlog.transparency.sealer import LogDamaged, Sealer
from tests.eventlog.transparency.given import SIGNER, a_note, a_record, leaf_hash, records, root_of


def checkpoints(engine):
    with engine.connect() as connection:
        notes = connection.execute(text("SELECT note FROM eventlog.checkpoints ORDER BY size")).scalars().all()
    return [open_checkpoint(note, [SIGNER.verifier]) for note in notes]


def execute(engine, statement):
    with engine.begin() as connection:
        connection.execute(text(statement))


def test_a_checkpoint_covers_what_was_committed_and_nothing_new_makes_none(sealer, log, engine):
    sealing_one = sealer()
    assert sealing_one.seal() is None
    assert sealing_one.newest() is None
    log.records = records(300)
    assert sealing_one.seal() == Checkpoint(SIGNER.name, 300, root_of(log.records))
    assert sealing_one.seal() is None
    log.records = records(301)
    assert sealing_one.seal() == Checkpoint(SIGNER.name, 301, root_of(log.records))
    assert [each.size for each in checkpoints(engine)] == [300, 301]


def test_a_long_log_is_sealed_in_batches_of_a_transaction_each(sealer, log, engine, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 100)
    log.records = records(650)
    assert sealer().seal().root == root_of(log.records)
    assert [each.size for each in checkpoints(engine)] == [100, 200, 300, 400, 500, 600, 650]


def test_a_log_that_grows_all_the_time_is_published_all_the_same(engine):
    grown = []

    def read_after(position):
        grown.append(a_record(len(grown) + 1))
        return iter(grown[position:])

    place = Place("one")
    assert Sealer(engine, read_after, SIGNER, [place]).seal().size == 1
    assert len(place.taken) == 1


def test_proofs_are_read_from_the_stored_tiles(sealer, log, engine):
    log.records = records(300)
    sealer().seal()
    log.records = records(700)
    sealer().seal()
    with engine.connect() as connection:
        node = storage.stored_nodes(connection)
        old, new = root_of(records(300)), root_of(records(700))
        verify_consistency(300, old, 700, new, consistency_proof(300, 700, node))
        for index in (0, 255, 256, 511, 699):
            proof = inclusion_proof(index, 700, node)
            verify_inclusion(leaf_hash(a_record(index + 1)), index, 700, proof, new)


def test_many_sealers_take_turns_and_seal_everything_once(sealer, log, engine, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 40)
    log.records = records(500)
    barrier = Barrier(4)

    def seal(_):
        barrier.wait(20)
        return sealer().seal()

    with ThreadPoolExecutor(4) as executor:
        made = [each for each in executor.map(seal, range(4)) if each is not None]
    sizes = [each.size for each in checkpoints(engine)]
    assert sizes[-1] == 500
    assert all(each.root == root_of(records(each.size)) for each in [*made, *checkpoints(engine)])


@pytest.mark.parametrize("statement", ["lock", "store"])
def test_a_sealer_that_dies_at_any_point_leaves_nothing_half_done(sealer, log, engine, monkeypatch, statement):
    log.records = records(300)
    sealer().seal()
    log.records = records(600)
    real = getattr(storage, statement)

    def dies(*arguments):
        real(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(storage, statement, dies)
        with pytest.raises(KeyboardInterrupt):
            sealer().seal()
    assert [each.size for each in checkpoints(engine)] == [300]
    assert sealer().seal().root == root_of(records(600))


def test_a_gap_in_the_log_is_not_signed_over(sealer, log, engine):
    log.records = [*records(3), a_record(5)]
    with pytest.raises(LogDamaged, match="position 5 where 4 belongs"):
        sealer().seal()
    assert checkpoints(engine) == []


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE eventlog.tiles SET hashes = set_byte(hashes, 40, 255 - get_byte(hashes, 40)) WHERE index = 1",
        "UPDATE eventlog.tiles SET hashes = set_byte(hashes, 3, 255 - get_byte(hashes, 3)) WHERE level = 1",
        "DELETE FROM eventlog.tiles WHERE level = 1",
        "UPDATE eventlog.tiles SET hashes = substr(hashes, 1, 32) WHERE level = 0 AND index = 1",
        "UPDATE eventlog.checkpoints SET note = replace(note, '300', '299')",
        "UPDATE eventlog.checkpoints SET size = 299",
    ],
)
def test_a_tree_that_was_changed_in_the_database_is_not_signed_again(sealer, log, engine, tampering):
    log.records = records(300)
    sealer().seal()
    execute(engine, tampering)
    log.records = records(301)
    with pytest.raises(LogDamaged):
        sealer().seal()


def test_a_checkpoint_of_another_key_is_not_continued_unless_that_key_came_before(sealer, log):
    log.records = records(3)
    former = Signer.make(SIGNER.name)
    sealer(signer=former).seal()
    log.records = records(4)
    with pytest.raises(LogDamaged, match="None of the keys"):
        sealer().seal()
    assert sealer(former=[former.verifier]).seal().size == 4


def test_a_log_that_was_rolled_back_is_not_signed_while_a_checkpoint_is_kept_outside(sealer, log, engine):
    outside = [a_note(records(300))]
    log.records = records(300)
    sealer().seal()
    execute(engine, "TRUNCATE eventlog.checkpoints, eventlog.tiles")
    log.records = [a_record(position, b"{}") for position in range(1, 401)]
    with pytest.raises(LogDamaged, match="only 0 are left"):
        sealer(kept=lambda: outside).seal()
    log.records = records(400)
    assert sealer().seal().size == 400
    log.records = records(401)
    assert sealer(kept=lambda: outside).seal().size == 401
    log.records = records(402)
    with pytest.raises(LogDamaged, match="signed for others"):
        sealer(kept=lambda: [a_note(log.records[1:301])]).seal()


class Place:
    """A publisher that remembers what it took, and fails for as long as it is told to."""

    def __init__(self, name, lines=()):
        self.name, self.lines = name, lines
        self.taken, self.tries, self.failing = [], 0, False

    def publish(self, published):
        self.tries += 1
        if self.failing:
            raise PublishingFailed("It is out of paper.")
        self.taken.append(published.note)
        return [line for line in self.lines if line not in published.note]


def test_a_publisher_that_fails_stops_nobody_and_is_caught_up_later(sealer, log):
    failing, other = Place("one"), Place("other")
    reported, now = [], [0.0]
    one = sealer(failing, other, report=lambda *fault: reported.append(fault), monotonic=lambda: now[0])
    failing.failing = True
    for size in (1, 2, 3):
        log.records = records(size)
        assert one.seal().size == size
    assert len(other.taken) == 3
    assert [(name, str(fault)) for name, fault in reported] == [("one", "It is out of paper.")]
    now[0] += 1
    one.seal()
    assert failing.tries == 2
    now[0] += 1
    one.seal()
    assert failing.tries == 2
    failing.failing = False
    now[0] += 1
    assert one.seal() is None
    assert failing.taken == [one.newest()]
    one.seal()
    assert failing.tries == 3


def test_a_signature_that_a_publisher_gives_is_kept_and_reaches_the_others(sealer, log):
    line = Signer.make("witness.example/w1", NOTE).sign(b"").line()
    witness, folder = Place("witness", [line]), Place("folder")
    log.records = records(5)
    one = sealer(witness, folder)
    one.seal()
    assert one.newest() == a_note(records(5)) + line
    assert folder.taken == [one.newest()]
    sealer(witness, folder).seal()
    assert one.newest().count(line) == 1


def test_a_sealer_that_starts_publishes_what_the_last_one_did_not(sealer, log):
    log.records = records(5)
    sealer().seal()
    place = Place("one")
    assert sealer(place).seal() is None
    assert place.taken == [sealer().newest()]
