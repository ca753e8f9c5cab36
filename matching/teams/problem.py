"""Who waits for a team, and what would make a good plan of teams?

**Notation.** Members `i` wait as in `matching.problem`, with ranks `r_i`. Helpers `j` are of two rosters: mentors, and
navigators, who help with systems as mentors help with what was lived through. Helpers have `c_j` places, of which `o_j`
are taken. A pair `(i, j)` is feasible, and has a fit `f_ij`, by the rules and terms of `matching.rules` and
`matching.fit`. A mentor and a navigator may work together if they are two people, are not kept apart and, if the policy
asks for it, share a language.

A *team* of member i is what i asks for: one mentor and one navigator who may work together, or one mentor, or one
navigator, each a feasible pair with i. Its fit is the sum of its pairs'.

**Problem.** Give each member one team or none, to each helper at most `c_j - o_j` members, so that, each level before
the next,

1. order of serving: the sum of `r_i` over the members served is greatest;
2. fit: the sum over the teams is greatest;
3. evenness: the sum of `floor(8 k / c_j)` over the places taken is least.

Both or none makes of two networks one problem that is none: those who can be served together are no matroid any more,
so that one of high rank can be passed over for two of lower rank whose sum is greater. The rest follows
`matching.problem`: kept pairs bring a bonus, and lots drawn from the seed decide between equals.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import product
from typing import Final

from matching.people import Member, Mentor
from matching.policy import Policy
from matching.problem import Problem
from matching.validity import InvalidProblem, first_complaint

TEAM: Final = "team"
MENTOR: Final = "mentor"
NAVIGATOR: Final = "navigator"
WANTS: Final = (TEAM, MENTOR, NAVIGATOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMember(Member):
    """Somebody who waits for what they want: a `team`, or only a `mentor` or a `navigator`."""

    wants: str = TEAM


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamProblem:
    """One round's question. No id stands on both rosters; a person may.

    `barred` and `kept` hold pairs (member id, helper id), `apart` pairs (mentor id, navigator id) who may not work
    together. Ids that are not in the problem do no harm there. With `same_language` a mentor and a navigator of one
    member must share a language with each other.

    Raises `InvalidProblem` when a part of it cannot be.
    """

    today: date
    members: tuple[TeamMember, ...]
    mentors: tuple[Mentor, ...]
    navigators: tuple[Mentor, ...]
    policy: Policy = field(default_factory=Policy)
    same_language: bool = True
    barred: frozenset[tuple[str, str]] = frozenset()
    kept: frozenset[tuple[str, str]] = frozenset()
    apart: frozenset[tuple[str, str]] = frozenset()
    seed: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        complaint = first_complaint(self.policy, self.members, self.mentors)
        if complaint := complaint or next(self._complaints(), None):
            raise InvalidProblem(complaint)

    def _complaints(self) -> Iterator[str]:
        if complaint := first_complaint(self.policy, (), self.navigators):
            yield f"navigators{complaint.removeprefix('mentors')}"
        mentors = {mentor.id for mentor in self.mentors}
        for number, navigator in enumerate(self.navigators):
            if navigator.id in mentors:
                yield f"navigators[{number}].id: is the id of a mentor too"
        for number, member in enumerate(self.members):
            if member.wants not in WANTS:
                yield f"members[{number}].wants: is not one of {', '.join(WANTS)}"


def in_pairs(problem: TeamProblem) -> Problem:
    """Put both rosters into one, and bar the pairs that nobody asked for: what is left are the pairs of teams."""
    unwanted = (
        (member.id, helper.id)
        for wanted, others in ((MENTOR, problem.navigators), (NAVIGATOR, problem.mentors))
        for member, helper in product((member for member in problem.members if member.wants == wanted), others)
    )
    return Problem(
        today=problem.today,
        members=problem.members,
        mentors=(*problem.mentors, *problem.navigators),
        policy=problem.policy,
        barred=problem.barred.union(unwanted),
        kept=problem.kept,
        seed=problem.seed,
    )


def asked_of(problem: TeamProblem, wanted: str) -> Problem:
    """Ask for one roster alone, of everybody, so that rules can be looked at."""
    helpers = problem.mentors if wanted == MENTOR else problem.navigators
    return replace(in_pairs(problem), mentors=helpers, barred=problem.barred)
