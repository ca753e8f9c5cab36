"""What becomes of requests that come at a steady rate, whatever happens meanwhile to the database?"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from sqlalchemy.exc import DBAPIError

from domain.errors import DomainError
from domain.log import LogUnavailable

DONE, REFUSED, UNAVAILABLE = "done", "refused", "unavailable"

Request = Callable[[], object]

_PATIENCE_S: Final = 60.0


@dataclass(frozen=True)
class Outcome:
    """What one request came to, and how long it took from when it was due, in seconds."""

    said: str
    seconds: float


def send(requests: Sequence[Request], *, per_second: float, threads: int) -> list[Outcome]:
    """Send requests at a steady rate, late ones as soon as a thread is free, and give what became of each.

    A request that the domain refuses was answered. Anything else than an answer or a database that does not answer is
    raised.
    """
    start = time.monotonic()
    with ThreadPoolExecutor(threads) as executor:
        sent: list[Future[Outcome]] = []
        for number, request in enumerate(requests):
            due = start + number / per_second
            time.sleep(max(0.0, due - time.monotonic()))
            sent.append(executor.submit(_one, request, due))
        return [each.result(_PATIENCE_S) for each in sent]


def _one(request: Request, due: float) -> Outcome:
    try:
        request()
        said = DONE
    except DomainError:
        said = REFUSED
    except (LogUnavailable, DBAPIError):
        said = UNAVAILABLE
    return Outcome(said, time.monotonic() - due)
