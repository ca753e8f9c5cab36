"""What does each change do to the plan, at once and exactly?"""

from dataclasses import dataclass

from matching.problem import Problem
from matching.session.draft import Draft
from matching.session.edits import Edit, Pin, Swap
from matching.solution import Answer, Objective, Solution
from matching.solve import solve
from matching.validity import InvalidProblem
from matching.weights import ProblemTooLarge
from matching.what_if import Move


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


class Session:
    """A problem, its canonical best plan and its proof, kept while the problem is edited.

    The plan and the prices are always those of `solve(session.problem)`, to the byte. They are a cache: the problem
    that the session began with and the list of its edits make the same session anywhere. One thread at a time may use
    a session.
    """

    def __init__(self, problem: Problem, *, threads: int = 1) -> None:
        """Solve the problem. Raises `InvalidProblem` and `ProblemTooLarge` as `solve` does."""
        self._draft = Draft(problem)
        self._threads = threads
        self._solution = solve(problem, threads=threads)
        self._steps: list[tuple[Edit, tuple[Edit, ...]]] = []

    @property
    def problem(self) -> Problem:
        """The problem that the edits amount to; once edited, people and pins come in the order of their ids."""
        return self._draft.problem

    @property
    def edits(self) -> tuple[Edit, ...]:
        """All edits that were not taken back: with the first problem, they make this session again."""
        return tuple(edit for edit, _ in self._steps)

    @property
    def answer(self) -> Answer:
        """The plan and its proof."""
        return self._solution.answer

    @property
    def assignment(self) -> dict[str, str]:
        """The plan: the mentor of each member served."""
        return dict(self.answer.assignment)

    @property
    def objective(self) -> Objective:
        """What the plan reaches."""
        return self._solution.objective

    def solution(self) -> Solution:
        """Give the plan with all reasons, the same as `solve(session.problem)`."""
        return self._solution

    def apply(self, edit: Edit) -> Change:
        """Change the problem and find the best plan again.

        Raises `InvalidProblem` or `ProblemTooLarge`, and changes nothing, if the edit is not possible.
        """
        back = self._draft.amend([edit])
        change = self._followed(back)
        self._steps.append((edit, back))
        return change

    def undo(self) -> Change:
        """Take the last edit back. Raises `InvalidProblem` if there is none."""
        if not self._steps:
            raise InvalidProblem("there is no edit to take back")
        change = self._followed(self._draft.amend(self._steps[-1][1]))
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

    def _followed(self, back: tuple[Edit, ...]) -> Change:
        before = self._solution
        try:
            self._solution = solve(self.problem, threads=self._threads)
        except InvalidProblem:  # all else that could be wrong was refused before
            self._draft.take_back(back)
            raise InvalidProblem("pin: is not feasible") from None
        except ProblemTooLarge:
            self._draft.take_back(back)
            raise
        return _change(before, self._solution)


def _change(before: Solution, after: Solution) -> Change:
    old, new = dict(before.answer.assignment), dict(after.answer.assignment)
    return Change(
        moves=tuple(
            Move(member=member, before=old.get(member), after=new.get(member))
            for member in sorted(old.keys() | new.keys())
            if old.get(member) != new.get(member)
        ),
        growth=growth(before.objective, after.objective),
        objective=after.objective,
        bound=after.bound,
        optimal=after.optimal,
    )


def growth(before: Objective, after: Objective) -> Objective:
    """Say by how much each level grew."""
    return Objective(
        order_of_serving=after.order_of_serving - before.order_of_serving,
        served=after.served - before.served,
        fit=after.fit - before.fit,
        evenness=after.evenness - before.evenness,
    )
