"""What keeps the step short that readers take to be up to date: a thread that follows the log all the time."""

import logging
from collections.abc import Callable, Sequence
from threading import Event, Thread
from typing import Final, Self

from domain.log import Log
from projections.projector import Projector
from projections.stopping import name_of

POLL_S: Final = 1.0
SHORTEST_PAUSE_S: Final = 0.1
LONGEST_PAUSE_S: Final = 5.0
PATIENCE_S: Final = 10.0

Work = Callable[[], object]
"""Something to do whenever the log may have grown. It decides itself whether there is anything to do."""

logger = logging.getLogger(__name__)


class Follower:
    """Brings the read models up to date whenever the log grows, for as long as the block lasts.

    Hearing of an append is a hint; the log is looked at every `poll_s` seconds in any case. A lost connection or server
    ends nothing: the thread tries again, after pauses of up to 5 seconds. `also` is done each time after the read
    models are up to date. What fails is reported by the type of the failure, and the rest goes on.
    """

    def __init__(self, projector: Projector, log: Log, *, also: Sequence[Work] = (), poll_s: float = POLL_S) -> None:
        self._projector, self._log, self._poll_s = projector, log, poll_s
        self._also = tuple(also)
        self._failures: dict[Work, str] = {}
        self._position = 0
        self._leaving = Event()
        self._thread = Thread(target=self._run, name="follower", daemon=True)

    def __enter__(self) -> Self:
        """Begin to follow."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop following; what is under way ends with its batch."""
        self._leaving.set()
        self._thread.join(PATIENCE_S)

    def _run(self) -> None:
        pause_s = SHORTEST_PAUSE_S
        while not self._leaving.is_set():
            has_caught_up = self._succeeds(self._catch_up)
            for work in self._also:
                self._succeeds(work)
            if has_caught_up and self._succeeds(self._wait):
                pause_s = SHORTEST_PAUSE_S
            else:
                self._leaving.wait(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    def _catch_up(self) -> None:
        self._position = self._projector.catch_up(self._leaving.is_set).position

    def _wait(self) -> None:
        if not self._leaving.is_set():
            self._log.wait(self._position, self._poll_s)

    def _succeeds(self, work: Work) -> bool:
        """Do a piece of work; report its failure once, until it succeeds or fails in another way."""
        name = getattr(work, "__name__", type(work).__name__)
        try:
            work()
        except Exception as error:  # noqa: BLE001 - whatever it is, the thread lives on
            failure = name_of(error)
            if self._failures.get(work) != failure:
                logger.error("following the log failed in %s: %s", name, failure)  # noqa: TRY400 - a message may tell
            self._failures[work] = failure
            return False
        if self._failures.pop(work, None) is not None:
            logger.info("following the log goes on in %s", name)
        return True
