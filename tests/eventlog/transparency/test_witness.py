"""Does a witness cosign what merely grew and nothing else, over the wire and after a restart?"""

import http.client
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Thread

import pytest

from eventlog.transparency.checkpoint import Checkpoint
from eventlog.transparency.cosignature import cosigned_at
from eventlog.transparency.leaf import leaf_hash
from eventlog.transparency.merkle import consistency_proof
from eventlog.transparency.note import COSIGNATURE, Signer, signed_note, split_note
from eventlog.transparency.publishing import PublishingFailed
from eventlog.transparency.tiles import GrowingTiles, nodes
from eventlog.transparency.witness import Request, Witness
from eventlog.transparency.witness_client import WitnessClient
from eventlog.transparency.witness_server import FolderInUse, owned, server
from tests.eventlog.transparency.given import SIGNER, a_note, a_record, records

AT = datetime(2026, 3, 2, tzinfo=UTC)
WITNESS = Signer.make("witness.example/w1", COSIGNATURE)


def a_witness(folder, logs=(SIGNER.verifier,)):
    return Witness(folder, WITNESS, logs, lambda: AT)


def node_of(some):
    stored = {}
    tree = GrowingTiles(0, lambda *_: b"")
    for record in some:
        tree.append(leaf_hash(record))
    stored.update({(tile.level, tile.index): tile.hashes for tile in tree.changed()})
    return nodes(lambda level, index: stored[level, index])


def ask(witness, old_size, size, *, some=None, proof=None, signer=SIGNER):
    some = records(size) if some is None else some
    if proof is None:
        proof = consistency_proof(min(old_size, size), size, node_of(some))
    return witness.add_checkpoint(Request(old_size, proof, a_note(some, signer)).body())


def test_a_log_that_grows_is_cosigned(tmp_path):
    witness = a_witness(tmp_path)
    for old_size, size in [(0, 3), (3, 3), (3, 300), (300, 301)]:
        verdict = ask(witness, old_size, size)
        assert verdict.status == 200
        text, signatures = split_note(a_note(records(size)) + verdict.text)
        assert cosigned_at(text, signatures, WITNESS.verifier) == AT
    assert a_note(records(301)) in witness.kept_at(SIGNER.name).read_text()


def test_what_was_seen_is_not_forgotten_by_a_restart(tmp_path):
    assert ask(a_witness(tmp_path), 0, 30).status == 200
    verdict = ask(a_witness(tmp_path), 0, 40)
    assert (verdict.status, verdict.text, verdict.content_type) == (409, "30\n", "text/x.tlog.size")


def test_what_does_not_continue_what_was_seen_is_refused(tmp_path):
    witness = a_witness(tmp_path)
    ask(witness, 0, 30)
    kept = witness.kept_at(SIGNER.name).read_text()
    rewritten = [a_record(1, b"{}"), *records(40)[1:]]
    assert ask(witness, 30, 40, some=rewritten).status == 422
    assert ask(witness, 30, 40, proof=[]).status == 422
    assert ask(witness, 30, 30, some=rewritten[:30]).status == 409
    assert ask(witness, 20, 20).status == 409
    assert ask(witness, 30, 20).status == 400
    assert ask(witness, 29, 40).text == "30\n"
    assert ask(witness, 30, 30, proof=[b"\0" * 32]).status == 422
    assert witness.kept_at(SIGNER.name).read_text() == kept
    assert ask(witness, 30, 40).status == 200


def test_strangers_and_forgers_are_refused(tmp_path):
    witness = a_witness(tmp_path)
    assert ask(witness, 0, 3, signer=Signer.make("alongside/other")).status == 404
    assert ask(witness, 0, 3, signer=Signer.make(SIGNER.name)).status == 403
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "body",
    [
        "",
        "old 0\n",
        "old 00\n\n" + a_note(records(3)),
        "old -1\n\n" + a_note(records(3)),
        "old 0\nnot base64!\n\n" + a_note(records(3)),
        "old 0\n" + "AAAA\n" * 64 + "\n" + a_note(records(3)),
        "old 0\n\nno note",
        "old 0\n\n" + signed_note("no checkpoint\n", SIGNER),
    ],
    ids=["nothing", "no note", "two zeros", "negative", "no base64", "long proof", "text", "no checkpoint"],
)
def test_a_request_of_another_form_is_refused(tmp_path, body):
    assert a_witness(tmp_path).add_checkpoint(body).status == 400


