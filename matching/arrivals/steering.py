"""Whose mentor is another because places are kept for those to come, and what does it cost them?"""

from dataclasses import dataclass

from matching.arrivals.placing import Placement
from matching.instance import every_pair, instance_of
from matching.problem import Problem
from matching.solve import solve


@dataclass(frozen=True, slots=True, kw_only=True)
class Steered:
    """Whom somebody meets, and whom they would meet if nobody looked ahead, with the fits; None and 0 for waiting."""

    member: str
    meets: str | None
    fit: int
    usual: str | None
    usual_fit: int


def steered(problem: Problem, placement: Placement) -> tuple[Steered, ...]:
    """Compare a placement with the plan of every day for the same problem, member by member."""
    instance = instance_of(problem)
    pairs = every_pair(instance)
    placed, usual = dict(placement.assignment), dict(solve(problem).answer.assignment)
    changed = {member for member in placed.keys() | usual.keys() if placed.get(member) != usual.get(member)}
    fits = {
        (instance.member_ids[i], instance.mentor_ids[j]): f
        for i, j, f in zip(*(column.tolist() for column in pairs.columns), strict=True)
        if instance.member_ids[i] in changed
    }
    return tuple(
        Steered(
            member=member,
            meets=placed.get(member),
            fit=fits.get((member, placed.get(member, "")), 0),
            usual=usual.get(member),
            usual_fit=fits.get((member, usual.get(member, "")), 0),
        )
        for member in sorted(changed)
    )
