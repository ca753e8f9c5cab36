"""Does a command's key stand for one account's request, and tell nobody whose?"""

from uuid import UUID

from api.once import command_for

PROGRAMME = UUID(int=7)


def key_of(account: str, key: str) -> str:
    return command_for(PROGRAMME, account, key, "PUT", "/api/matches", b"").key


def test_keys_of_different_accounts_never_meet() -> None:
    assert len({key_of("ada", "b:c"), key_of("ada:b", "c"), key_of("ada:b:c", "1"), key_of("ada", "1")}) == 4


def test_neither_account_nor_key_can_be_read_in_what_is_stored() -> None:
    stored = key_of("Plum Raven", "for Maria")
    assert not any(word in stored for word in ("Plum", "Raven", "Maria", str(PROGRAMME)))
