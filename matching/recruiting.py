"""Whom should a programme look for next? Of a catalogue of profiles, the ones that would bring the plan most.

A profile is a mentor who is not there: a language, something to offer, an experience, a time of the week, a gender.
What c places of such a mentor bring is at most

    sum over k < c of max(0, g_k - floor(8 k / c)),    g_0 >= g_1 >= ... the greatest w_ij - u_i over members i

for at some price of the newcomer, with the values u_i raised by what their pairs are worth beyond it, the duals hold
again and their sum grows by that. So profiles are tried in the order of their bounds, each by solving the problem with
it, until no bound is above the best gain found: that one is the best of the catalogue. Then it counts as recruited, and
the search goes on for the next.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

import numpy as np

from matching.arrays import Ints
from matching.instance import instance_of
from matching.market import prices_of
from matching.people import ANY_GENDER, DAYS_A_WEEK, SAME_GENDER, Mentor, Window
from matching.problem import Problem
from matching.solution import Objective, Solution
from matching.what_if import one_more_mentor

MOST_CODES: Final = 8
"""How many languages, needs and experiences a catalogue is made of, the most frequent ones."""

WORKDAYS: Final = range(5)
TIMES: Final = {
    "weekday mornings": tuple(Window(day=day, start=9 * 60, end=12 * 60) for day in WORKDAYS),
    "weekday afternoons": tuple(Window(day=day, start=13 * 60, end=17 * 60) for day in WORKDAYS),
    "weekday evenings": tuple(Window(day=day, start=18 * 60, end=21 * 60) for day in WORKDAYS),
    "weekends": tuple(Window(day=day, start=10 * 60, end=17 * 60) for day in range(5, DAYS_A_WEEK)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A mentor to look for; `experience` and `gender` are None where they do not matter."""

    language: str
    offer: str
    experience: str | None
    time: str
    gender: str | None

    @property
    def lived(self) -> frozenset[str]:
        """Their experience as a mentor would have it."""
        return frozenset({self.experience} if self.experience is not None else ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Recruit:
    """A profile and by how much each level grows if somebody like that joins, after those before on the list."""

    profile: Profile
    growth: Objective


def recruits(problem: Problem, solution: Solution, *, places: int, most: int) -> tuple[Recruit, ...]:
    """Find at most `most` profiles, with `places` places each, one after the other the best of the catalogue.

    Fewer, if nobody in the catalogue would bring anything more. Expects a solution that is proven best.
    """
    catalogue, found = tuple(_catalogue(problem)), list[Recruit]()
    while len(found) < most:
        best = _best(problem, solution, catalogue, places, f"recruit {len(found) + 1}")
        if best is None:
            break
        recruit, problem, solution = best
        found.append(recruit)
    return tuple(found)


def _best(
    problem: Problem, solution: Solution, catalogue: tuple[Profile, ...], places: int, name: str
) -> tuple[Recruit, Problem, Solution] | None:
    mentors = _mentors(problem, catalogue, places, name)
    bounds = _bounds(problem, solution, mentors, places)
    best, most = None, 0
    for number in np.argsort(-bounds, kind="stable").tolist():
        if bounds[number] <= most:
            break
        effect = one_more_mentor(problem, solution, mentors[number])
        if effect.gain > most:
            joined = replace(problem, mentors=(*problem.mentors, mentors[number]))
            best = Recruit(profile=catalogue[number], growth=effect.growth), joined, effect.solution
            most = effect.gain
    return best


def _bounds(problem: Problem, solution: Solution, mentors: Sequence[Mentor], places: int) -> Ints:
    """Give what each newcomer brings at most, folded, shape (mentors,)."""
    instance = instance_of(_beside(problem, mentors))
    u = np.array([solution.duals.members[member] for member in instance.member_ids], dtype=np.int64)
    prices = prices_of(instance, solution.duals.weights, u, np.zeros(instance.m, dtype=np.int64))
    pairs = instance.candidates.exceeding(prices, max(1, instance.m))
    gain = pairs.excess(prices)
    order = np.lexsort((-gain, pairs.j))
    j = pairs.j[order].astype(np.int64)
    k = np.arange(len(j)) - np.searchsorted(j, j)
    bounds = np.zeros(instance.m, dtype=np.int64)
    np.add.at(bounds, j, np.where(k < places, np.maximum(0, gain[order] - instance.evenness(j, k)), 0))
    return bounds


def _beside(problem: Problem, mentors: Sequence[Mentor]) -> Problem:
    """Put members who are not pinned beside newcomers alone, who keep their order."""
    pinned = {member for member, _ in problem.pins}
    return replace(
        problem,
        members=tuple(member for member in problem.members if member.id not in pinned),
        mentors=tuple(replace(mentor, id=f"{number:09}") for number, mentor in enumerate(mentors)),
        pins=(),
    )


def _catalogue(problem: Problem) -> Iterator[Profile]:
    """Combine what members ask for, the most frequent codes of each kind."""
    members = problem.members
    wanted = {each.mentor_gender for each in members} - {ANY_GENDER, SAME_GENDER}
    wanted |= {each.gender for each in members if each.mentor_gender == SAME_GENDER and each.gender is not None}
    for language, offer, experience, time, gender in product(
        _most_frequent(each.languages for each in members),
        _most_frequent(each.needs for each in members),
        (None, *_most_frequent(each.matchable for each in members)),
        TIMES,
        (None, *sorted(wanted)),
    ):
        yield Profile(language=language, offer=offer, experience=experience, time=time, gender=gender)


def _most_frequent(codes: Iterable[Iterable[str]]) -> list[str]:
    counted = Counter(code for each in codes for code in set(each))
    return sorted(sorted(counted), key=lambda code: -counted[code])[:MOST_CODES]


def _mentors(problem: Problem, catalogue: Sequence[Profile], places: int, name: str) -> list[Mentor]:
    """Make mentors of profiles: in the zone of most members, by every way to meet that members have."""
    if not catalogue:
        return []
    time_zone = _most_frequent({each.time_zone} for each in problem.members)[0]
    contact_modes = frozenset().union(*(each.contact_modes for each in problem.members))
    return [
        Mentor(
            id=name,
            person=name,
            languages=(profile.language,),
            contact_modes=contact_modes,
            availability=TIMES[profile.time],
            time_zone=time_zone,
            offers=frozenset({profile.offer}),
            lived_experience=profile.lived,
            matchable=profile.lived,
            capacity=places,
            open=0,
            gender=profile.gender,
        )
        for profile in catalogue
    ]
