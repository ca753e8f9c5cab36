"""Does this installation keep its promises? Each check tries one, on a database of its own that is dropped after."""

from typing import Final

from api.checks import gaps, merkle, race_slot, race_withdraw, tamper, verify_speed
from api.checks.check import Check, Result

__all__ = ["CHECKS", "Check", "Result"]

_MODULES: Final = (race_slot, race_withdraw, gaps, merkle, tamper, verify_speed)

CHECKS: Final[dict[str, Check]] = {module.CHECK.name: module.CHECK for module in _MODULES}
