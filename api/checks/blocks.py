"""Do two people stay apart whom one wants apart, whoever comes back as whom, and can the other tell?"""

from collections.abc import Callable
from dataclasses import fields
from hashlib import sha256
from random import Random
from typing import Any, Final

from api.checks.asking_twins import LEAST_PROBABILITY, Asked, Asking, Samples
from api.checks.check import Check, Result
from api.checks.kept_apart import ROUNDS, SEED, Seen, live
from api.checks.people import AT, BY
from api.checks.scratch import scratch_databases, scratch_service, service_on
from api.checks.serving import serving
from api.checks.twins import Raising, Twins
from api.moment import now
from domain.application import Alongside
from domain.consent import Method
from domain.pool import Pool
from eventlog.memory import MemoryLog

FULL_LIVES: Final = 1_000
SMALL_LIVES: Final = 8
FULL_STORED_LIVES: Final = 10
SMALL_STORED_LIVES: Final = 1
CONTROL_LIVES: Final = 20
FULL_ASKINGS: Final = 200
SMALL_ASKINGS: Final = 30
WARM_UP: Final = 3
FULL_DELAY: Final = 0.25
SMALL_DELAY: Final = 4.0  # few samples, taken beside other tests, tell only what is plain


class Unwary(Alongside):
    """Holds nobody who comes or changes against anybody's blocks: a control."""

    def hold_against_blocks(self, *_: Any, **__: Any) -> None:
        """Look at nothing."""


class Unbarred(Alongside):
    """Lets the optimiser pair everybody, and relies on what is asked later: a control."""

    def pool(self, programme: Any) -> Pool:
        """Read the pool without the blocks."""
        pool = super().pool(programme)
        return _Unbarred(*(getattr(pool, part.name) for part in fields(pool)))


class _Unbarred(Pool):
    def barred_pairs(self) -> set[Any]:
        return set()


def run(server_url: str, full: bool) -> Result:  # noqa: FBT001 - the registry calls it by position
    """Live lives full of blocks, then let people who are kept away and their twins ask for the same."""
    seen = live(lambda: _in_memory(Alongside), FULL_LIVES if full else SMALL_LIVES)
    with scratch_service(server_url, connections=2) as service:
        stored = live(lambda: service.alongside, FULL_STORED_LIVES if full else SMALL_STORED_LIVES)
    unwary = live(lambda: _in_memory(Unwary), CONTROL_LIVES)
    unbarred = live(lambda: _in_memory(Unbarred), CONTROL_LIVES)
    samples, told_by_look = _compare_twins(server_url, FULL_ASKINGS if full else SMALL_ASKINGS)
    differing = sum(each.differing for each in samples.values())
    slower = [asked for asked, each in samples.items() if each.alike <= LEAST_PROBABILITY]
    delay = FULL_DELAY if full else SMALL_DELAY
    found = sum(each.finds_a_delay(delay) for each in samples.values())
    return Result(
        figure=f"{_lived(seen)} in memory; {_lived(stored)} in the database (seed {SEED}). "
        f"{sum(len(each.twin) for each in samples.values()):,} answers of {len(samples)} kinds to people kept away and "
        f"as many to their twins: {differing:,} differ in status, headers or length, {len(slower)} kinds in time "
        f"(Kolmogorov-Smirnov, least p {min(each.alike for each in samples.values()):.3f})",
        kept=_is_kept(seen) and _is_kept(stored) and not differing and not slower,
        control=f"with newcomers let in unseen, {unwary.met} met who are to be kept apart, and with blocks hidden from "
        f"the optimiser {unbarred.met}; a block that the other's own ledger shows differs in {told_by_look} answers; "
        f"an answer that takes longer by {delay} times the usual is found in {found} of {len(samples)} kinds",
        control_caught=unwary.met > 0 and unbarred.met > 0 and told_by_look > 0 and found > 0,
    )


def _in_memory(kind: Callable[..., Alongside]) -> Alongside:
    return kind(MemoryLog(lambda: AT), fingerprint_key=lambda programme: sha256(programme.bytes).digest())


def _lived(seen: Seen) -> str:
    return (
        f"{seen.runs:,} rounds with {seen.blocks:,} blocks and {seen.comebacks:,} who came back as another: of "
        f"{seen.apart:,} pairs to be kept apart {seen.met:,} were proposed or matched, {seen.told:,} told of "
        f"each other and {seen.misjudged:,} misjudged ({seen.proposals:,} others proposed)"
    )


def _is_kept(seen: Seen) -> bool:
    return (
        seen.runs >= ROUNDS and seen.proposals > 0 and seen.apart > 0 and seen.met == seen.told == seen.misjudged == 0
    )


def _compare_twins(server_url: str, rounds: int) -> tuple[dict[Asked, Samples], int]:
    """Give what comparing came to, and how many answers differ if the other's ledger holds the block as well."""
    with scratch_databases(server_url) as databases, service_on(databases, connections=2) as service:
        twins = Raising(service.alongside).twins()
        with serving(databases) as server:
            server.wait()
            asking = Asking(server.port, twins, Random(SEED))  # noqa: S311 - a test's luck
            asking.ask(WARM_UP)
            samples = _asked(asking, rounds)
            again = _asked(
                asking, rounds, {asked for asked, each in samples.items() if each.alike <= LEAST_PROBABILITY}
            )
            _give_away(service.alongside, twins)
            told = sum(each.differing for each in asking.ask(1).values())
    for asked, each in again.items():
        each.differing += samples[asked].differing
    return samples | again, told


def _asked(asking: Asking, rounds: int, only: set[Asked] | None = None) -> dict[Asked, Samples]:
    """Let both ask, less often for what changes something.

    Of so many kinds one or the other is below the least probability by chance. Asked once more, it is hardly ever.
    """

    def is_chosen(asked: Asked) -> bool:
        return only is None or asked in only

    changes = asking.ask(max(rounds // 5, 20), lambda asked: is_chosen(asked) and asked[1].startswith("PUT"))
    return changes | asking.ask(rounds, lambda asked: is_chosen(asked) and not asked[1].startswith("PUT"))


def _give_away(alongside: Alongside, twins: list[Twins]) -> None:
    for each in twins:
        alongside.block(each.kept_away.person, each.blocker_handle, method=Method.WEB, at=now().at, by=BY)


CHECK: Final = Check("blocks", "Two people whom one wants apart never meet, and the other cannot tell.", run)
