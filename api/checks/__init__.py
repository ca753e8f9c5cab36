"""Does this installation keep its promises? Each check tries one, on a database of its own that is dropped after."""

from typing import Final

from api.checks import db_roles, gaps, migrate, race_slot, race_withdraw, restore
from api.checks.check import Check, Result

__all__ = ["CHECKS", "Check", "Result"]

CHECKS: Final[dict[str, Check]] = {
    check.name: check
    for check in (race_slot.CHECK, race_withdraw.CHECK, gaps.CHECK, db_roles.CHECK, restore.CHECK, migrate.CHECK)
}
