"""What do followers of a log see while many write to it?"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from threading import Event
from typing import Final

Append = Callable[[], int]
"""Store one event and give its position."""

Read = Callable[[int], Sequence[int]]
"""Give positions after a position, in order; none if there are no more for now."""

_POLL_S: Final = 0.002


@dataclass(frozen=True)
class Size:
    """How many threads write and follow, and how many events are written in all."""

    writers: int
    events: int
    followers: int


@dataclass(frozen=True)
class Watched:
    """How many events were acknowledged; how often, over all followers, one was missed, seen twice or out of order."""

    written: int
    missed: int
    doubled: int
    disordered: int


def watch(append: Append, read: Read, size: Size, *, after: int = 0) -> Watched:
    """Share the events among writers while followers, who begin after a position, read along to the end."""
    written = Event()
    shares = [size.events // size.writers + (index < size.events % size.writers) for index in range(size.writers)]
    with ThreadPoolExecutor(size.writers + size.followers) as executor:
        following = [executor.submit(_follow, read, after, written) for _ in range(size.followers)]
        try:
            writing = [executor.submit(lambda share: [append() for _ in range(share)], share) for share in shares]
            acknowledged = {position for writer in writing for position in writer.result()}
        finally:
            written.set()
        seen = [follower.result() for follower in following]
    return Watched(
        written=len(acknowledged),
        missed=sum(len(acknowledged.difference(positions)) for positions in seen),
        doubled=sum(len(positions) - len(set(positions)) for positions in seen),
        disordered=sum(later < earlier for positions in seen for earlier, later in pairwise(positions)),
    )


def _follow(read: Read, after: int, written: Event) -> list[int]:
    """Read until a look that began after the last write finds nothing more."""
    seen: list[int] = []
    while True:
        is_last = written.is_set()
        found = read(after)
        if found:
            seen += found
            after = found[-1]
        elif is_last:
            return seen
        else:
            written.wait(_POLL_S)
