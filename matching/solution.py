"""What does an answer say?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from matching.weights import Weights

NO_FEASIBLE_MENTOR: Final = "no-feasible-mentor"
PLACES_SHORT: Final = "places-short"


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
    """

    weights: Weights
    members: Mapping[str, int]
    mentors: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """The proposals in the order of member ids, why the others still wait, and the proof.

    `optimal` is computed: it says that the certificate was checked and holds. `seconds` by phase is no part of what
    makes two solutions equal.
    """

    proposals: tuple[Proposal, ...]
    unserved: Mapping[str, str]
    objective: Objective
    optimal: bool
    feasible_pairs: int
    duals: Duals
    seconds: Mapping[str, float] = field(compare=False)
