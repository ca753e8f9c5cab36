"""The tables that are not disposable, the roles that may touch them, and the migrations that carry both over."""

from eventlog.schema.migrating import SchemaBehind, downgrade, migrate, must_be_current
from eventlog.schema.places import KEYS_PLACE, LOG_PLACE, Place
from eventlog.schema.roles import Role, admit

__all__ = [
    "KEYS_PLACE",
    "LOG_PLACE",
    "Place",
    "Role",
    "SchemaBehind",
    "admit",
    "downgrade",
    "migrate",
    "must_be_current",
]
