"""The keys of people in their own database."""

import hashlib
import secrets
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from time import monotonic
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from domain.errors import PersonErased
from domain.log import LogUnavailable
from eventlog.keys.master import KEY_BYTES, MasterKeys

REMEMBERED_S: Final = 60.0
MOST_REMEMBERED: Final = 100_000

_FIND: Final = text("SELECT subject_id, master, wrapped FROM keys.subject_keys WHERE subject_id = ANY(:persons)")
_ADD: Final = text(
    "INSERT INTO keys.subject_keys (subject_id, master, wrapped) "
    "SELECT * FROM unnest(CAST(:persons AS uuid[]), CAST(:masters AS text[]), CAST(:wrapped AS bytea[])) "
    "ON CONFLICT DO NOTHING"
)
# A person without a key is noted too, so that they get none later.
_ERASE: Final = text(
    "INSERT INTO keys.subject_keys AS k (subject_id, erased_at) SELECT unnest(CAST(:persons AS uuid[])), :at "
    "ON CONFLICT (subject_id) DO UPDATE SET master = NULL, wrapped = NULL, erased_at = :at WHERE k.erased_at IS NULL "
    "RETURNING subject_id"
)
# Whoever makes keys shares the lock, whoever retires a master key takes it alone: none is made under a retired one.
_SHARE: Final = text("SELECT pg_advisory_xact_lock_shared(hashtext('alongside.masters'))")
_TAKE: Final = text("SELECT pg_advisory_xact_lock(hashtext('alongside.masters'))")
_IS_RETIRED: Final = text("SELECT EXISTS (SELECT 1 FROM keys.retired_masters WHERE name = :name)")
_IS_STRANGE: Final = text("SELECT EXISTS (SELECT 1 FROM keys.subject_keys WHERE master <> ALL(CAST(:names AS text[])))")
_RETIRE: Final = text(
    "INSERT INTO keys.retired_masters (name) SELECT unnest(CAST(:names AS text[])) ON CONFLICT DO NOTHING"
)
_ERASED: Final = text(
    "SELECT subject_id FROM keys.subject_keys WHERE subject_id = ANY(:persons) AND erased_at IS NOT NULL"
)
_OTHERS: Final = text(
    "SELECT subject_id, master, wrapped FROM keys.subject_keys WHERE master <> :first ORDER BY subject_id LIMIT 1000 "
    "FOR UPDATE"
)
_REWRAP: Final = text(
    "UPDATE keys.subject_keys SET master = :first, wrapped = :wrapped "
    "WHERE subject_id = :person AND wrapped IS NOT NULL"
)


class KeyLost(Exception):
    """A person's key is not where it should be, or does not open: the keys are older than the log, or not its own."""


