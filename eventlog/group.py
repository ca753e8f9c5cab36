"""Group commit: appends that are asked for at the same time go to the database together."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Event, Lock
from typing import Final
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from domain.events import Answer, Command
from domain.log import LogUnavailable

MOST_EVENTS: Final = 1_000
MOST_BYTES: Final = 4_000_000
GATHER_SHARE: Final = 0.25

NOT_KNOWN: Final = "The connection to the log was lost, and whether the append was stored is not known."


@dataclass(frozen=True)
class Append:
    """What one caller asks to have stored, all or nothing; `event_ids` are random and tell its rows from all others."""

    events: Sequence[StoredEvent]
    event_ids: Sequence[UUID]
    done: tuple[Command, Answer] | None = None

    @cached_property
    def claims(self) -> frozenset[UUID | str]:
        """The streams it goes on with and the command's key: what no two appends of a group may share."""
        streams: frozenset[UUID | str] = frozenset(event.originator_id for event in self.events)
        return streams if self.done is None else streams | {self.done[0].key}

    @cached_property
    def bytes(self) -> int:
        """The length of what is stored, without its keys and indexes."""
        return sum(len(event.state) for event in self.events)


Outcome = range | Exception
"""The positions that an append was given, or what its caller is to hear instead."""

Decide = Callable[[Sequence[Append]], Sequence[Outcome]]
"""Store those appends of a group that can be, and say of each what came of it."""


@dataclass(eq=False)
class _Waiting:
    """A caller whose append is not decided yet; `turn` is let go when it is, or when the caller is to lead."""

    append: Append
    leads: bool = False
    outcome: Outcome | None = None
    turn: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.turn.acquire()


class GroupCommit:
    """Lets one of the callers at a time, the leader, take along what has come while the last group was under way.

    A caller who is alone leads at once and waits for nobody. Where there were several a moment ago, the leader lets
    those come along who were just served, for at most a quarter of what the last group took: without that, one group of
    a few and one of the others would take turns, each with a commit of its own.

    Two appends to the same stream, or with the same command, do not go in one group: the later one stays for the next,
    so that both come out as if one had come after the other.
    """

    def __init__(self, decide: Decide) -> None:
        self._decide = decide
        self._mutex = Lock()
        self._queue: deque[_Waiting] = deque()
        self._is_led = False
        self._callers = 1  # when the last group ended
        self._gather_until = 0.0
        self._all_came = Event()

    def submit(self, append: Append) -> range:
        """Have an append decided; give its positions or raise what came of it."""
        mine = _Waiting(append)
        with self._mutex:
            self._queue.append(mine)
            mine.leads, self._is_led = not self._is_led, True
            if len(self._queue) >= self._callers:
                self._all_came.set()
        try:
            if not mine.leads:
                mine.turn.acquire()
            if mine.outcome is None:
                self._let_others_come()
        except BaseException:  # an interrupt: nobody must wait for one who has left
            self._leave(mine)
            raise
        if mine.outcome is None:
            self._lead()
        assert mine.outcome is not None, "a leader's own append is the first of its group"
        if isinstance(mine.outcome, Exception):
            raise mine.outcome
        return mine.outcome

    def _let_others_come(self) -> None:
        left_s = self._gather_until - time.monotonic()
        if left_s > 0 and len(self._queue) < self._callers:
            self._all_came.wait(left_s)

    def _leave(self, mine: _Waiting) -> None:
        with self._mutex:
            if mine in self._queue:
                self._queue.remove(mine)
        if mine.leads:
            self._hand_on()

    def _lead(self) -> None:
        began = time.monotonic()
        with self._mutex:
            group = self._next_group()
        outcomes: Sequence[Outcome] = [LogUnavailable(NOT_KNOWN) for _ in group]
        try:
            outcomes = self._decide([member.append for member in group])
        finally:
            for member, outcome in zip(group, outcomes, strict=True):
                member.outcome = outcome
                member.turn.release()
            ended = time.monotonic()
            self._gather_until = ended + (ended - began) * GATHER_SHARE
            self._hand_on(served=len(group))

    def _hand_on(self, served: int = 0) -> None:
        """Let the caller who has waited longest lead."""
        with self._mutex:
            self._callers = max(1, served + len(self._queue))
            self._all_came.clear()
            self._is_led = bool(self._queue)
            if self._is_led:
                self._queue[0].leads = True
                self._queue[0].turn.release()

    def _next_group(self) -> list[_Waiting]:
        """Take from the queue, in order, what can go together; the first always goes, however large it is."""
        if len(self._queue) == 1:
            return [self._queue.popleft()]
        group: list[_Waiting] = []
        kept: list[_Waiting] = []
        claimed: set[UUID | str] = set()
        events = size = 0
        while self._queue:
            append = self._queue[0].append
            events, size = events + len(append.events), size + append.bytes
            if group and (events > MOST_EVENTS or size > MOST_BYTES):
                break
            (group if claimed.isdisjoint(append.claims) else kept).append(self._queue.popleft())
            claimed |= append.claims
        self._queue.extendleft(reversed(kept))
        return group
