"""What does each change do to the plan, at once and exactly?"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from matching.arrays import Ints
from matching.assignment import NOBODY
from matching.instance import LISTED_UP_TO_PAIRS
from matching.people import Member, Mentor
from matching.problem import Problem
from matching.session import reading
from matching.session.draft import Draft
from matching.session.edits import Edit, Pin, Swap
from matching.session.engine import Broken, Engine, OutOfRoom
from matching.solution import Answer, Objective, Solution
from matching.solve import solution_of, solve
from matching.validity import InvalidProblem
from matching.weights import ProblemTooLarge
from matching.what_if import Move

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an edit did: who moves, how much each level grows, and what is reached.

    `bound` is what no plan betters, the objective itself where the plan is best; `optimal` says that it is proven.
    A growth of the order of serving counts ranks as they are after and before: somebody of a new class of urgency and
    wait may shift the ranks of others.
    """

    moves: tuple[Move, ...]
    growth: Objective
    objective: Objective
    bound: Objective
    optimal: bool


@dataclass(slots=True, kw_only=True)
class _State:
    """A plan by rows, -1 for waiting; who stood there; what it reaches, and its proof once somebody asked for it.

    The rows are those of `engine`, if the plan came from one.
    """

    placed: Ints
    members: list[Member | None]
    mentors: list[Mentor | None]
    objective: Objective
    bound: Objective
    optimal: bool
    answer: Answer | None = None
    engine: Engine | None = None

    def mentor(self, i: int) -> str | None:
        """Give the mentor of whoever stands in a row."""
        j = int(self.placed[i])
        mentor = self.mentors[j] if j >= 0 else None
        return mentor.id if mentor else None

    def assignment(self) -> dict[str, str]:
        """Give the mentor of each member served, in the order of members."""
        served = (
            (member.id, mentor)
            for i, member in enumerate(self.members)
            if member and (mentor := self.mentor(i)) is not None
        )
        return dict(sorted(served))


@dataclass(slots=True)
class _Step:
    """An edit, what takes it back, and the engine of before if the edit made it anew."""

    edit: Edit
    back: tuple[Edit, ...]
    engine: Engine | None = field(default=None)


