"""Was a round drawn as it was committed to? Each part of the answer, from the log alone; the last by solving again."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final
from uuid import UUID

import msgspec

from api.moment import Moment
from api.planning.planning import with_edits
from api.rounds import Question, digest, question_on
from domain.application import Alongside
from domain.draft import Draft
from domain.draws import Drawn, LogRoot, digest_of
from domain.errors import EditNotPossible, UnknownDraw
from domain.events import Entry
from domain.identity import round_id
from domain.match import Match
from domain.pool import Pool, pool_at
from domain.programme import Programme
from domain.round import Round
from eventlog.placeholders import ERASED
from matching.problem import InvalidProblem
from matching.solve import solve

COMMITTED_BEFORE: Final = "committed before the pool was read"
OPENS: Final = "the secret opens the commitment"
ROOT: Final = "the root is that of the log where the pool was read"
SAME_PROBLEM: Final = "the problem is the one that was recorded"
SAME_PLAN: Final = "solved again, it comes to what was proposed"


@dataclass(frozen=True)
class Finding:
    """One thing that must be so; `holds` is none if it can no longer be told, as somebody was erased since."""

    what: str
    holds: bool | None


@dataclass(frozen=True)
class Verified:
    """What was found of a round's draw."""

    number: int
    digest: str
    seed: str
    findings: tuple[Finding, ...]

    @property
    def is_refused(self) -> bool:
        """Whether something is not as it must be."""
        return any(finding.holds is False for finding in self.findings)

    def report(self) -> dict[str, Any]:
        """Give it as one JSON object."""
        return {
            "round": self.number,
            "digest": self.digest,
            "seed": self.seed,
            "refused": self.is_refused,
            "findings": {finding.what: finding.holds for finding in self.findings},
        }


def held_round(alongside: Alongside, programme: UUID, number: int) -> Round.Held:
    """Give what a round of a programme recorded. Raises `UnknownDraw`."""
    for entry in alongside.log.stream(round_id(programme, number)):
        if isinstance(entry.event, Round.Held):
            return entry.event
    raise UnknownDraw("There is no round of this number.")


def drawn_in(held: Round.Held) -> Drawn:
    """Give what a round drew by. Raises `UnknownDraw`."""
    if held.drawn is None:
        raise UnknownDraw("Nothing was drawn in this round by a seed that was committed to.")
    return held.drawn


def commitment_entry(alongside: Alongside, programme: UUID, number: int) -> Entry | None:
    """Give where a programme committed itself to a draw."""
    entries = alongside.log.stream(programme)
    return next((e for e in entries if isinstance(e.event, Programme.SeedCommitted) and e.event.number == number), None)


def verify_draw(alongside: Alongside, held: Round.Held, log_root: LogRoot) -> Verified:
    """Try a round's draw. `log_root` should hash the log anew, and not believe what is stored of its tree."""
    drawn = drawn_in(held)
    committed = commitment_entry(alongside, held.programme_id, drawn.number)
    findings = [
        Finding(COMMITTED_BEFORE, committed is not None and committed.position <= held.position),
        Finding(OPENS, committed is not None and _digest_in(committed) == digest_of(drawn.secret)),
        Finding(ROOT, log_root(held.position) == drawn.root),
        *_solved_again(alongside, held, drawn),
    ]
    return Verified(held.number, digest_of(drawn.secret), drawn.seed, tuple(findings))


def _digest_in(entry: Entry) -> str:
    assert isinstance(entry.event, Programme.SeedCommitted), "it was looked for by its type"
    return entry.event.digest


def _solved_again(alongside: Alongside, held: Round.Held, drawn: Drawn) -> Iterator[Finding]:
    pool = pool_at(alongside.log, held.programme_id, held.position)
    commitment = pool.programme.commitment
    if commitment is None or held.judged_at is None:
        yield Finding(SAME_PROBLEM, holds=False)
        return
    if _has_lost_somebody(pool):
        yield from (Finding(what, holds=None) for what in (SAME_PROBLEM, SAME_PLAN))
        return
    try:
        question = question_on(pool, Moment(held.judged_at, held.today), drawn.seed)
        if held.draft_id is not None:
            question = with_edits(question, alongside.load(Draft, held.draft_id))
    except (InvalidProblem, EditNotPossible):
        yield Finding(SAME_PROBLEM, holds=False)
        return
    yield Finding(SAME_PROBLEM, digest(question.problem) == held.findings.problem_sha256)
    yield Finding(SAME_PLAN, _comes_to(alongside, held, question))


def _has_lost_somebody(pool: Pool) -> bool:
    members, mentors = pool.members.values(), pool.mentors.values()
    zones = chain((each.profile.time_zone for each in members), (each.profile.time_zone for each in mentors))
    return ERASED in zones


def _comes_to(alongside: Alongside, held: Round.Held, question: Question) -> bool:
    """Proposals are among the pairs of the plan; who took back their consent meanwhile was left out."""
    solution, ids = solve(question.problem), question.ids
    plan = {(ids[member], ids[mentor]) for member, mentor in solution.answer.assignment}
    values = {ids[member]: value for member, value in solution.duals.members.items()}
    proposed = alongside.load_all(Match, held.matches).values()
    return (
        msgspec.to_builtins(solution.objective) == held.findings.objective
        and values == held.findings.member_values
        and {(match.member_id, match.mentor_id) for match in proposed} <= plan
    )
