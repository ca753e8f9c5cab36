"""Does this installation keep its promises? Each check tries one, on a database of its own that is dropped after."""

from typing import Final

from api.checks import (
    arrivals,
    blocks,
    clock,
    consent_oracle,
    cut,
    db_roles,
    disk_full,
    export,
    gaps,
    kill_app,
    kill_db,
    kill_projector,
    merkle,
    migrate,
    notices,
    race_slot,
    race_withdraw,
    redeliver,
    replay,
    restore,
    shred,
    standing,
    tamper,
    verify_speed,
    why,
    withdraw_effects,
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
    why,
    withdraw_effects,
    replay,
    restore,
    shred,
    migrate,
    notices,
    standing,
    blocks,
    consent_oracle,
    export,
    arrivals,
)

CHECKS: Final[dict[str, Check]] = {module.CHECK.name: module.CHECK for module in _MODULES}
