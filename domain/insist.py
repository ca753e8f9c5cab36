"""Doing a thing again when somebody else acted in between."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from domain.errors import ChangedMeanwhile

R = TypeVar("R")


def insist(act: Callable[[], R], *, attempts: int) -> R:
    """Do a thing, each time from reading on, until nobody else's append comes between its reading and its saving.

    This is for acts that do not depend on what somebody read before they asked: what a person says of their own
    consents, a round over whoever is there. A decision on a version is refused instead. Each attempt that fails means
    that another append went through. Raises `ChangedMeanwhile` if that happens in every one of `attempts` (at least 1).
    """
    for _ in range(attempts - 1):
        with suppress(ChangedMeanwhile):
            return act()
    return act()
