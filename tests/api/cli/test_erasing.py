"""Can people be erased from the command line, by two people and for good, and is the master key kept as it must be?"""

import json
import sys
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from api.cli import app, main
from api.erasures import ErasureList
from api.safe import Safe
from api.service import assemble
from domain.consent import Ground
from domain.member import Member
from eventlog.keys import KeyLost, MasterKeys
from tests.scenarios import enrolled_member

TODAY = ["--today", "2026-03-02"]


@pytest.fixture(autouse=True)
def key_file(monkeypatch, database_url, master_key, tmp_path):
    """The file of the service's master key."""
    file = tmp_path / "master.key"
    file.write_text(master_key)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.delenv("ALONGSIDE_MASTER_KEY")
    monkeypatch.setenv("ALONGSIDE_MASTER_KEY_FILE", str(file))
    monkeypatch.setenv("ALONGSIDE_ERASURES", str(tmp_path / "erasures.jsonl"))
    monkeypatch.chdir(tmp_path)
    return file


def run(*words):
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def refused(monkeypatch, capsys):
    """Run as people do, and give the one message."""

    def told(*words):
        monkeypatch.setattr(sys, "argv", ["alongside", *words])
        with pytest.raises(SystemExit) as left:
            main()
        assert left.value.code == 1
        said = capsys.readouterr().err
        assert "Traceback" not in said
        return said

    return told


def erase(who, by, *more):
    return "erase", who, "--by", by, "--reason", "objection", *TODAY, *more


def masters_in_use(databases):
    with psycopg.connect(databases.keys) as keys:
        return {name for (name,) in keys.execute("SELECT master FROM keys.subject_keys WHERE wrapped IS NOT NULL")}


def test_two_people_erase_and_one_alone_does_not(service, moment, tmp_path, refused):
    member = enrolled_member(service, moment)

    assert "Nothing is erased until somebody else" in run(*erase("S-1", "Ada"))
    assert json.loads(run(*erase("S-1", "Ada", "--json")))["status"] == "requested"
    assert f"{member.person_id}  objection" in run("erasures", "harbour")
    assert json.loads(run("erasures", "harbour", "--json"))[0]["handles"] == ["Plum Raven 1"]
    assert json.loads(run(*erase("S-1", "Noor", "--json"))) == {
        "person": str(member.person_id),
        "status": "erased",
        "ground": "objection",
    }
    assert "Nobody's erasure waits" in run("erasures", "harbour")
    assert str(member.person_id) in (tmp_path / "erasures.jsonl").read_text()
    assert "was erased" in refused(*erase("S-1", "Noor"))
    assert "Nothing was left undone." in run("finish-erasures")


def test_nobody_is_erased_who_is_not_there_or_for_no_ground(service, moment, refused):
    enrolled_member(service, moment)

    assert "no person" in refused(*erase("S-9", "Ada"))
    assert CliRunner().invoke(app, ["erase", "S-1", "--by", "Ada", "--reason", "whim"]).exit_code == 2
    assert CliRunner().invoke(app, ["erase", "S-1", "--by", "Ada"]).exit_code == 2


def test_an_interrupted_erasure_is_finished(service, moment):
    member = enrolled_member(service, moment)
    service.alongside.request_erasure(member.person_id, Ground.OBJECTION, at=moment.at, by="member")
    service.alongside.erase(member.programme_id, member.person_id, at=moment.at, by="Ada")

    assert "1 erasures finished." in run("finish-erasures")
    assert "Nothing was left undone." in run("finish-erasures")


def test_a_master_key_is_made_once_and_for_its_owner_alone(tmp_path, refused):
    new = tmp_path / "new.key"

    assert "ALONGSIDE_MASTER_KEY_FILE" in run("keys", "create", str(new))
    made = new.read_text()
    assert MasterKeys.parse(made).others == []
    assert new.stat().st_mode & 0o777 == 0o600
    assert "File exists" in refused("keys", "create", str(new))
    assert new.read_text() == made
    assert made not in refused("keys", "create", str(tmp_path / "absent" / "new.key"))


def test_a_replaced_master_key_opens_everything_and_the_old_one_nothing(
    service, databases, moment, key_file, master_key
):
    member = enrolled_member(service, moment)
    old = MasterKeys.parse(master_key)

    told = run("keys", "rotate")
    assert "2 keys are wrapped by the new master key" in told, "the member's, and that of the programme's next draw"
    new = MasterKeys.parse(key_file.read_text())
    assert masters_in_use(databases) == {new.first}
    assert old.first not in new
    assert new.others == []
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert "S-1  soon" in run("waiting", "harbour")
    with pytest.raises(KeyLost):
        _read_anew(databases, old, member)
    assert _read_anew(databases, new, member) == "Plum Raven 1"


def _read_anew(databases, masters, member):
    safe = Safe(lambda: masters, ErasureList(Path("nowhere")))
    fresh = assemble(databases, safe, connections=2, second_clock=False)
    try:
        return fresh.alongside.load(Member, member.id).profile.handle
    finally:
        fresh.close()


def test_a_rotation_that_was_interrupted_is_done_again(service, databases, moment, key_file, master_key):
    enrolled_member(service, moment)
    key_file.write_text(MasterKeys.parse(master_key).rotated().text())

    run("keys", "rotate")
    assert masters_in_use(databases) == {MasterKeys.parse(key_file.read_text()).first}


def test_keys_that_are_not_in_a_file_are_wrapped_anew_by_hand(
    service, databases, moment, monkeypatch, master_key, refused
):
    enrolled_member(service, moment)
    both = MasterKeys.parse(master_key).rotated()
    monkeypatch.setenv("ALONGSIDE_MASTER_KEY", both.text())

    assert "alongside keys rewrap" in refused("keys", "rotate")
    assert "2 keys were wrapped anew" in run("keys", "rewrap")
    assert masters_in_use(databases) == {both.first}
    assert "0 keys were wrapped anew" in run("keys", "rewrap")


def test_a_wrong_or_damaged_master_key_is_told_and_never_shown(service, databases, moment, key_file, refused):
    enrolled_member(service, moment)
    before = masters_in_use(databases)
    other = MasterKeys.random()
    key_file.write_text(other.text())

    assert "is not among those given" in refused("keys", "rewrap")
    assert masters_in_use(databases) == before
    key_file.write_text("c2VjcmV0")
    for command in (("keys", "rewrap"), ("keys", "rotate"), ("waiting", "harbour")):
        said = refused(*command)
        assert "32 bytes in base64" in said
        assert "c2VjcmV0" not in said
    key_file.unlink()
    assert "No such file" in refused("keys", "rotate")
