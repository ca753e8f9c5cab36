"""Does an auditor with one short program and a kept checkpoint see whatever was done to the log?"""

import io
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventlog.transparency import verify as verifier
from eventlog.transparency.bundle import event_line, header_line, write_bundle
from eventlog.transparency.checkpoint import Checkpoint
from eventlog.transparency.leaf import canonical, leaf_of
from eventlog.transparency.note import NOTE, Signer, signed_note
from eventlog.transparency.verify import Refused, verify
from tests.eventlog.transparency.given import SIGNER, a_bundle, a_note, a_record, records, root_of

VKEY = str(SIGNER.verifier)
SIZE = 30
KEPT = a_note(records(20))


def said_of(bundle, *kept, key=VKEY):
    return verify(io.BytesIO(bundle), [key], list(kept))


def test_a_true_bundle_verifies_with_and_without_states():
    for with_states in (True, False):
        bundle = a_bundle(records(SIZE), with_states=with_states)
        assert (
            said_of(bundle, a_note(records(SIZE))) == f"Verified: {SIZE} events of alongside/test, 1 kept checkpoints."
        )


def test_what_no_kept_checkpoint_covers_is_said_to_be_unseen():
    assert "after position 0" in said_of(a_bundle(records(SIZE)))
    assert "after position 20" in said_of(a_bundle(records(SIZE)), KEPT)


def test_the_leaf_is_the_canonical_json_that_the_documents_promise():
    assert canonical(leaf_of(a_record(3))) == (
        b'{"event_id":"00000000-0000-0000-0000-000000002713","position":3,"recorded_at":"2026-03-02T09:30:00.000003Z",'
        b'"state_sha256":"63ae6cf8b2dd1e6c5b1f4a8b7a8d3b36","stream":"00000000-0000-0000-0000-000000000004",'
        b'"topic":"member.matched","version":1}'
    ).replace(b"63ae6cf8b2dd1e6c5b1f4a8b7a8d3b36", leaf_of(a_record(3)).state_sha256.encode())


@settings(deadline=None)
@given(
    st.builds(
        a_record,
        st.integers(1, 2**53 - 1),
        st.binary(max_size=50),
    )
)
def test_the_verifiers_canonical_form_is_that_of_the_log(record):
    line = event_line(record)
    assert verifier.CANONICAL.encode(json.loads(line)).encode() + b"\n" == line


@pytest.mark.parametrize("topic", ["caf\N{LATIN SMALL LETTER E WITH ACUTE}", "line\nbreak"])
def test_a_topic_is_plain(topic):
    with pytest.raises(ValueError, match="printable ASCII"):
        leaf_of(msgspec.structs.replace(a_record(1), topic=topic))


def changed(some, at, **fields):
    return [*some[: at - 1], msgspec.structs.replace(some[at - 1], **fields), *some[at:]]


def lines(some):
    return [header_line(a_note(records(SIZE))), *(event_line(each) for each in some)]


TRUE = records(SIZE)
FORGER = Signer.make(SIGNER.name)
TAMPERED = {
    "changed field": lines(changed(TRUE, 7, topic="member.unmatched")),
    "shifted time": lines(changed(TRUE, 7, recorded_at=a_record(8).recorded_at)),
    "changed state": lines(changed(TRUE, 7, state=b"{}")),
    "deleted": lines([*TRUE[:6], *TRUE[7:]]),
    "deleted and renumbered": lines(
        [*TRUE[:6], *(msgspec.structs.replace(r, position=r.position - 1) for r in TRUE[7:])]
    ),
    "inserted": lines([*TRUE[:6], TRUE[6], *TRUE[6:]]),
    "reordered": lines([*TRUE[:6], TRUE[7], TRUE[6], *TRUE[8:]]),
    "cut": lines(TRUE[:-1]),
    "one more": lines([*TRUE, a_record(SIZE + 1)]),
    "no newline at the end": [b"".join(lines(TRUE))[:-1]],
    "rest after the end": [*lines(TRUE), b"\n"],
    "no checkpoint": lines(TRUE)[1:],
    "empty": [],
    "spaces": [each.replace(b'":', b'": ', 1) for each in lines(TRUE)],
    "signed by a forger": [a_bundle(TRUE, FORGER)],
}


@pytest.mark.parametrize("tampering", TAMPERED)
def test_tampering_is_seen_without_a_kept_checkpoint(tampering):
    with pytest.raises(Refused):
        said_of(b"".join(TAMPERED[tampering]))


@pytest.mark.parametrize(
    "rewritten",
    [changed(TRUE, 7, state=b"{}"), TRUE[:19], [*TRUE[:6], *TRUE[7:]]],
    ids=["changed", "cut", "deleted"],
)
def test_a_cut_or_rewritten_log_signed_by_the_true_key_is_seen_by_a_kept_checkpoint_alone(rewritten):
    renumbered = [msgspec.structs.replace(each, position=place) for place, each in enumerate(rewritten, start=1)]
    bundle = a_bundle(renumbered)
    assert "cannot be seen" in said_of(bundle)
    with pytest.raises(Refused, match="Kept checkpoint 1"):
        said_of(bundle, KEPT)


