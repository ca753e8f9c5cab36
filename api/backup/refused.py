"""Why is there no backup, or nothing restored? In one sentence that is safe to show."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from sqlalchemy.exc import DBAPIError


class BackupRefused(Exception):
    """Nothing was backed up or restored; the message says why."""


_TELLING: Final = (
    ("password", "The database did not accept the password for {user}."),
    ("does not exist", "The database that the settings name, or the role {user}, is not there."),
    ("permission denied", "The role {user} may not do this: {reason}."),
    ("must be ", "The role {user} may not do this: {reason}."),
)


@contextmanager
def explained(user: str) -> Iterator[None]:
    """Turn what the database says to this user into a sentence."""
    try:
        yield
    except psycopg.Error as error:
        raise BackupRefused(sentence(str(error), user)) from error
    except DBAPIError as error:
        raise BackupRefused(sentence(str(error.orig), user)) from error


def sentence(said: str, user: str) -> str:
    """Give a sentence for what the database, or one of its programs, said to this user."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    for words, explanation in _TELLING:
        for line in lines:
            if words in line:
                return explanation.format(user=user, reason=_reason(line))
    return f"The database said to {user}: {_reason(lines[0] if lines else 'nothing')}."


def _reason(line: str) -> str:
    _, _, reason = line.rpartition("ERROR:")
    _, _, reason = reason.rpartition("FATAL:")
    return reason.strip().rstrip(".")
