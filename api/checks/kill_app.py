"""Can a command get lost, or be done twice, when the service is killed in the middle of it?"""

from collections import deque
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from random import Random
from typing import Final

from api.checks.check import Check, Result
from api.checks.clients import Client, Desk, Habit, at_work, enlist, look_up
from api.checks.scratch import scratch_databases, service_on
from api.checks.serving import serving
from api.databases import Databases

SEED: Final = 1


@dataclass(frozen=True)
class Size:
    """How often the service is killed, and how many clients there are with keys and without."""

    kills: int
    keyed: int
    keyless: int


FULL: Final = Size(kills=300, keyed=6, keyless=2)
SMALL: Final = Size(kills=2, keyed=4, keyless=4)
MOST_ROUNDS: Final = 4

_COMMANDS_A_LIFE: Final = (5, 40)
# As many start while one serves: starting takes longer than a life.
_STARTING: Final = 2


def run(server_url: str, full: bool) -> Result:  # noqa: FBT001 - the registry calls it by position
    """Kill one process after another while clients send commands; each goes on with the process that serves next."""
    size = FULL if full else SMALL
    random = Random(SEED)  # noqa: S311 - it chooses when to kill
    habits = [Habit.SAME_KEY] * size.keyed + [Habit.NO_KEY] * size.keyless
    with scratch_databases(server_url) as databases, service_on(databases, connections=2) as service:
        clients = enlist(service.alongside, habits)
        keyed, keyless = clients[: size.keyed], clients[size.keyed :]
        kills = 0
        while kills == 0 or (not look_up(service.alongside, keyless).doubled and kills < MOST_ROUNDS * size.kills):
            _kill_again_and_again(databases, clients, size.kills, random)
            kills += size.kills
        found, control = look_up(service.alongside, keyed), look_up(service.alongside, keyless)
    cut = sum(client.cut for client in keyed)
    return Result(
        figure=f"{kills} kills of the service (seed {SEED}): {found.sent:,} commands of {size.keyed} "
        f"clients with keys, {found.lost:,} lost, {found.doubled:,} doubled; {cut:,} of their requests were cut off "
        "and sent again",
        kept=cut > 0 and found.lost == found.doubled == 0,
        control=f"of {control.sent:,} commands sent without keys in the same run, {control.doubled:,} were doubled",
        control_caught=control.doubled > 0,
    )


def _kill_again_and_again(databases: Databases, clients: Sequence[Client], kills: int, random: Random) -> None:
    """Let clients work while the process that serves them is killed so often, and after that to a good end."""
    with ExitStack() as stack:
        processes = deque(stack.enter_context(serving(databases)) for _ in range(_STARTING))
        present = processes.popleft()
        present.wait()
        desk = Desk(present.port)
        with at_work(clients, desk):
            for left in reversed(range(kills)):
                if left >= len(processes):
                    processes.append(stack.enter_context(serving(databases)))
                following = processes.popleft()
                following.wait()
                desk.wait_for(random.randint(*_COMMANDS_A_LIFE))
                present.kill()
                present, desk.port = following, following.port


CHECK: Final = Check("kill-app", "A command is done once, however often the service dies under it.", run)