def test_the_message_names_the_line():
    with pytest.raises(Refused, match=r"^Line 8 holds another state"):
        said_of(
            b"".join(lines(TRUE)).replace(b'"state":"', b'"state":"AAAA', 7).replace(b'"state":"AAAA', b'"state":"', 6)
        )
    with pytest.raises(Refused, match=r"^Line 8 is not position 7"):
        said_of(b"".join(TAMPERED["deleted"]))
    with pytest.raises(Refused, match=r"^Line 31 is missing: position 30"):
        said_of(b"".join(TAMPERED["cut"]))
    with pytest.raises(Refused, match=r"^Kept checkpoint 1 .* lines 2 to 21"):
        said_of(a_bundle(changed(TRUE, 7, state=b"{}")), KEPT)
    with pytest.raises(Refused, match=r"^Kept checkpoint 2 .* lines 22 to 26"):
        said_of(a_bundle(changed(TRUE, 23, state=b"{}")), KEPT, a_note(records(25)))


def test_two_forms_of_one_state_are_not_both_accepted():
    some = [*TRUE[:-1], a_record(SIZE, b"\x00")]
    bundle = a_bundle(some)
    said_of(bundle)
    with pytest.raises(Refused, match="Line 31"):
        said_of(bundle.replace(b'"AA=="', b'"AB=="'))


def test_a_kept_checkpoint_of_another_log_is_refused():
    other = signed_note(replace(Checkpoint("", 20, root_of(records(20))), origin="alongside/other").text(), SIGNER)
    with pytest.raises(Refused, match="alongside/other"):
        said_of(a_bundle(TRUE), other)


def test_checkpoints_of_a_former_key_are_read_where_that_key_is_given_too():
    former = Signer.make(SIGNER.name)
    kept = a_note(records(20), former)
    with pytest.raises(Refused, match="Kept checkpoint 1 is not"):
        said_of(a_bundle(TRUE), kept)
    assert "after position 20" in verify(io.BytesIO(a_bundle(TRUE)), [VKEY, str(former.verifier)], [kept])


def test_signatures_of_witnesses_are_passed_over():
    cosigned = a_note(TRUE) + Signer.make("witness.example/w1", NOTE).sign(b"").line()
    assert "Verified" in said_of(b"".join([header_line(cosigned), *lines(TRUE)[1:]]))


@settings(deadline=None)
@given(st.data())
def test_no_byte_of_a_bundle_can_be_another(data):
    bundle = a_bundle(records(5))
    place = data.draw(st.integers(0, len(bundle) - 1))
    byte = data.draw(st.integers(0, 255))
    signature = bundle.index(b"alongside/test ", bundle.index(b"\\n\\n")) + len(b"alongside/test ")
    if byte == bundle[place] or signature <= place < bundle.index(b'"}'):
        return  # a signature has several forms in base64; the ones that are others are tried in the tests of notes
    with pytest.raises(Refused):
        said_of(bundle[:place] + bytes([byte]) + bundle[place + 1 :])


def test_a_signature_stands_behind_a_dash_and_no_other_sign():
    with pytest.raises(Refused):
        said_of(a_bundle(records(5)).replace("\N{EM DASH}".encode(), "\N{FRACTION SLASH}".encode(), 1))


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_whatever_is_read_is_refused_in_words(junk):
    with pytest.raises(Refused):
        said_of(junk)
    with pytest.raises(Refused):
        said_of(lines(TRUE)[0] + junk)


def test_a_bundle_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "bundle"

    def dies():
        yield from records(3)
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011
        write_bundle(path, a_note(TRUE), dies())
    assert list(tmp_path.iterdir()) == []
    assert write_bundle(path, a_note(TRUE), iter([*TRUE, a_record(SIZE + 1)])) == SIZE
    assert path.read_bytes() == a_bundle(TRUE)
    assert path.stat().st_mode & 0o077 == 0
    assert [each.name for each in tmp_path.iterdir()] == ["bundle"]


@pytest.fixture
def taken_away(tmp_path):
    """A folder with a bundle, a kept checkpoint, and nothing of ours but the verifier."""
    shutil.copy(verifier.__file__, tmp_path / "verify.py")
    (tmp_path / "bundle").write_bytes(a_bundle(TRUE))
    (tmp_path / "kept").write_text(KEPT)
    (tmp_path / "cut").write_bytes(a_bundle(TRUE[:10]))
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["bundle", "--key", VKEY, "--checkpoint", "kept"], 0, "Verified: 30 events"),
        (["cut", "--key", VKEY, "--checkpoint", "kept"], 1, "REFUSED. Kept checkpoint 1 is of 20 events"),
        (["missing", "--key", VKEY], 2, "not read"),
        (["bundle", "--key", "no key"], 2, "not read"),
        (["bundle"], 2, "--key"),
    ],
)
def test_the_verifier_runs_alone(taken_away, arguments, status, says):
    command = [sys.executable, "-I", "verify.py", *arguments]
    ran = subprocess.run(command, cwd=taken_away, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == status, ran.stderr
    assert says in ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr


def test_the_verifier_can_be_read_in_one_sitting_and_needs_nothing_of_ours():
    source = Path(verifier.__file__).read_text()
    assert len(source.splitlines()) < 100
    imports = {line.split()[1].split(".")[0] for line in source.splitlines() if line.startswith(("import ", "from "))}
    assert imports <= sys.stdlib_module_names | {"cryptography"}