class Session:
    """A problem, its canonical best plan and its proof, kept while the problem is edited.

    The plan and the prices are always those of `solve(session.problem)`, to the byte. They are a cache: the problem
    that the session began with and the list of its edits make the same session anywhere. One thread at a time may use
    a session.
    """

    def __init__(self, problem: Problem, *, threads: int = 1, anew_up_to_pairs: int = LISTED_UP_TO_PAIRS) -> None:
        """Solve the problem. Raises `InvalidProblem` and `ProblemTooLarge` as `solve` does.

        With so few pairs, feasible or not, it is solved anew after each edit: that is quick, and needs no compiled
        loops. The answers are the same.
        """
        self._threads, self._anew_up_to_pairs = threads, anew_up_to_pairs
        self._draft = Draft(problem)
        self._steps: list[_Step] = []
        self._engine: Engine | None = None
        self._state = self._begun()

    @property
    def problem(self) -> Problem:
        """The problem that the edits amount to; once edited, people and pins come in the order of their ids."""
        return self._draft.problem

    @property
    def edits(self) -> tuple[Edit, ...]:
        """All edits that were not taken back: with the first problem, they make this session again."""
        return tuple(step.edit for step in self._steps)

    @property
    def answer(self) -> Answer:
        """The plan and its proof."""
        if self._state.answer is None:
            assert self._engine is not None
            self._state.answer = reading.answer(self._engine, self._state.assignment(), self._state.objective)
        return self._state.answer

    @property
    def assignment(self) -> dict[str, str]:
        """The plan: the mentor of each member served, in the order of members."""
        return self._state.assignment()

    @property
    def objective(self) -> Objective:
        """What the plan reaches."""
        return self._state.objective

    def solution(self) -> Solution:
        """Give the plan with all reasons, checked once more over all pairs: the same as `solve(session.problem)`."""
        if self.problem.side:
            return solve(self.problem, threads=self._threads)
        return solution_of(self.problem, self.answer, threads=self._threads)

    def apply(self, edit: Edit) -> Change:
        """Change the problem and find the best plan again.

        Raises `InvalidProblem` or `ProblemTooLarge`, and changes nothing, if the edit is not possible.
        """
        back, engine = self._draft.amend([edit]), self._engine
        change = self._followed((edit, *back), back)
        step = _Step(edit, back)
        if engine is not None and self._engine is not engine and engine.is_whole:
            for earlier in self._steps:  # one is enough to go back and forth, and each takes memory
                earlier.engine = None
            step.engine = engine
        self._steps.append(step)
        return change

    def undo(self) -> Change:
        """Take the last edit back. Raises `InvalidProblem` if there is none."""
        if not self._steps:
            raise InvalidProblem("there is no edit to take back")
        step = self._steps[-1]
        again = self._draft.amend(step.back)
        if step.engine is not None:
            before, self._engine = self._state, step.engine
            self._state = self._read(step.engine)
            change = _change(before, self._state)
        else:
            change = self._followed((*step.back, *again), again)
        self._steps.pop()
        return change

    def tried(self, edit: Edit) -> Change:
        """Say what an edit would do, and leave everything as it is. Raises as `apply` does."""
        change = self.apply(edit)
        self.undo()
        return change

    def swapped(self, member: str, other: str) -> Swap:
        """Let two members exchange their mentors. Raises `InvalidProblem` if one of them has none."""
        plan = self.assignment
        if member not in plan or other not in plan:
            raise InvalidProblem("swap: one of the two members has no mentor to exchange")
        return Swap(
            first=Pin(member=member, mentor=plan[other]),
            second=Pin(member=other, mentor=plan[member]),
        )

    def _followed(self, edits: tuple[Edit, ...], back: tuple[Edit, ...]) -> Change:
        before, engine = self._state, self._engine
        try:
            self._follow(edits)
        except (InvalidProblem, ProblemTooLarge):
            self._draft.take_back(back)
            if engine is not None and not engine.is_whole:
                self._engine = Engine(self._draft, self._threads)
            raise
        return _change(before, self._state)

    def _follow(self, edits: tuple[Edit, ...]) -> None:
        if self._engine is None:
            self._state = self._begun()
            return
        try:
            self._engine.follow(edits)
            self._state = self._read(self._engine)
        except OutOfRoom:
            self._state = self._begun()
        except Broken:
            logger.exception("a repaired plan could not be proven; the problem is solved anew")
            self._state = self._begun()

    def _begun(self) -> _State:
        """Solve the problem anew. An engine knows neither hours nor side constraints: with them, there is none."""
        draft = self._draft
        is_small = len(draft.members) * len(draft.mentors) <= self._anew_up_to_pairs
        if is_small or draft.policy.standing_hour or draft.begun.side:
            state = self._solved()
            self._engine = None
            return state
        self._engine = Engine(draft, self._threads)
        return self._read(self._engine)

    def _solved(self) -> _State:
        """Read the plan of a cold solve, people in the order of their ids."""
        try:
            solution = solve(self.problem, threads=self._threads)
        except InvalidProblem:
            if self._draft.begun.side:  # they may be what no plan keeps
                raise
            raise InvalidProblem("pin: is not feasible") from None
        draft, served = self._draft, dict(solution.answer.assignment)
        mentors = {name: row for row, name in enumerate(sorted(draft.mentors))}
        placed = [mentors[served[name]] if name in served else NOBODY for name in sorted(draft.members)]
        return _State(
            placed=np.array(placed, dtype=np.int64),
            members=[draft.members[name] for name in sorted(draft.members)],
            mentors=[draft.mentors[name] for name in mentors],
            objective=solution.objective,
            bound=solution.bound,
            optimal=solution.optimal,
            answer=solution.answer,
        )

    def _read(self, engine: Engine) -> _State:
        reached = reading.objective(engine)
        state = _State(
            placed=reading.placed(engine),
            members=engine.members.people.copy(),
            mentors=engine.mentors.people.copy(),
            objective=reached,
            bound=reached,
            optimal=True,
            engine=engine,
        )
        # Where the first draw may leave several plans, all draw again (`canonical`), which no engine does.
        return state if engine.is_only_one else self._solved()


def _change(before: _State, after: _State) -> Change:
    is_same_engine = before.engine is not None and before.engine is after.engine
    return Change(
        moves=tuple(
            _moves_by_row(before, after) if is_same_engine else _moves(before.assignment(), after.assignment())
        ),
        growth=growth(before.objective, after.objective),
        objective=after.objective,
        bound=after.bound,
        optimal=after.optimal,
    )


def _moves_by_row(before: _State, after: _State) -> Iterator[Move]:
    """Compare two plans in which everybody who is in both stands in the same row."""
    old, new = dict[str, str](), dict[str, str]()
    for i in np.flatnonzero(before.placed != after.placed).tolist():
        for state, served in ((before, old), (after, new)):
            member, mentor = state.members[i], state.mentor(i)
            if member and mentor:
                served[member.id] = mentor
    return _moves(old, new)


def _moves(old: dict[str, str], new: dict[str, str]) -> Iterator[Move]:
    return (
        Move(member=member, before=old.get(member), after=new.get(member))
        for member in sorted(old.keys() | new.keys())
        if old.get(member) != new.get(member)
    )


def growth(before: Objective, after: Objective) -> Objective:
    """Say by how much each level grew."""
    return Objective(
        order_of_serving=after.order_of_serving - before.order_of_serving,
        served=after.served - before.served,
        fit=after.fit - before.fit,
        evenness=after.evenness - before.evenness,
    )
