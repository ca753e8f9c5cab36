"""Who may meet whom, and which rules say no?

Consent and standing are rules too, but they are the caller's: people who lack them never enter the problem.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from matching.arrays import Flags, Indices
from matching.pool import ANY, Pool
from matching.week import SLOT_MINUTES

Rule = Callable[[Pool, Indices, Indices], Flags]
"""A rule takes indices of members and mentors in shapes that broadcast and tells for which pairs it holds."""


def language(pool: Pool, i: Indices, j: Indices) -> Flags:
    """They share a language."""
    return pool.languages.meet(i, j)


def contact_mode(pool: Pool, i: Indices, j: Indices) -> Flags:
    """They share a contact mode."""
    return pool.contact_modes.meet(i, j)


def time(pool: Pool, i: Indices, j: Indices) -> Flags:
    """They are free together for long enough in the week."""
    enough: Flags = pool.week.shared(i, j) * SLOT_MINUTES >= pool.policy.min_shared_minutes
    return enough


def standing_hour(pool: Pool, i: Indices, j: Indices) -> Flags:
    """They share an hour of every week of the year that no open match of the mentor has, if the policy asks for one."""
    return (
        np.ones(np.broadcast_shapes(i.shape, j.shape), dtype=np.bool_) if pool.hours is None else pool.hours.meet(i, j)
    )


def need(pool: Pool, i: Indices, j: Indices) -> Flags:
    """The mentor offers something that the member needs."""
    return pool.needs.meet(i, j)


def member_boundary(pool: Pool, i: Indices, j: Indices) -> Flags:
    """Nothing that the member avoids is among what the mentor lived through or offers."""
    return ~pool.avoided.meet(i, j)


def mentor_boundary(pool: Pool, i: Indices, j: Indices) -> Flags:
    """Nothing that the mentor declines is among what the member lived through or needs."""
    return ~pool.declined.meet(i, j)


def preference(pool: Pool, i: Indices, j: Indices) -> Flags:
    """The mentor has the gender on which the member insists."""
    wanted = pool.wanted_gender[i]
    holds: Flags = (wanted == ANY) | (wanted == pool.mentor_gender[j])
    return holds


def relation(pool: Pool, i: Indices, j: Indices) -> Flags:
    """They are two people and no pair is barred. `pairs` adds that no two people support each other."""
    two_people: Flags = pool.member_person[i] != pool.mentor_person[j]
    return two_people & ~np.isin(pool.keys(i, j), pool.barred)


STANDING_HOUR: Final = "standing-hour"
RELATION: Final = "relation"

RULES: Final[dict[str, Rule]] = {
    "language": language,
    "contact-mode": contact_mode,
    "time": time,
    STANDING_HOUR: standing_hour,
    "need": need,
    "member-boundary": member_boundary,
    "mentor-boundary": mentor_boundary,
    "preference": preference,
    RELATION: relation,
}
