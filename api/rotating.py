"""Replacing the master key: what the old one wrapped, in any backup or file, opens no more."""

from pathlib import Path

from api.databases import Databases
from api.safe import read, replace
from eventlog.keys import KeyVault, MasterKeys
from eventlog.schema import Role


def rotate(databases: Databases, file: Path) -> int:
    """Put a new master key in a file's place and wrap every person's key under it; give how many there are.

    Interrupted, it leaves both keys in the file, and can be done again.
    """
    new = read(file).rotated()
    replace(file, new)
    changed = rewrap(databases, new)
    replace(file, new.only_first())
    return changed


def rewrap(databases: Databases, masters: MasterKeys) -> int:
    """Wrap every person's key under the first of these; give how many were wrapped under another."""
    engine = databases.engine(Role.KEY_KEEPER, connections=1)
    try:
        return KeyVault(engine, lambda: masters).rewrap()
    finally:
        engine.dispose()
