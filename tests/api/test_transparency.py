"""Do the settings lead to the key and the places that they name?"""

from pathlib import Path

import pytest

from api import transparency
from api.settings import Settings
from eventlog.transparency.note import COSIGNATURE, InvalidKey, Signer
from eventlog.transparency.signing_key import NoSigningKey

WITNESS = str(Signer.make("witness.example/w1", COSIGNATURE).verifier)


@pytest.fixture
def settings(monkeypatch, tmp_path):
    """Settings of an installation with the embedded server, and what is named beside."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("ALONGSIDE_HOME", str(tmp_path))

    def made(**named):
        for name, value in named.items():
            monkeypatch.setenv(f"ALONGSIDE_{name.upper()}", value)
        return Settings()

    return made


def test_the_embedded_server_has_a_key_made_on_first_use(settings, tmp_path):
    made = transparency.signing_key(settings())
    assert transparency.signing_key(settings()).secret() == made.secret()
    assert (tmp_path / "signing.key").stat().st_mode & 0o777 == 0o600


def test_a_new_key_bears_the_name_that_is_set(settings):
    assert transparency.signing_key(settings(origin="log.example/support")).name == "log.example/support"


def test_another_server_needs_a_key_that_somebody_made_for_it(settings, monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example.org/alongside")
    with pytest.raises(NoSigningKey, match="ALONGSIDE_SIGNING_KEY"):
        transparency.signing_key(settings())
    here = str(tmp_path / "key")
    with pytest.raises(NoSigningKey, match="no signing key"):
        transparency.signing_key(settings(signing_key=here))
    made = transparency.new_signing_key(settings())
    assert transparency.signing_key(settings()).secret() == made.secret() == Path(here).read_text().strip()


def test_witnesses_are_read_from_one_line(settings):
    line = f" https://one.example {WITNESS}, http://two.example/w/ {WITNESS},"
    assert [each.url for each in transparency.witnesses(settings(witness=line))] == [
        "https://one.example",
        "http://two.example/w/",
    ]
    assert transparency.witnesses(settings(witness="")) == []


@pytest.mark.parametrize(
    "line",
    ["https://one.example", f"ftp://one.example {WITNESS}", f"a b {WITNESS}"],
    ids=["no key", "no web address", "three words"],
)
def test_a_witness_without_its_key_or_address_is_not_guessed(settings, line):
    with pytest.raises(InvalidKey, match="ALONGSIDE_WITNESS"):
        transparency.witnesses(settings(witness=line))
