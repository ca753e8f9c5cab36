"""The keys of people: one each, wrapped by a master key, in a database of their own. Erasing destroys a key."""

from eventlog.keys.master import InvalidMasterKeys, MasterKeys
from eventlog.keys.vault import KeyLost, KeyVault, destroy

__all__ = ["InvalidMasterKeys", "KeyLost", "KeyVault", "MasterKeys", "destroy"]
