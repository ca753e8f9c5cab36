"""Carrying the databases away and back: dumps by PostgreSQL's own programs, each with a manifest that proves it."""

from api.backup.making import back_up
from api.backup.manifest import BackupDamaged, verify
from api.backup.refused import BackupRefused, explained
from api.backup.restoring import prove, restore

__all__ = ["BackupDamaged", "BackupRefused", "back_up", "explained", "prove", "restore", "verify"]
