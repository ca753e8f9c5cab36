"""Can somebody be matched after they took their consent back?"""

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier
from typing import Final

from api.checks.check import Check, Result
from api.checks.people import AT, BY, Contest, contests
from api.checks.scratch import scratch_log
from api.checks.unguarded import Unguarded
from domain.application import Alongside
from domain.consent import ConsentLedger, Method
from domain.errors import ChangedMeanwhile, ConsentMissing, NoLongerAvailable
from domain.events import Entry, Event
from domain.log import Log
from domain.match import Match
from domain.member import Member
from domain.purposes import Purpose

FULL_TRIALS: Final = 10_000
SMALL_TRIALS: Final = 30
CONTROL_TRIALS: Final = 300
SEEDED_AT_ONCE: Final = 50

# An approval reads more than a withdrawal before it writes: without a head start it would hardly ever be first.
HEAD_STARTS: Final = 8
_PATIENCE_S: Final = 60.0

AFTER, BEFORE, REFUSED = "approved after", "approved before", "not approved"


def run(server_url: str, full: bool) -> Result:  # noqa: FBT001 - the registry calls it by position
    """Approve and withdraw at once, again and again, and compare the positions of both in the log."""
    trials = FULL_TRIALS if full else SMALL_TRIALS
    with scratch_log(server_url, connections=4) as log, ThreadPoolExecutor(2) as executor:
        found = Counter(_races(executor, Alongside(log), trials))
        tried, late = _tries_until_late(executor, Unguarded(log, ConsentLedger, Member, Match))
    return Result(
        figure=f"{trials:,} trials of an approval beside a withdrawal: {found[AFTER]:,} approved after the withdrawal "
        f"({found[BEFORE]:,} approvals came first, {found[REFUSED]:,} withdrawals did){_one_sided(found)}",
        kept=found[AFTER] == 0,
        control=f"with ledgers, member and match written after the append, at any version, "
        f"{late} of {tried} trials approved after the withdrawal",
        control_caught=late > 0,
    )


def _one_sided(found: Counter[str]) -> str:
    return "" if found[BEFORE] and found[REFUSED] else "; one side always came first, so this was no race"


def _tries_until_late(executor: ThreadPoolExecutor, approving: Alongside) -> tuple[int, int]:
    for tried, found in enumerate(_races(executor, approving, CONTROL_TRIALS), start=1):
        if found == AFTER:
            return tried, 1
    return CONTROL_TRIALS, 0


def _races(executor: ThreadPoolExecutor, approving: Alongside, trials: int) -> Iterator[str]:
    """Run trials one after another and give what the log says of each."""
    withdrawing = Alongside(approving.log)
    for seeded in range(0, trials, SEEDED_AT_ONCE):
        number = min(SEEDED_AT_ONCE, trials - seeded)
        for index, contest in enumerate(contests(withdrawing, number, members=1)):
            _race(executor, approving, withdrawing, contest, head_start=index % HEAD_STARTS)
            yield outcome(approving.log, contest)


def _race(
    executor: ThreadPoolExecutor, approving: Alongside, withdrawing: Alongside, contest: Contest, *, head_start: int
) -> None:
    barrier = Barrier(2)

    def approve() -> None:
        barrier.wait(_PATIENCE_S)
        with suppress(ChangedMeanwhile, ConsentMissing, NoLongerAvailable):
            approving.approve(contest.matches[0], at=AT, by=BY)

    def withdraw() -> None:
        barrier.wait(_PATIENCE_S)
        for _ in range(head_start):
            withdrawing.log.head()
        with suppress(ChangedMeanwhile):
            person = contest.member_persons[0]
            withdrawing.withdraw(person, Purpose.MATCH_CONSIDER, method=Method.WEB, at=AT, by="member")

    for running in [executor.submit(approve), executor.submit(withdraw)]:
        running.result()


def outcome(log: Log, contest: Contest) -> str:
    """Say whether the log has the match approved, and before or after the first member's withdrawal."""
    approved = _position(log.stream(contest.matches[0]), Match.Approved)
    withdrawn = _position(Alongside(log).ledger_entries(contest.member_persons[0]), ConsentLedger.Withdrawn)
    if approved is None:
        return REFUSED
    return BEFORE if withdrawn is None or approved < withdrawn else AFTER


def _position(entries: Iterable[Entry], kind: type[Event]) -> int | None:
    return next((entry.position for entry in entries if isinstance(entry.event, kind)), None)


CHECK: Final = Check("race-withdraw", "Nobody is matched after they took their consent back.", run)
