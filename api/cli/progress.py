"""How far has a long command come? One line that moves on a terminal, lines now and then where there is none."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final

from rich.console import Console
from rich.progress import Progress

from api.cli.output import say

BETWEEN_LINES_S: Final = 5.0

Tell = Callable[[int, int], None]
"""Told how much is done, and of how much."""


@contextmanager
def progress(what: str, *, clock: Callable[[], float] = monotonic) -> Iterator[Tell]:
    """Lend a function that shows progress on standard error. What takes less than 5 seconds is passed over in lines."""
    if sys.stderr.isatty():
        with Progress(console=Console(stderr=True), transient=True) as line:
            task = line.add_task(what, total=None)
            yield lambda done, total: line.update(task, completed=done, total=total)
        return
    said_at = clock()

    def tell(done: int, total: int) -> None:
        nonlocal said_at
        if clock() - said_at >= BETWEEN_LINES_S:
            said_at = clock()
            say(f"{what}: {done:,} of {total:,}")

    yield tell
