"""Are notes and keys those of C2SP and Go's sumdb, and is nothing believed that a trusted key did not sign?"""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventlog.transparency.checkpoint import Checkpoint, open_checkpoint
from eventlog.transparency.cosignature import cosign, cosigned_at
from eventlog.transparency.merkle import EMPTY_ROOT
from eventlog.transparency.note import (
    COSIGNATURE,
    InvalidKey,
    NoteRefused,
    Signer,
    Verifier,
    open_note,
    signed_note,
    split_note,
)
from tests.eventlog.transparency.given import SIGNER

# The example in the documentation of golang.org/x/mod/sumdb/note.
GO_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_SIGNATURE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
GO_NOTE = f"{GO_TEXT}\n— PeterNeumann {GO_SIGNATURE}\n"
# The example of C2SP signed-note and tlog-checkpoint.
C2SP_NOTE = (
    "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
    "— quasimodo.example/salvatore "
    "NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
)
C2SP_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
C2SP_SIGNED = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
AT = datetime(2026, 3, 2, tzinfo=UTC)
TEXT = Checkpoint("alongside/test", 0, EMPTY_ROOT).text()


def test_go_reads_what_we_write_and_we_read_what_go_writes():
    signer, verifier = Signer.parse(GO_SECRET), Verifier.parse(GO_KEY)
    assert signer.secret() == GO_SECRET
    assert str(verifier) == str(signer.verifier) == GO_KEY
    assert open_note(GO_NOTE, [verifier]) == GO_TEXT
    assert signed_note(GO_TEXT, signer) == GO_NOTE


def test_the_examples_of_the_specification_are_read():
    assert open_note(C2SP_SIGNED, [Verifier.parse(C2SP_KEY)]) == "This is an example message.\n"
    text, (signature,) = split_note(C2SP_NOTE)
    assert text.endswith(":\n\ned è subito sera.\n")
    assert (signature.name, signature.key_id.hex()) == ("quasimodo.example/salvatore", "367ba04b")


@settings(deadline=None)
@given(st.data())
def test_no_note_verifies_with_any_sign_changed(data):
    place = data.draw(st.integers(0, len(GO_NOTE) - 1))
    changed = GO_NOTE[:place] + data.draw(st.characters()) + GO_NOTE[place + 1 :]
    if changed != GO_NOTE:
        try:
            text = open_note(changed, [Verifier.parse(GO_KEY)])
        except NoteRefused:
            return
        assert text == GO_TEXT  # what can vary is how base64 is padded


def test_signatures_of_others_are_passed_over_and_false_ones_are_not():
    other = Signer.make("alongside/other")
    both = signed_note(TEXT, SIGNER) + other.sign(TEXT.encode()).line()
    assert open_note(both, [SIGNER.verifier]) == open_note(both, [other.verifier]) == TEXT
    with pytest.raises(NoteRefused, match="None of the keys"):
        open_note(signed_note(TEXT, other), [SIGNER.verifier])
    false = SIGNER.sign(b"something else").line()
    with pytest.raises(NoteRefused, match="false"):
        open_note(signed_note(TEXT, SIGNER) + false, [SIGNER.verifier])


def test_a_key_of_the_same_name_is_another_key():
    namesake = Signer.make(SIGNER.name)
    with pytest.raises(NoteRefused, match="None of the keys"):
        open_note(signed_note(TEXT, namesake), [SIGNER.verifier])


@pytest.mark.parametrize("note", ["", "text\n", "text\n\n", "text\n\nno signature\n", "te\rxt\n\n— a AAAAAAAA\n"])
def test_what_is_no_note_is_refused(note):
    with pytest.raises(NoteRefused):
        open_note(note, [SIGNER.verifier])


@pytest.mark.parametrize("key", ["", "a", "a+b", "a b+00000000+AA==", GO_KEY[:-4], GO_KEY.replace("c74f", "c74e")])
def test_what_is_no_key_is_refused_without_repeating_it(key):
    with pytest.raises(InvalidKey) as refused:
        Verifier.parse(key)
    assert not key or len(key) < 4 or key not in str(refused.value)
    with pytest.raises(InvalidKey):
        Signer.parse(key)


def test_a_signer_does_not_show_its_key():
    assert base64.b64encode(SIGNER.private.private_bytes_raw()).decode() not in repr(SIGNER)
    assert SIGNER.secret().split("+", 4)[-1] not in repr(SIGNER)  # Base64 has "+" among its letters


@pytest.mark.parametrize(
    "text",
    ["", "a\n", "a\n1\n", f"a\n01\n{'A' * 43}=\n", f"a\n-1\n{'A' * 43}=\n", "a\n1\nAAAA\n", f"\n1\n{'A' * 43}=\n"],
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(NoteRefused):
        Checkpoint.parse(text)


def test_a_checkpoint_is_read_as_it_was_written_and_may_have_more_lines():
    checkpoint = Checkpoint("alongside/test", 17, b"\x01" * 32)
    assert open_checkpoint(signed_note(checkpoint.text(), SIGNER), [SIGNER.verifier]) == checkpoint
    assert Checkpoint.parse(checkpoint.text() + "more\n") == checkpoint


def test_a_cosignature_says_when_and_counts_for_its_text_and_key_alone():
    witness = Signer.make("witness.example/w1", COSIGNATURE)
    line = cosign(TEXT, witness, AT + timedelta(milliseconds=700))
    assert cosigned_at(TEXT, [line], witness.verifier) == AT
    assert cosigned_at(TEXT + "more\n", [line], witness.verifier) is None
    assert cosigned_at(TEXT, [line], Signer.make("witness.example/w1", COSIGNATURE).verifier) is None
    later = line.signature[:7] + bytes([line.signature[7] ^ 1]) + line.signature[8:]
    assert cosigned_at(TEXT, [type(line)(line.name, line.key_id, later)], witness.verifier) is None
    assert Verifier.parse(str(witness.verifier), COSIGNATURE) == witness.verifier
    with pytest.raises(InvalidKey, match="kind 1"):
        Verifier.parse(str(witness.verifier))
