"""Is the folder a tiled log that anybody can check, and does it never take back what it holds?"""

import base64

import pytest

from eventlog.transparency.checkpoint import open_checkpoint
from eventlog.transparency.folder import Folder
from eventlog.transparency.merkle import consistency_proof, root, verify_consistency
from eventlog.transparency.tiles import edge, nodes, tile_path
from tests.eventlog.transparency.given import SIGNER, a_note, a_record, records, root_of


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "log", [SIGNER.verifier])


def read_with(path, size):
    """Read tiles as a client would: by address, those of the checkpoint's size."""
    partial = {(level, index): width for level, index, width in edge(size)}

    def read(level, index):
        name = tile_path(level, index)
        if (width := partial.get((level, index))) is not None:
            name += f".p/{width}"
        return (path / name).read_bytes()

    return nodes(read)


def test_a_client_computes_the_root_and_proofs_from_the_files_alone(folder, sealer, log):
    one = sealer(folder)
    for size in (3, 255, 256, 300, 700):
        log.records = records(size)
        one.seal()
        checkpoint = open_checkpoint((folder.path / "checkpoint").read_text(), [SIGNER.verifier])
        node = read_with(folder.path, size)
        assert checkpoint.root == root(size, node) == root_of(log.records)
    verify_consistency(256, root_of(records(256)), 700, root_of(records(700)), consistency_proof(256, 700, node))
    kept = {path.name: path.read_text() for path in (folder.path / "checkpoints").iterdir()}
    assert kept == {str(size): a_note(records(size)) for size in (3, 255, 256, 300, 700)}


def test_partial_tiles_go_once_the_full_one_is_there(folder, sealer, log):
    one = sealer(folder)
    for size in (100, 200, 300):
        log.records = records(size)
        one.seal()
    tiles = {str(path.relative_to(folder.path)) for path in (folder.path / "tile").rglob("*") if path.is_file()}
    assert tiles == {"tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"}
    assert not [path for path in folder.path.rglob("*") if path.name.startswith(".new-")]


def test_a_folder_that_missed_checkpoints_is_caught_up(folder, sealer, log):
    for size in (10, 600):
        log.records = records(size)
        sealer().seal()
    sealer(folder).seal()
    assert root(600, read_with(folder.path, 600)) == root_of(records(600))


@pytest.mark.parametrize("published", [700, 650])
def test_another_history_is_not_published_over_the_one_that_is_there(folder, sealer, log, published):
    folder.path.mkdir()
    (folder.path / "checkpoint").write_text(a_note(records(published)))
    log.records = [a_record(position, b"{}") for position in range(1, 651)]
    reported = []
    sealer(folder, report=lambda *fault: reported.append(fault)).seal()
    ((name, fault),) = reported
    assert str(folder.path) in name
    assert ("not those that were published" if published == 650 else "not in this log") in str(fault)
    assert (folder.path / "checkpoint").read_text() == a_note(records(published))


def test_a_folder_of_another_log_is_left_alone(folder, sealer, log):
    folder.path.mkdir()
    (folder.path / "checkpoint").write_text(
        f"other.example\n1\n{base64.b64encode(b'1' * 32).decode()}\n\n— o AAAAAAAA\n"
    )
    log.records = records(3)
    reported = []
    sealer(folder, report=lambda *fault: reported.append(fault)).seal()
    assert "not one of this log" in str(reported[0][1])
    assert not (folder.path / "tile").exists()


def test_a_folder_that_cannot_be_written_is_reported_and_the_log_goes_on(tmp_path, sealer, log):
    (tmp_path / "log").write_text("in the way")
    log.records = records(3)
    reported = []
    folder = Folder(tmp_path / "log", [SIGNER.verifier])
    assert sealer(folder, report=lambda *fault: reported.append(fault)).seal().size == 3
    assert len(reported) == 1