class KeyVault:
    """Gives people's keys and destroys them.

    Keys are remembered for a minute: so long may another process go on reading what it had read, and no longer.
    """

    def __init__(
        self, engine: Engine, masters: Callable[[], MasterKeys], *, clock: Callable[[], float] = monotonic
    ) -> None:
        """`masters` reads the master keys; it is asked again when they turn out to have been changed."""
        self._engine, self._read_masters, self._clock = engine, masters, clock
        self._masters = masters()
        self._known: MasterKeys | None = None  # those that were found to wrap the keys that there are
        self._remembered: dict[UUID, tuple[AESGCM, float]] = {}
        self._forgotten = 0
        self._lock = threading.Lock()

    def find(self, persons: Collection[UUID]) -> Mapping[UUID, AESGCM | None]:
        """Give the keys of people, None for those who were erased. Raises `KeyLost` for one that never had any."""
        found = self._recall(persons)
        missing = [person for person in persons if person not in found]
        if missing:
            stored = self._ask(missing)
            if len(stored) < len(set(missing)):
                raise KeyLost("A person's key is missing: the keys' database is older than the log, or another one.")
            found.update(stored)
        return found

    def find_or_make(self, persons: Collection[UUID]) -> Mapping[UUID, AESGCM]:
        """Give the keys of people, new ones to those who have none. Raises `PersonErased`."""
        found = self._recall(persons)
        missing = {person for person in persons if person not in found}
        if missing:
            stored = self._ask(missing)
            if new := missing - stored.keys():
                self._make(new)
                stored = {**stored, **self._ask(new)}
            found.update(stored)
        keys = {person: key for person, key in found.items() if key is not None}
        if len(keys) < len(found):
            raise PersonErased("This person was erased: nothing more is kept about them.")
        return keys

    def derive(self, subject: UUID, label: str) -> bytes:
        """Give 32 bytes that only the key of a person (or a programme) leads to, for one use named by the label.

        It is AES's output for two blocks that nothing else asks for: the nonce is made from the label, where those of
        messages are random. Raises `PersonErased`.
        """
        nonce = hashlib.sha256(label.encode()).digest()[:12]
        return self.find_or_make([subject])[subject].encrypt(nonce, bytes(32), None)[:32]

    def erased(self, persons: Collection[UUID]) -> set[UUID]:
        """Give those of these people whose key was destroyed."""
        with self._connected() as connection:
            return set(connection.scalars(_ERASED, {"persons": list(persons)}))

    def erase(self, persons: Collection[UUID], *, at: datetime) -> int:
        """Destroy the keys of people for good; give how many were not erased before."""
        with self._connected() as connection:
            erased = destroy(connection, persons, at=at)
        self.forget()
        return erased

    def forget(self) -> None:
        """Read every key anew from here on: another process may have destroyed some of those that are remembered."""
        with self._lock:
            self._forgotten += 1
            self._remembered.clear()

    def rewrap(self) -> int:
        """Retire every master key but the first and wrap every key under that one; give how many changed.

        The others can then be destroyed, and copies of the old rows, in backups or in the server's files, open no more.
        """
        changed = 0
        with self._connected() as connection:
            connection.execute(_TAKE)
            connection.execute(_RETIRE, {"names": list(self._masters.others)})
        while True:
            with self._connected() as connection:
                rows = connection.execute(_OTHERS, {"first": self._masters.first}).all()
                if not rows:
                    return changed
                again = [
                    {"person": row.subject_id, "first": self._masters.first, "wrapped": self._masters.wrap(row[0], key)}
                    for row in rows
                    for key in [self._unwrap(*row)]
                ]
                connection.execute(_REWRAP, again)
                changed += len(rows)

    def _recall(self, persons: Collection[UUID]) -> dict[UUID, AESGCM | None]:
        now = self._clock()
        with self._lock:
            remembered = {person: self._remembered[person] for person in persons if person in self._remembered}
        return {person: key for person, (key, until) in remembered.items() if now < until}

    def _ask(self, persons: Collection[UUID]) -> dict[UUID, AESGCM | None]:
        forgotten = self._forgotten
        with self._connected() as connection:
            rows = connection.execute(_FIND, {"persons": list(persons)}).all()
        found = {row[0]: None if row.wrapped is None else AESGCM(self._unwrap(*row)) for row in rows}
        until = self._clock() + REMEMBERED_S
        with self._lock:
            if len(self._remembered) > MOST_REMEMBERED:
                self._remembered.clear()
            if forgotten == self._forgotten:  # else one of these may have been destroyed since it was read
                self._remembered.update({person: (key, until) for person, key in found.items() if key is not None})
        return found

    def _make(self, persons: Collection[UUID]) -> None:
        with self._connected() as connection:
            connection.execute(_SHARE)
            if self._unfit(connection):
                self._masters = self._read_masters()
                if why := self._unfit(connection):
                    raise KeyLost(why)
            wrapped = [self._masters.wrap(person, secrets.token_bytes(KEY_BYTES)) for person in persons]
            masters = [self._masters.first] * len(wrapped)
            connection.execute(_ADD, {"persons": list(persons), "masters": masters, "wrapped": wrapped})

    def _unfit(self, connection: Connection) -> str | None:
        """Say why no key may be made under these master keys: whoever put the right ones back would lose it."""
        masters = self._masters
        if connection.scalar(_IS_RETIRED, {"name": masters.first}):
            return f"The master key {masters.first} was retired: put the new one first."
        if self._known is not masters and connection.scalar(_IS_STRANGE, {"names": [masters.first, *masters.others]}):
            return "People's keys are wrapped by a master key that is not among those given."
        self._known = masters
        return None

    def _unwrap(self, person: UUID, master: str, wrapped: bytes) -> bytes:
        if master not in self._masters:
            self._masters = self._read_masters()
        try:
            return self._masters.unwrap(person, master, bytes(wrapped))
        except (KeyError, InvalidTag):
            raise KeyLost(
                f"A person's key was wrapped by the master key {master}, which is not among those given."
            ) from None

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except OperationalError as error:
            raise LogUnavailable("The keys' database does not answer.") from error


def destroy(connection: Connection, persons: Collection[UUID], *, at: datetime) -> int:
    """Take away the keys of people and mark that they were erased; give how many were not before.

    This needs no master key, so a restore can do it.
    """
    return len(connection.execute(_ERASE, {"persons": list(persons), "at": at}).all())
