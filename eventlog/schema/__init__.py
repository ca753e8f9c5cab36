"""The tables that are not disposable, the roles that may touch them, and the migrations that carry both over."""

from eventlog.schema.migrating import SchemaBehind, SchemaBusy, downgrade, migrate, must_be_current, prepare
from eventlog.schema.places import KEYS_PLACE, LOG_PLACE, Place
from eventlog.schema.roles import Role, act_as_owner, admit

__all__ = [
    "KEYS_PLACE",
    "LOG_PLACE",
    "Place",
    "Role",
    "SchemaBehind",
    "SchemaBusy",
    "act_as_owner",
    "admit",
    "downgrade",
    "migrate",
    "must_be_current",
    "prepare",
]
