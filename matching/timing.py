"""How long does each phase take, and is there time for more?"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

Onward = Callable[[str, int, int], bool]
"""Told what is being done, how much of it is, and of how much; says whether there is time for more."""


def at_leisure(_what: str, _done: int, _total: int) -> bool:
    """Never run out of time."""
    return True


@dataclass(slots=True)
class Timing:
    """Seconds by phase; a phase that comes again adds to its own. Once there was no more time, `is_over` says so."""

    ask: Onward = at_leisure
    seconds: dict[str, float] = field(default_factory=dict)
    is_over: bool = False

    def onward(self, what: str, done: int, total: int) -> bool:
        """Say whether there is time for more."""
        self.is_over = self.is_over or not self.ask(what, done, total)
        return not self.is_over

    @contextmanager
    def of(self, phase: str) -> Iterator[None]:
        """Time a phase."""
        start = perf_counter()
        yield
        self.seconds[phase] = self.seconds.get(phase, 0.0) + perf_counter() - start
