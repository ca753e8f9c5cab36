import pytest

from eventlog.transparency.note import COSIGNATURE, Signer
from eventlog.transparency.signing_key import NoSigningKey, make_key, read_key, read_or_make_key


def test_a_key_is_made_once_for_its_owner_alone(tmp_path):
    path = tmp_path / "signing.key"
    made = read_or_make_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_or_make_key(path).secret() == read_key(path).secret() == made.secret()
    assert made.name.startswith("alongside/")
    with pytest.raises(NoSigningKey, match="already"):
        make_key(path)
    assert read_key(path).secret() == made.secret()


def test_a_key_bears_the_name_that_it_is_given(tmp_path):
    assert read_or_make_key(tmp_path / "key", "log.example/support").name == "log.example/support"


def test_a_key_that_others_can_read_is_not_used(tmp_path):
    path = tmp_path / "key"
    make_key(path)
    path.chmod(0o640)
    with pytest.raises(NoSigningKey, match="0600"):
        read_or_make_key(path)


@pytest.mark.parametrize(
    "content",
    [b"", b"no key", b"\xff\xfe", Signer.make("a", COSIGNATURE).secret().encode()],
    ids=["nothing", "text", "bytes", "a witness's key"],
)
def test_what_is_no_signing_key_is_neither_used_nor_replaced_nor_shown(tmp_path, content):
    path = tmp_path / "key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(NoSigningKey) as refused:
        read_or_make_key(path)
    assert path.read_bytes() == content
    assert "PRIVATE+KEY+a" not in str(refused.value)


def test_a_missing_key_is_said_to_be_missing(tmp_path):
    with pytest.raises(NoSigningKey, match="no signing key"):
        read_key(tmp_path / "key")
