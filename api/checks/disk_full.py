"""What happens when the database's disk is full?

Where a table cannot grow, PostgreSQL refuses the append, and writing goes on by itself once there is room. Where its
write-ahead log cannot, it ends itself, which is not tried here: whoever runs it makes room and starts it again, and
what `kill-db` says of a server that was killed holds of this one too.
"""

from contextlib import ExitStack
from http import HTTPStatus
from typing import Final

from api.checks.check import Check, Result
from api.checks.clients import Desk, Habit, at_work, enlist, look_up
from api.checks.own_server import own_server
from api.checks.scratch import service_on
from api.checks.serving import serving
from api.checks.small_disk import CannotMount, SmallDisk, small_disk
from api.databases import Databases

FULL_CYCLES: Final = 20
SMALL_CYCLES: Final = 2
CLIENTS: Final = 4

_DISK_MB: Final = 160
# Few files of the write-ahead log, so that they fit; its next one is there before the disk is filled.
_SETTINGS: Final = {"min_wal_size": "48MB", "max_wal_size": "64MB"}
_COMMANDS_WITH_ROOM: Final = 20
_REFUSALS: Final = 40  # so many that those who do not ask again are surely among them


def run(_: str, full: bool) -> Result:  # noqa: FBT001 - the registry calls it by position
    """Fill the disk under a service that is asked to write, and make room again; look for all it acknowledged."""
    try:
        with small_disk(_DISK_MB) as disk:
            return _run_on(disk, FULL_CYCLES if full else SMALL_CYCLES)
    except CannotMount as reason:
        return Result.skip(str(reason))


def _run_on(disk: SmallDisk, cycles: int) -> Result:
    with ExitStack() as stack, own_server(disk.home, _SETTINGS) as server:
        databases = Databases.at(server.url)
        databases.migrate()
        service = stack.enter_context(service_on(databases, connections=2))
        clients = enlist(service.alongside, [*[Habit.SAME_KEY] * CLIENTS, Habit.NEVER_AGAIN])
        process = stack.enter_context(serving(databases))
        process.wait()
        desk = Desk(process.port)
        working = stack.enter_context(ExitStack())
        working.enter_context(at_work(clients, desk))
        went_on = sum(_fill_and_free(disk, desk) for _ in range(cycles))
        working.close()
        found, control = look_up(service.alongside, clients[:-1]), look_up(service.alongside, clients[-1:])
    refused = desk.answers.pop(HTTPStatus.SERVICE_UNAVAILABLE, 0)
    del desk.answers[HTTPStatus.OK]
    return Result(
        figure=f"of {cycles} times full, writing went on by itself {went_on} times; {refused:,} answers of 503, "
        f"{desk.answers.total():,} of another kind; "
        f"{found.sent:,} commands of {CLIENTS} clients, {found.lost:,} lost, {found.doubled:,} doubled",
        kept=went_on == cycles and not desk.answers and found.lost == found.doubled == 0,
        control=f"a client who takes what it sent for stored lost {control.lost:,} of {control.sent:,} commands",
        control_caught=control.lost > 0,
    )


def _fill_and_free(disk: SmallDisk, desk: Desk) -> bool:
    """Let clients write with room and without, and with room again; say whether they were refused and went on."""
    desk.wait_for(_COMMANDS_WITH_ROOM)
    disk.fill()
    refused = desk.wait_for(_REFUSALS, HTTPStatus.SERVICE_UNAVAILABLE)
    disk.free()
    return desk.wait_for(_COMMANDS_WITH_ROOM) and refused


CHECK: Final = Check("disk-full", "A full disk loses nothing, and writing goes on once there is room.", run)
