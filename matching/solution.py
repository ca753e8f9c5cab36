"""What does an answer say?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from matching.weights import Weights

NO_FEASIBLE_MENTOR: Final = "no-feasible-mentor"
PLACES_SHORT: Final = "places-short"
SIDE_CONSTRAINT: Final = "side-constraint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """The levels, the first before all; `evenness` counts against a plan. Open matches are no part of it."""

    order_of_serving: int
    served: int
    fit: int
    evenness: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All that entered the objective for one proposal, and nothing else.

    `points` gives each term of the fit by name. `place` counts from 1 and includes open matches, so a sentence can say
    "place 3 of 4"; `evenness` is what that place cost. `rank` is that of the member's class of urgency and wait.
    `hour` is the standing hour, 0 to 167 from Monday 0:00 on the mentor's clock, where the policy asks for one.
    """

    covered_needs: tuple[str, ...]
    shared_experience: tuple[str, ...]
    shared_languages: tuple[str, ...]
    first_language_shared: bool
    shared_contact_modes: tuple[str, ...]
    shared_minutes: int
    points: Mapping[str, int]
    keep_bonus: int
    rank: int
    place: int
    capacity: int
    evenness: int
    hour: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Who should meet whom; `fit` is the sum of the explanation's points, 0 to 1,000, without the keep bonus."""

    member: str
    mentor: str
    fit: int
    explanation: Explanation


@dataclass(frozen=True, slots=True, kw_only=True)
class Duals:
    """The certificate, in units of evenness: `members` holds u_i, `mentors` holds v_j, by id.

    v_j is the price of a place at mentor j, the least that proves the plan; u_i is the value of serving member i.
    `hours` holds p_jh, the prices of mentors' hours that are not zero, where each pair has an hour of its own.
    """

    weights: Weights
    members: Mapping[str, int]
    mentors: Mapping[str, int]
    hours: Mapping[str, Mapping[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """How high a plan with side constraints stands on one level, and what no plan surpasses there.

    The multipliers say so in `scale`-ths of a unit of the level (`side.multipliers`): of members and mentors by id, of
    the rows of side constraints, and of the levels before. `by` says what the proof rests on (`side.climbing`), and
    `kernel` how many pairs were searched, if any.
    """

    goal: str
    value: int
    bound: int
    by: str
    kernel: int
    scale: int
    members: Mapping[str, int]
    mentors: Mapping[str, int]
    side: tuple[int, ...]
    before: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What has to be proven: who should meet whom, by ids in the order of members, what it reaches, and the proof.

    `hours` holds the hour of each pair by its member, where each has one of its own; `side` a proof for each level
    where side constraints stood in the way of what the duals prove.
    """

    assignment: tuple[tuple[str, str], ...]
    objective: Objective
    duals: Duals
    hours: Mapping[str, int] = field(default_factory=dict)
    side: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """An answer, what no plan betters, and whether that makes it the best; `seconds` by phase."""

    answer: Answer
    bound: Objective
    optimal: bool
    seconds: Mapping[str, float] = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """The proposals in the order of member ids, why the others still wait, and the proof.

    `bound` is what no plan betters, and the objective itself where the plan is best. `optimal` is computed: it says
    that the certificate was checked and holds. `seconds` by phase is no part of what makes two solutions equal.
    """

    proposals: tuple[Proposal, ...]
    unserved: Mapping[str, str]
    objective: Objective
    bound: Objective
    optimal: bool
    feasible_pairs: int
    duals: Duals
    side: tuple[Proof, ...] = ()
    seconds: Mapping[str, float] = field(compare=False)

    @property
    def answer(self) -> Answer:
        """Leave out the reasons."""
        assignment = tuple((proposal.member, proposal.mentor) for proposal in self.proposals)
        told = ((proposal.member, proposal.explanation.hour) for proposal in self.proposals)
        hours = {member: hour for member, hour in told if hour is not None}
        return Answer(assignment=assignment, objective=self.objective, duals=self.duals, hours=hours, side=self.side)
