"""Who waits, who has places, and what would make a good plan?

**Notation.** Members `i` wait, each in a class of urgency and wait with rank `r_i` (1 for the least pressing class,
one more for each class above it). Mentors `j` have `c_j` places, of which `o_j` are taken by open matches. A pair
`(i, j)` is feasible when every rule of `rules.RULES` holds. A feasible pair has a fit `f_ij`: the sum of the terms of
`fit.TERMS`, whole numbers from 0 to 1,000, plus `keep_bonus` if the preceding round proposed the pair and it is still
open.

**Problem.** Propose to each member at most one mentor, to each mentor at most `c_j - o_j` members, feasible pairs only,
so that, each level before the next,

1. order of serving: the sum of `r_i` over the members served is greatest (this also serves as many as can be served);
2. fit: the sum of `f_ij` over the proposals is greatest;
3. evenness: the sum of `floor(8 k / c_j)` over the places taken is least, `k` being 0 for a mentor's first place, 1 for
   the second and so on, with the open matches on the first `o_j`.

Why the first level counts as it does: the sets of members who can be served together are the independent sets of a
transversal matroid (Edmonds and Fulkerson, 1965). Its greedy algorithm finds the heaviest such set from the order of
the weights alone, so ranks say all that urgency and wait can say, and no choice of weights could say more.

**Guarantee.** `solve.solve` answers over all feasible pairs, not a shortlist, and `certificate` proves it of each
answer.

**Warning.** The plan is best for what people said. Nobody is guarded against those who say something else: a mentor who
understates capacity, or a member who overstates urgency, changes the plan. docs/strategy.md says who gains by what.
"""

from dataclasses import dataclass, field
from datetime import date
from itertools import chain

from matching.people import Absence, Calendar, ExtraHours, Member, Mentor, Recurrence, Window
from matching.policy import Policy
from matching.side.constraints import SideConstraints
from matching.side.naming import complaints_about_side
from matching.validity import InvalidProblem, complaints_about_pins, first_complaint

__all__ = [
    "Absence",
    "Calendar",
    "ExtraHours",
    "InvalidProblem",
    "Member",
    "Mentor",
    "Policy",
    "Problem",
    "Recurrence",
    "Window",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One round's question. People whose consent or standing does not hold must be left out by the caller.

    `barred` and `kept` hold pairs (member id, mentor id). Barred pairs may not meet, for whatever reason; kept pairs
    were proposed by the preceding round and are still open. Ids that are not in the problem do no harm. `seed` decides
    between plans that are equally good (`canonical`). `pins` are pairs that must be proposed; whether they are feasible
    is seen when the problem is solved. `side` constraints hold for every plan (`side.constraints`).

    Raises `InvalidProblem` when a part of it cannot be.
    """

    today: date
    members: tuple[Member, ...]
    mentors: tuple[Mentor, ...]
    policy: Policy = field(default_factory=Policy)
    barred: frozenset[tuple[str, str]] = frozenset()
    kept: frozenset[tuple[str, str]] = frozenset()
    seed: str = ""
    pins: tuple[tuple[str, str], ...] = ()
    side: SideConstraints = field(default_factory=SideConstraints)

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        places = {mentor.id: max(0, mentor.capacity - mentor.open) for mentor in self.mentors}
        members = {member.id for member in self.members}
        complaint = first_complaint(self.policy, self.members, self.mentors) or next(
            chain(
                complaints_about_pins(self.pins, places, members),
                complaints_about_side(self.side, members, places, with_hours=self.policy.standing_hour),
            ),
            None,
        )
        if complaint:
            raise InvalidProblem(complaint)
