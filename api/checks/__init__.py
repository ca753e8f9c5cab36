"""Does this installation keep its promises? Each check tries one, on a database of its own that is dropped after."""

from typing import Final

from api.checks import (
    clock,
    cut,
    db_roles,
    disk_full,
    gaps,
    kill_app,
    kill_db,
    kill_projector,
    merkle,
    migrate,
    race_slot,
    race_withdraw,
    redeliver,
    restore,
    shred,
    tamper,
    verify_speed,
)
from api.checks.check import Check, Result

__all__ = ["CHECKS", "Check", "Result"]

_MODULES: Final = (
    race_slot,
    race_withdraw,
    gaps,
    cut,
    kill_db,
    kill_projector,
    kill_app,
    disk_full,
    redeliver,
    clock,
    db_roles,
    merkle,
    tamper,
    verify_speed,
    restore,
    shred,
    migrate,
)

CHECKS: Final[dict[str, Check]] = {module.CHECK.name: module.CHECK for module in _MODULES}
