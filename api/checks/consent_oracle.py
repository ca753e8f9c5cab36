"""Is what may be told decided rightly? Three ways to decide are asked the same, of made-up ledgers of every kind.

The decision that the service acts on, a second opinion that was written from the rules alone, and what somebody comes
to who was given nothing but the export. The control leaves each rule in turn out of the second opinion: all must be
caught, or the questions would never have tried that rule.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Final

import msgspec

from api.checks.check import Check, Result
from api.checks.consent_draws import said_at
from api.checks.consent_histories import History, Question, history
from api.checks.consent_reference import Reference, Rule
from api.exchange import deciding
from api.exchange.as_of import AsOf
from api.exchange.fhir import bundle, consents
from domain.consent import decide

SEED: Final = 1
FULL_QUESTIONS: Final = 100_000
SMALL_QUESTIONS: Final = 1_000
CONTROL_QUESTIONS: Final = 50_000
QUESTIONS_A_LEDGER: Final = 10
SALT: Final = "5a" * 16


@dataclass(frozen=True)
class Case:
    """A ledger and a question to it."""

    history: History
    question: Question
    asked_for: datetime

    def decided(self) -> bool:
        """Ask the service."""
        question = self.question
        return decide(
            self.history.ledger,
            question.purpose,
            question.field,
            question.audience,
            question.at,
            question.known_at,
        ).permit

    def referred(self, without: Rule | None = None) -> bool:
        """Ask the second opinion, perhaps with one rule left out."""
        return Reference(self.history, self.question, without).permits()

    def exported(self) -> bool:
        """Decide from an export as JSON, made between the last word before the question and the question."""
        as_of = AsOf(self.history.ledger, self.asked_for, self.question.known_at)
        (permit,) = from_file(msgspec.json.encode(bundle(as_of, list(consents(as_of)), SALT)), [self.question])
        return permit


def from_file(file: bytes, questions: Sequence[Question]) -> list[bool]:
    """Decide from an export alone."""
    exported = msgspec.json.decode(file)
    return [deciding.decide(exported, _asked(question)).permit for question in questions]


def _asked(question: Question) -> deciding.Asked:
    audience = question.audience
    return deciding.Asked(
        question.purpose,
        question.field,
        audience.kind,
        question.at,
        audience.named,
        None if audience.match is None else str(audience.match),
        None if audience.person is None else str(audience.person),
    )


def run(_server_url: str, full: bool) -> Result:  # noqa: FBT001 - the registry calls it by position
    """Ask all three, and compare; then leave out each rule until somebody notices."""
    number = FULL_QUESTIONS if full else SMALL_QUESTIONS
    seen = Counter[str]()
    for case in cases(number):
        decided = case.decided()
        seen["permits"] += decided
        seen["reference"] += case.referred() != decided
        seen["export"] += case.exported() != decided
    missed = [rule for rule in Rule if not _is_noticed(rule)]
    return Result(
        figure=f"{number:,} questions to {number // QUESTIONS_A_LEDGER:,} made-up ledgers (seed {SEED}), "
        f"{seen['permits']:,} of them permitted: {seen['reference']:,} answers differ from a second opinion's, "
        f"{seen['export']:,} from those of the export",
        kept=seen["permits"] > 0 and seen["reference"] == seen["export"] == 0,
        control=f"with one rule left out, {len(Rule) - len(missed)} of {len(Rule)} were noticed"
        + "".join(f"; not noticed: {rule}" for rule in missed),
        control_caught=not missed,
    )


def cases(number: int, seed: int = SEED) -> Iterator[Case]:
    """Make up so many questions, to a tenth as many ledgers."""
    for ledger in range(number // QUESTIONS_A_LEDGER):
        random = Random(f"{seed}:{ledger}")  # noqa: S311 - a test's luck
        found = history(random, QUESTIONS_A_LEDGER)
        for question in found.questions:
            yield Case(found, question, _between(random, found, question))


def _between(random: Random, found: History, question: Question) -> datetime:
    asked = question.at.astimezone(UTC)
    said = [at.astimezone(UTC) for entry in found.entries if (at := said_at(entry.event)) <= asked]
    last = max(said, default=asked)
    return last + (asked - last) * random.choice((0, random.random(), 1))


def _is_noticed(rule: Rule) -> bool:
    return any(case.referred(rule) != case.decided() for case in cases(CONTROL_QUESTIONS))


CHECK: Final = Check("consent-oracle", "What may be told is decided by the rules, and an export says the same.", run)
