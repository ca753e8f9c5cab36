"""Does it matter how often a command arrives, and how late it arrives again?

A sender waits for the answer to a command before it sends the next, so the first copies keep their order. Any further
copy may come at any time after its first, also after later commands. Every command here is one that is accepted in its
turn: one that is refused, or has nothing to change, leaves nothing behind, its key neither, and is decided anew.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any, Final
from uuid import NAMESPACE_OID, UUID, uuid5

from api.checks.check import Check, Result
from api.checks.people import AT, BY, register_mentors
from api.checks.scratch import scratch_service
from api.once import Change, command_for
from domain.application import Alongside
from domain.consent import ConsentLedger, Method
from domain.errors import DomainError
from domain.events import Event
from domain.identity import ledger_id, mentor_id
from domain.mentor import Mentor
from domain.purposes import Purpose
from domain.values import WeeklyWindow

SEED: Final = 1
FULL_SEQUENCES: Final = 5_000
SMALL_SEQUENCES: Final = 25
CONTROL_SEQUENCES: Final = 25
COMMANDS: Final = 6
MOST_COPIES: Final = 5

_SENDERS: Final = 4
_PURPOSES: Final = tuple(Purpose)[:3]

History = tuple[tuple[int, Event], ...]


@dataclass(frozen=True)
class Order:
    """A command at its place in a sequence: the kind of thing that it changes, and the use case with its arguments."""

    place: int
    kind: type[Mentor | ConsentLedger]
    use_case: Callable[..., Mentor | ConsentLedger]
    arguments: tuple[Any, ...]


@dataclass(frozen=True)
class Delivery:
    """A person, and what is sent about them, copies and all, in the order in which it arrives."""

    person: UUID
    arriving: Sequence[Order]

    @property
    def once(self) -> "Delivery":
        """The same without the copies."""
        return Delivery(self.person, sorted(set(self.arriving), key=lambda order: order.place))


def run(server_url: str, full: bool) -> Result:  # noqa: FBT001 - the registry calls it by position
    """Deliver sequences of commands once and many times, and compare what stands in the log."""
    deliveries = [_delivery(number) for number in range(FULL_SEQUENCES if full else SMALL_SEQUENCES)]
    expected = _histories(server_url, [delivery.once for delivery in deliveries], keyed=True)
    assert all(_asked_for(history) == 1 + COMMANDS for history in expected), "every command is accepted in its turn"
    differing = _differing(expected, _histories(server_url, deliveries, keyed=True))
    control = deliveries[:CONTROL_SEQUENCES]
    caught = _differing(expected, _histories(server_url, control, keyed=False))
    arrived = sum(len(delivery.arriving) for delivery in deliveries)
    return Result(
        figure=f"{len(deliveries):,} sequences of {COMMANDS} commands, each command delivered 1 to {MOST_COPIES} times "
        f"(seed {SEED}): after {arrived:,} deliveries, {differing:,} histories differ from those of one delivery each",
        kept=differing == 0,
        control=f"without keys, {caught:,} of {len(control):,} differ",
        control_caught=caught > 0,
    )


def _delivery(number: int) -> Delivery:
    """Draw a sequence and its copies: a copy comes at any time after the first of its kind."""
    random = Random(f"{SEED}:{number}")  # noqa: S311 - a test's luck
    times = [
        (time, order)
        for order in _orders(random)
        for time in (
            order.place,
            *(random.uniform(order.place, COMMANDS) for _ in range(random.randrange(MOST_COPIES))),
        )
    ]
    times.sort(key=lambda timed: timed[0])
    return Delivery(uuid5(NAMESPACE_OID, f"{SEED}:{number}"), [order for _, order in times])


def _orders(random: Random) -> Iterator[Order]:
    """Draw commands that are accepted one after another."""
    capacity, given = 1, set[Purpose]()
    for place in range(COMMANDS):
        purpose = random.choice(_PURPOSES)
        match random.randrange(4):
            case 0:
                capacity = random.choice([other for other in range(1, 9) if other != capacity])
                yield Order(place, Mentor, Alongside.change_capacity, (capacity,))
            case 1:
                window = WeeklyWindow(place, 9 * 60, 9 * 60 + random.randint(1, 600))
                yield Order(place, Mentor, Alongside.change_availability, ((window,),))
            case 2 if purpose in given:
                given.remove(purpose)
                yield Order(place, ConsentLedger, random.choice([Alongside.refuse, Alongside.withdraw]), (purpose,))
            case _:
                given.add(purpose)
                yield Order(place, ConsentLedger, Alongside.grant, (purpose,))


def _histories(server_url: str, deliveries: Sequence[Delivery], *, keyed: bool) -> list[History]:
    """Deliver everything to a service of its own, and give what each person's streams then hold."""
    with (
        scratch_service(server_url, connections=_SENDERS) as service,
        ThreadPoolExecutor(_SENDERS, thread_name_prefix="sender") as executor,
    ):
        alongside = service.alongside
        register_mentors(alongside, [delivery.person for delivery in deliveries])
        deliver = partial(_deliver, alongside, keyed=keyed)
        list(executor.map(deliver, deliveries))
        return [_history(alongside, delivery.person) for delivery in deliveries]


def _deliver(alongside: Alongside, delivery: Delivery, *, keyed: bool) -> None:
    for order in delivery.arriving:
        command = None
        if keyed:
            body = repr(order.arguments).encode()
            key = f"{delivery.person}:{order.place}"
            command = command_for(delivery.person, BY, key, "PUT", order.use_case.__name__, body)
        change = Change(alongside, AT + timedelta(seconds=order.place), BY, None, command)
        with suppress(DomainError):  # as it may, without keys, when it comes again
            change.make(order.kind, _bound(alongside, delivery.person, order))


def _bound(alongside: Alongside, person: UUID, order: Order) -> Callable[..., Mentor | ConsentLedger]:
    if order.kind is Mentor:
        return partial(order.use_case, alongside, mentor_id(person), *order.arguments)
    return partial(order.use_case, alongside, person, *order.arguments, method=Method.WEB)


def _history(alongside: Alongside, person: UUID) -> History:
    streams = (alongside.log.stream(stream) for stream in (mentor_id(person), ledger_id(person)))
    return tuple((entry.version, entry.event) for stream in streams for entry in stream)


def _asked_for(history: History) -> int:
    """Count the events that were asked for, without those that only follow from them."""
    return sum(not isinstance(event, Mentor.Withheld | Mentor.ProfileRevised) for _, event in history)


def _differing(expected: Sequence[History], found: Sequence[History]) -> int:
    return sum(one != other for one, other in zip(expected, found, strict=False))


CHECK: Final = Check("redeliver", "A command that arrives again, however late, changes nothing more.", run)
