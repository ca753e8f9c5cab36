"""The best plan of a draft whose pairs need an hour of their own: found anew after each edit.

It stands where an `engine.Engine` would, with people in the rows of their ids' order.
"""

from typing import Final

import numpy as np

from matching.arrays import Ints
from matching.assignment import NOBODY
from matching.people import Member, Mentor
from matching.session.draft import Draft
from matching.solve import solve
from matching.validity import InvalidProblem


class SolvedAnew:
    """A draft's solution. Raises `InvalidProblem` and `ProblemTooLarge` as `solve` does."""

    is_whole: Final = True

    def __init__(self, draft: Draft, threads: int) -> None:
        """Solve the draft."""
        try:
            self.solution = solve(draft.problem, threads=threads)
        except InvalidProblem:  # all else that could be wrong was refused before
            raise InvalidProblem("pin: is not feasible") from None
        self.members: list[Member | None] = [draft.members[name] for name in sorted(draft.members)]
        self.mentors: list[Mentor | None] = [draft.mentors[name] for name in sorted(draft.mentors)]

    def placed(self) -> Ints:
        """Give the row of each member's mentor, -1 for waiting."""
        i = {member.id: row for row, member in enumerate(self.members) if member}
        j = {mentor.id: row for row, mentor in enumerate(self.mentors) if mentor}
        placed = np.full(len(i), NOBODY, dtype=np.int64)
        for member, mentor in self.solution.answer.assignment:
            placed[i[member]] = j[mentor]
        return placed
