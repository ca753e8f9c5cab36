"""How well would two people fit, and which term brings how many points?"""

from collections.abc import Callable
from typing import Final

import numpy as np

from matching.arrays import Flags, Indices, Ints
from matching.pool import UNKNOWN, Pool
from matching.week import SLOT_MINUTES

Term = Callable[[Pool, Indices, Indices], Ints]
"""A term takes the indices of p feasible pairs, shapes (p,), and gives each its points, rounded down."""


def needs(pool: Pool, i: Indices, j: Indices) -> Ints:
    """Points by the part of the member's needs that the mentor offers."""
    return pool.policy.needs_points * pool.needs.shared(i, j) // pool.needs_stated[i]


def lived_experience(pool: Pool, i: Indices, j: Indices) -> Ints:
    """Points for one lived experience in common, others for two or more; only what both marked as matchable counts."""
    policy = pool.policy
    points = np.array([0, policy.one_experience_points, policy.more_experiences_points], dtype=np.int64)
    return points[np.minimum(pool.matchable.shared(i, j), 2)]


def time(pool: Pool, i: Indices, j: Indices) -> Ints:
    """Points by the time they are free together, up to what the policy calls full."""
    full = pool.policy.full_time_minutes
    return pool.policy.time_points * np.minimum(shared_minutes(pool, i, j), full) // full


def contact_modes(pool: Pool, i: Indices, j: Indices) -> Ints:
    """Points by the part of the member's contact modes that the mentor shares."""
    return pool.policy.contact_modes_points * pool.contact_modes.shared(i, j) // pool.modes_stated[i]


def first_language(pool: Pool, i: Indices, j: Indices) -> Ints:
    """Points if the mentor speaks the language that the member puts first."""
    return pool.policy.first_language_points * pool.first_language.meet(i, j)


def age(pool: Pool, i: Indices, j: Indices) -> Ints:
    """Points for ages that are near, fewer for ages less near; none if either is unknown."""
    policy, member, mentor = pool.policy, pool.member_age[i], pool.mentor_age[j]
    apart = np.abs(member - mentor)
    far = np.where(apart <= policy.far_age_years, policy.far_age_points, 0)
    known: Flags = (member != UNKNOWN) & (mentor != UNKNOWN)
    return np.where(apart <= policy.near_age_years, policy.near_age_points, far) * known


TERMS: Final[dict[str, Term]] = {
    "needs": needs,
    "lived-experience": lived_experience,
    "time": time,
    "contact-modes": contact_modes,
    "first-language": first_language,
    "age": age,
}


def shared_minutes(pool: Pool, i: Indices, j: Indices) -> Ints:
    """Measure the time in the week at which both are free."""
    return pool.week.shared(i, j) * SLOT_MINUTES


def points(pool: Pool, i: Indices, j: Indices) -> dict[str, Ints]:
    """Give the points of p feasible pairs, term by term."""
    return {name: term(pool, i, j) for name, term in TERMS.items()}


def keep_bonus(pool: Pool, i: Indices, j: Indices) -> Ints:
    """Give the bonus of each of p pairs: what the preceding round proposed should not change without a reason."""
    return pool.policy.keep_bonus * np.isin(pool.keys(i, j), pool.kept)
