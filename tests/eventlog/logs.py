"""What tests of logs append, and how they let several append at once."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier
from typing import Any, TypeVar
from uuid import UUID

from domain.events import Entry
from domain.mentor import Mentor

AT = datetime(2026, 3, 2, tzinfo=UTC)

T = TypeVar("T")


def entry(stream: UUID, version: int, *, until: date | None = None) -> Entry:
    return Entry(stream=stream, version=version, event=Mentor.Paused(until=until, at=AT, by="somebody"))


def at_once(calls: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Call all of these at the same time; give what each gave or raised."""
    barrier = Barrier(len(calls))

    def attempt(call: Callable[[], Any]) -> Any:
        barrier.wait(30)
        try:
            return call()
        except Exception as error:  # noqa: BLE001
            return error

    with ThreadPoolExecutor(len(calls)) as executor:
        return list(executor.map(attempt, calls))
