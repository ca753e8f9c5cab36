"""Does this installation keep its promises? Each check tries one, on a database of its own that is dropped after."""

from typing import Final

from api.checks import (
    clock,
    db_roles,
    disk_full,
    gaps,
    kill_app,
    kill_db,
    migrate,
    race_slot,
    race_withdraw,
    redeliver,
    restore,
)
from api.checks.check import Check, Result

__all__ = ["CHECKS", "Check", "Result"]

CHECKS: Final[dict[str, Check]] = {
    check.name: check
    for check in (
        race_slot.CHECK,
        race_withdraw.CHECK,
        gaps.CHECK,
        kill_db.CHECK,
        kill_app.CHECK,
        disk_full.CHECK,
        redeliver.CHECK,
        clock.CHECK,
        db_roles.CHECK,
        restore.CHECK,
        migrate.CHECK,
    )
}