def test_a_request_is_read_as_it_was_written():
    request = Request(5, [b"\1" * 32, b"\2" * 32], a_note(records(9)))
    assert Request.parse(request.body()) == request
    assert request.body().startswith("old 5\nAQEB")


def test_only_one_process_is_a_witness_with_a_folder(tmp_path):
    with owned(tmp_path), pytest.raises(FolderInUse), owned(tmp_path):
        pass
    with owned(tmp_path):
        pass


@contextmanager
def served(witness):
    listening = server(witness, "127.0.0.1", 0, lambda _: None)
    thread = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield listening.server_address[1]
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join(10)


def client(port, key=WITNESS.verifier):
    return WitnessClient(f"http://127.0.0.1:{port}", key)


def test_a_sealers_checkpoints_are_cosigned_over_the_wire(tmp_path, sealer, log):
    with served(a_witness(tmp_path)) as port:
        for size in (3, 300, 301):
            log.records = records(size)
            one = sealer(client(port))  # a new one each time: it asks the witness how far it is
            one.seal()
            text, signatures = split_note(one.newest())
            assert cosigned_at(text, signatures, WITNESS.verifier) == AT
            assert len(signatures) == 2
            assert one.seal() is None
        log.records = records(302)
        one.seal()
    assert Checkpoint.parse(split_note(one.newest())[0]).size == 302
    assert witness_size(tmp_path) == 302


def witness_size(folder):
    return Checkpoint.parse(split_note(a_witness(folder).kept_at(SIGNER.name).read_text())[0]).size


@pytest.mark.parametrize(
    ("seen", "why"), [(50, "only 40 are left"), (30, "not the beginning"), (40, "not the first 40")]
)
def test_a_witness_that_saw_another_history_makes_it_known(tmp_path, sealer, log, seen, why):
    ask(a_witness(tmp_path), 0, seen)
    log.records = [a_record(position, b"{}") for position in range(1, 41)]
    reported = []
    with served(a_witness(tmp_path)) as port:
        sealer(client(port), report=lambda *fault: reported.append(fault)).seal()
    ((name, fault),) = reported
    assert name == "the witness witness.example/w1"
    assert isinstance(fault, PublishingFailed)
    assert why in str(fault)


def test_a_cosignature_of_another_key_is_not_taken(tmp_path, sealer, log):
    log.records = records(3)
    reported = []
    other = Signer.make("witness.example/w1", COSIGNATURE).verifier
    with served(a_witness(tmp_path)) as port:
        one = sealer(client(port, other), report=lambda *fault: reported.append(fault))
        one.seal()
    assert "not cosigned by the key" in str(reported[0][1])
    assert one.newest() == a_note(log.records)


def test_a_witness_that_is_away_is_reported_and_caught_up(tmp_path, sealer, log):
    log.records = records(3)
    reported = []
    with served(a_witness(tmp_path)) as port:
        pass
    sealer(client(port), report=lambda *fault: reported.append(fault)).seal()
    assert len(reported) == 1
    log.records = records(30)
    with served(a_witness(tmp_path)) as port:
        sealer(client(port)).seal()
    assert witness_size(tmp_path) == 30


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        ("POST", "/other", b"", {}, 404),
        ("POST", "/add-checkpoint", b"\xff", {}, 400),
        ("POST", "/add-checkpoint", b"", {"Content-Length": "9999999"}, 413),
        ("POST", "/add-checkpoint", b"", {"Content-Length": "x"}, 413),
        ("POST", "/add-checkpoint", b"", {"Content-Length": "9" * 5000}, 413),
        ("GET", "/add-checkpoint", None, {}, 501),
    ],
)
def test_odd_requests_are_answered(tmp_path, method, path, body, headers, status):
    with served(a_witness(tmp_path)) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request(method, path, body, headers)
        assert connection.getresponse().status == status
        connection.close()


def test_a_witness_whose_memory_is_damaged_cosigns_nothing(tmp_path):
    witness = a_witness(tmp_path)
    witness.kept_at(SIGNER.name).write_text("nothing that was ever kept")
    with served(witness) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("POST", "/add-checkpoint", Request(0, [], a_note(records(3))).body().encode())
        assert connection.getresponse().status == 500
        connection.close()


def test_a_witness_has_an_address_on_the_web():
    with pytest.raises(ValueError, match="http"):
        WitnessClient("file:///etc/passwd", WITNESS.verifier)
