"""Can a clock that is wrong let somebody use a consent after its end, or change the order of what happened?

Two applications share a log; the true time is known to nobody but the check. In one run the applications' clocks are
wrong, an hour apart and jumping, and in the next the database's. See `domain.clocks` for the rule that is tried.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from api.checks.check import Check, Result
from api.checks.people import AT, BY, contests
from api.checks.scratch import scratch_log
from domain.application import Alongside
from domain.consent import ConsentLedger, Method
from domain.errors import ConsentMissing, MentorNotInStanding, NothingToWithdraw
from domain.events import Event
from domain.log import Log
from domain.match import APPROVAL_NEEDS, Match
from domain.purposes import TERMS, Purpose

SEED: Final = 1
FULL_RUNS: Final = 500
SMALL_RUNS: Final = 20
CONTROL_RUNS: Final = 50
ACTS: Final = 12

_SECOND, _HOUR, _DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
_ACTS: Final = (*["approve"] * 3, *["grant"] * 6, "withdraw")
_JUMPS: Final = (_SECOND, _HOUR, _DAY, 40 * _DAY, 400 * _DAY, 3_650 * _DAY)
# People's clocks, with changes to and from summer time, of which one lies on the other half of the earth.
_ZONES: Final = tuple(map(ZoneInfo, ("UTC", "Europe/Lisbon", "America/New_York", "Australia/Lord_Howe")))


@dataclass
class Clocks:
    """The true time, and how far each of three clocks is from it: two applications' and the database's."""

    random: Random
    database_is_wrong: bool
    now: datetime = AT
    off: list[timedelta] = field(default_factory=lambda: [timedelta(), timedelta(), timedelta()])
    zone: ZoneInfo = _ZONES[0]

    def go_on(self) -> None:
        """Let time pass, and the wrong clocks jump."""
        self.now += (
            self.random.choice((_SECOND, _HOUR, _DAY, 15 * _DAY, 30 * _DAY, 60 * _DAY)) * self.random.random() * 2
        )
        self.zone = self.random.choice(_ZONES)
        jump = self.random.choice((-1, 0, 1)) * self.random.choice(_JUMPS)
        if self.database_is_wrong:
            self.off[2] = jump
        else:
            self.off[:2] = jump, jump + _HOUR

    def of_application(self, number: int) -> datetime:
        """What the clock of an application says, in the zone it happens to show."""
        return (self.now + self.off[number]).astimezone(self.zone)

    def of_database(self) -> datetime:
        """What the database's clock says."""
        return self.now + self.off[2]


@dataclass
class Seen:
    """What runs came to: approvals, those on a consent that had ended, refusals that were not needed, disorder."""

    approved: int = 0
    wrongly: int = 0
    too_careful: int = 0
    disordered: int = 0


def run(server_url: str, full: bool) -> Result:  # noqa: FBT001 - the registry calls it by position
    """Give, take back and use consents under clocks that jump, and hold each use against the true time."""
    runs = FULL_RUNS if full else SMALL_RUNS
    with scratch_log(server_url, connections=2) as log:
        seen = _tried(log, runs, two_clocks=True)
        caught = _tried(log, CONTROL_RUNS, two_clocks=False)
    return Result(
        figure=f"{runs:,} runs of {ACTS} acts under clocks that jump by a second to ten years (seed {SEED}): "
        f"{seen.wrongly:,} of {seen.approved:,} approvals used a consent after its end, {seen.disordered:,} changes of "
        f"order; {seen.too_careful:,} were refused though one clock was right and would have allowed them",
        kept=seen.approved > 0 and seen.wrongly == seen.disordered == 0,
        control=f"judged by the application's clock alone, {caught.wrongly:,} of {caught.approved:,} in "
        f"{CONTROL_RUNS} runs used one after its end",
        control_caught=caught.wrongly > 0,
    )


def _tried(log: Log, runs: int, *, two_clocks: bool) -> Seen:
    seen = Seen()
    for number in range(runs):
        random = Random(f"{SEED}:{number}")  # noqa: S311 - a test's luck
        clocks = Clocks(random, database_is_wrong=two_clocks and number % 2 == 1)
        _Life(log, clocks, clocks.of_database if two_clocks else None, seen).live()
    return seen


class _Life:
    """One run: two people and their consents, which two applications record and use."""

    def __init__(self, log: Log, clocks: Clocks, second: Callable[[], datetime] | None, seen: Seen) -> None:
        self.log, self.clocks, self.seen = log, clocks, seen
        self.random = clocks.random
        self.applications = [Alongside(log, second_clock=second) for _ in range(2)]
        ((self.match,),) = (
            contest.matches for contest in contests(self.applications[0], 1, members=1, withdrawals_end_them=False)
        )
        self.persons = _persons(log, self.match)
        self.ends = {
            (person, purpose): AT + TERMS[purpose].life for person in self.persons for purpose in APPROVAL_NEEDS
        }
        self.acts: dict[UUID, list[type[Event]]] = {person: [] for person in self.persons}

    def live(self) -> None:
        """Act at random until the match is approved, or often enough."""
        for _ in range(ACTS):
            self.clocks.go_on()
            number = self.random.randrange(2)
            application, at = self.applications[number], self.clocks.of_application(number)
            person, purpose = self.random.choice(self.persons), self.random.choice(APPROVAL_NEEDS)
            match self.random.choice(_ACTS):
                case "approve":
                    if self._approve(application, at):
                        break
                case "grant":
                    self._grant(application, person, purpose, at)
                case "withdraw":
                    self._withdraw(application, person, purpose, at)
        self._compare_order()

    def _grant(self, application: Alongside, person: UUID, purpose: Purpose, at: datetime) -> None:
        application.grant(person, purpose, method=Method.WEB, at=at, by=BY)
        self.acts[person].append(ConsentLedger.Granted)
        self.ends[person, purpose] = self.clocks.now + TERMS[purpose].life

    def _withdraw(self, application: Alongside, person: UUID, purpose: Purpose, at: datetime) -> None:
        with suppress(NothingToWithdraw):
            application.withdraw(person, purpose, method=Method.WEB, at=at, by=BY)
            self.acts[person].append(ConsentLedger.Withdrawn)
            self.ends[person, purpose] = self.clocks.now

    def _approve(self, application: Alongside, at: datetime) -> bool:
        is_live = all(self.clocks.now < end for end in self.ends.values())
        try:
            application.approve(self.match, at=at, by=BY)
        except (ConsentMissing, MentorNotInStanding):
            self.seen.too_careful += is_live
            return False
        self.seen.approved += 1
        self.seen.wrongly += not is_live
        for acts in self.acts.values():
            acts.append(ConsentLedger.ReliedOn)
        return True

    def _compare_order(self) -> None:
        """Hold each ledger against the order of acts; no time in it may lie before one that stands earlier."""
        for person, acts in self.acts.items():
            entries = self.applications[0].ledger_entries(person)
            self.seen.disordered += [type(entry.event) for entry in entries[len(APPROVAL_NEEDS) :]] != acts
            self.seen.disordered += sum(later.event.at < earlier.event.at for earlier, later in pairwise(entries))


def _persons(log: Log, match: UUID) -> tuple[UUID, UUID]:
    found = Match.replay(match, log.stream(match))
    return found.member_person_id, found.mentor_person_id


CHECK: Final = Check("clock", "No clock that is wrong lets a consent be used after its end.", run)
