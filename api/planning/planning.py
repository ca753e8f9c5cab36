"""What can a coordinator do with a draft?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from api.draws import commit, draw
from api.moment import Moment
from api.planning.edits import amended
from api.planning.plans import BEHIND, Plan, Plans
from api.rounds import Question, outcome_of, question_on
from domain.application import Alongside
from domain.draft import Draft, DraftEdit, Standpoint
from domain.errors import DraftBehind, InvalidValue
from domain.events import Command
from domain.programme import Policy, Programme
from domain.recording import Adopts
from matching.policy import Policy as RoundPolicy
from matching.solve import solve

POLICY_NUMBERS: Final = frozenset(field.name for field in fields(RoundPolicy))


@dataclass(frozen=True)
class Adopted:
    """The round that a draft became, and how many of its pairs the draw decided otherwise."""

    draft: Draft
    round_id: UUID
    proposals: int
    drawn_otherwise: int


class Planning:
    """Plans for one programme, at one moment."""

    def __init__(self, alongside: Alongside, plans: Plans, programme: UUID, moment: Moment) -> None:
        self._alongside, self._plans, self._programme = alongside, plans, programme
        self._at, self._today = moment.at, moment.today

    def open(self, *, at: datetime, by: str, command: Command | None = None) -> Draft:
        """Begin a draft on the pool of now."""
        commit(self._alongside, self._alongside.load(Programme, self._programme).slug, at, by)
        return self._alongside.open_draft(self._programme, self._now(), at=at, by=by, command=command)

    def plan(self, draft: Draft) -> Plan:
        """Give what a draft comes to. Raises `DraftEnded` or `DraftBehind`."""
        draft.must_be_open()
        return self._plans.plan(self._alongside, draft)

    def edit(
        self,
        draft_id: UUID,
        edit: Callable[[Plan, datetime, str], DraftEdit],
        *,
        at: datetime,
        by: str,
        expected_version: int | None = None,
        command: Command | None = None,
    ) -> Draft:
        """Change a draft, if that is possible; `edit` makes the change from the plan as it is."""

        def change(draft: Draft) -> None:
            plan = self.plan(draft)
            draft.edit(edit(plan, at, by))
            self._plans.plan(self._alongside, draft)

        return self._alongside.change_draft(draft_id, change, expected_version=expected_version, command=command)

    def undo(self, draft_id: UUID, *, at: datetime, by: str, **expected: Any) -> Draft:
        """Take the last edit back."""
        return self._alongside.change_draft(draft_id, lambda draft: draft.undo(at=at, by=by), **expected)

    def bring_up_to_date(self, draft_id: UUID, *, at: datetime, by: str, **expected: Any) -> Draft:
        """Put a draft on the pool of now, with those of its edits that are still possible."""

        def change(draft: Draft) -> None:
            draft.must_be_open()
            now = self._now()
            kept = self._plans.possible(self._alongside, draft, now)
            draft.bring_up_to_date(now, kept, at=at, by=by)

        return self._alongside.change_draft(draft_id, change, **expected)

    def discard(self, draft_id: UUID, *, at: datetime, by: str, **expected: Any) -> Draft:
        """Let a draft come to nothing."""
        discarded = self._alongside.discard_draft(draft_id, at=at, by=by, **expected)
        self._plans.drop(draft_id)
        return discarded

    def adopt(self, draft_id: UUID, *, expected_version: int, at: datetime, by: str) -> Adopted:
        """Hold a round with the edits of a draft. Raises `DraftBehind` unless the pool is still what was planned on.

        Equals are drawn between anew, by what the programme has committed itself to.
        """
        alongside = self._alongside
        draft = alongside.expect(Draft, draft_id, expected_version)
        draft.must_be_adoptable()
        plan = self.plan(draft)
        pool = alongside.pool(self._programme)
        drawn, now = draw(alongside, pool), Moment(alongside.read_clocks(at).judged, self._today)
        question = question_on(pool, now, drawn.seed)
        if replace(question.problem, seed=plan.question.problem.seed) != plan.question.problem:
            raise DraftBehind(BEHIND)
        question = with_edits(question, draft)
        solution = solve(question.problem)
        outcome = replace(outcome_of(question, solution, drawn), adopts=Adopts(draft.id, draft.version))
        held, matches = alongside.hold_round(outcome, at=at, by=by)
        self._plans.drop(draft_id)
        otherwise = len(set(solution.answer.assignment) - set(plan.solution.answer.assignment))
        return Adopted(alongside.load(Draft, draft_id), held, len(matches), otherwise)

    def policy_with(self, numbers: Mapping[str, int]) -> Policy:
        """Give the programme's policy with other numbers. Raises `InvalidValue`."""
        policy = self._alongside.load(Programme, self._programme).policy
        if strange := numbers.keys() - POLICY_NUMBERS:
            raise InvalidValue(
                f"numbers: a round goes by {', '.join(sorted(POLICY_NUMBERS))}; {len(strange)} are others."
            )
        return msgspec.structs.replace(policy, **numbers)

    def _now(self) -> Standpoint:
        judged_at = self._alongside.read_clocks(self._at).judged
        return Standpoint(position=self._alongside.log.head(), today=self._today, judged_at=judged_at)


def with_edits(question: Question, draft: Draft) -> Question:
    """Give the question that the edits of a draft amount to. Raises `EditNotPossible`."""
    names = {identifier: name for name, identifier in question.ids.items()}
    problem = amended(question.problem, draft.edits, names.__getitem__)
    set_aside = sum(isinstance(edit, Draft.SetAside) for edit in draft.edits)
    excluded = {**question.excluded, **({"set-aside": set_aside} if set_aside else {})}
    return replace(question, problem=problem, excluded=excluded)
