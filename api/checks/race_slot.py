"""Can a mentor's last place be given away twice?"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Barrier
from typing import Final
from uuid import UUID

from api.checks.check import Check, Result
from api.checks.people import AT, BY, Contest, contests
from api.checks.scratch import scratch_log
from api.checks.unguarded import Unguarded
from domain.application import Alongside
from domain.errors import AlreadyMatched, CaseloadFull, ChangedMeanwhile, VersionPassed
from domain.log import Log
from domain.match import Match, MatchStatus
from domain.mentor import Mentor

RIVALS: Final = 20
FULL_TRIALS: Final = 1_000
SMALL_TRIALS: Final = 10
CONTROL_TRIALS: Final = 50

_PATIENCE_S: Final = 60.0
_REFUSALS: Final = (ChangedMeanwhile, VersionPassed, CaseloadFull, AlreadyMatched)


def run(server_url: str, full: bool) -> Result:  # noqa: FBT001 - the registry calls it by position
    """Let twenty coordinators approve at once for one place, again and again, and count winners in the log."""
    trials = FULL_TRIALS if full else SMALL_TRIALS
    with scratch_log(server_url, connections=RIVALS + 2) as log, _rivals() as executor:
        alongside = Alongside(log)
        right = sum(_race(executor, alongside) == (1, 1) for _ in range(trials))
        unguarded = Unguarded(log, Mentor)
        tried, twice = _tries_until_given_twice(executor, unguarded)
    return Result(
        figure=f"{trials:,} trials of {RIVALS} simultaneous approvals: exactly one won in {right:,}",
        kept=right == trials,
        control=f"with the mentor's stream written after the append, at any version, "
        f"the place was given away more than once in {twice} of {tried} trials",
        control_caught=twice > 0,
    )


@contextmanager
def _rivals() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(RIVALS, thread_name_prefix="rival") as executor:
        yield executor


def _tries_until_given_twice(executor: ThreadPoolExecutor, alongside: Alongside) -> tuple[int, int]:
    for tried in range(1, CONTROL_TRIALS + 1):
        approved, _ = _race(executor, alongside)
        if approved > 1:
            return tried, 1
    return CONTROL_TRIALS, 0


def _race(executor: ThreadPoolExecutor, alongside: Alongside) -> tuple[int, int]:
    """Run one trial; give how many matches the log has approved and how many places it has taken."""
    (contest,) = contests(Alongside(alongside.log), 1, members=RIVALS)
    barrier = Barrier(RIVALS)

    def approve(match: UUID) -> None:
        barrier.wait(_PATIENCE_S)
        with suppress(*_REFUSALS):
            alongside.approve(match, at=AT, by=BY)

    list(executor.map(approve, contest.matches))
    return _approved(alongside.log, contest), _taken(alongside.log, contest)


def _approved(log: Log, contest: Contest) -> int:
    matches = (Match.replay(match, log.stream(match)) for match in contest.matches)
    return sum(match.status == MatchStatus.APPROVED for match in matches)


def _taken(log: Log, contest: Contest) -> int:
    return len(Mentor.replay(contest.mentor, log.stream(contest.mentor)).caseload)


CHECK: Final = Check("race-slot", "Of any number of approvals at the same time, one gets a mentor's last place.", run)
