"""What is left of a pool when everything is a word of bits or a number in a table? What `comparing` reads.

Other than in `matching.packed`, whose index is made for a pool that stands still, each person has words of their own,
so that one can come or go without touching anybody else.
"""

from typing import Any, Final, NamedTuple

import numpy as np

from matching.arrays import WORD_BITS, Ints, Words
from matching.packing import Facing, words_of
from matching.pool import ANY, UNKNOWN, Pool
from matching.week import SLOT_MINUTES, SLOTS

COARSE_SLOTS: Final = 12
"""A bit of the coarse week stands for three hours."""


class Side(NamedTuple):
    """One side of a pool.

    `glance` has five words a person, shape (5, people), for a first look: three that must meet, the coarse week, which
    must meet too, and hindrances, which must not. It lets too many pairs through where a set has more than 64 codes.
    `sets` has all words, shape (people, words), one set after the other. `numbers` has shape (people, 3): the age, and
    where in `points` the member's table of needs begins, and that of contact modes.
    """

    glance: Words
    sets: Words
    numbers: Ints


class Exceptions(NamedTuple):
    """Whom members may not meet or should keep: those of member i from `barred_from[i]` to `barred_from[i + 1]`."""

    barred_from: Ints
    barred: Ints
    kept_from: Ints
    kept: Ints


class Packed(NamedTuple):
    """Both sides of a pool, the exceptions and the points.

    `edges` says where in `sets` each begins and the last ends: languages, contact modes, needs, hindrances, experience,
    first language, week. `points` holds tables one after another, so that nothing needs to be divided; `single` holds
    what stands under the names below.
    """

    members: Side
    mentors: Side
    exceptions: Exceptions
    edges: Ints
    points: Ints
    single: Ints


LANGUAGE, BONUS, LEAST_SLOTS, MOST_TIME, FULL, OLDEST_APART, AGE_AT, TIME_AT = range(8)
"""The points of a first language shared and of a pair kept, the least slots in common, the most points of time and of
all, the last entry of the table of ages, and where the tables of ages and of time begin; the one of experience begins
at 0."""


def packed(pool: Pool, barred: Ints) -> Packed:
    """Pack a pool; `barred` are the keys of the pairs that the rule `relation` forbids, ascending."""
    n, m, hindrances = len(pool.members), len(pool.mentors), _hindrances(pool)
    sets = [pool.languages, pool.contact_modes, pool.needs, hindrances, pool.matchable, pool.first_language, pool.week]
    points, single, needs_at, modes_at = _points(pool)
    members = np.stack([pool.member_age, needs_at[pool.needs_stated], modes_at[pool.modes_stated]], axis=1)
    return Packed(
        members=_side(pool, [each.members for each in sets], members),
        mentors=_side(pool, [each.mentors for each in sets], pool.mentor_age[:, np.newaxis]),
        exceptions=Exceptions(*_by_member(barred, n, m), *_by_member(pool.kept, n, m)),
        edges=np.cumsum([0, *(len(each.members) for each in sets)]),
        points=points,
        single=single,
    )


def _side(pool: Pool, sets: list[Words], numbers: Ints) -> Side:
    must_meet = [np.bitwise_or.reduce(each, axis=0) for each in sets[:3]]
    week, hindrances = sets[-1], sets[3]
    glance = np.stack([*must_meet, _coarse(week, pool.policy.min_shared_minutes), hindrances[0]])
    return Side(glance, np.ascontiguousarray(np.concatenate(sets).T), np.ascontiguousarray(numbers))


def _coarse(week: Words, min_shared_minutes: int) -> Words:
    """Say in which stretches of three hours somebody has any time, shape (people,)."""
    if min_shared_minutes == 0:
        return np.ones(week.shape[1], dtype=np.uint64)
    slots = _bits(week)[:, :SLOTS].reshape(week.shape[1], SLOTS // COARSE_SLOTS, COARSE_SLOTS)
    stretches: np.ndarray[Any, Any] = np.asarray(slots.any(axis=2))
    coarse: Words = _words(stretches)[0]
    return coarse


def _hindrances(pool: Pool) -> Facing:
    """Put all that must not meet into one set: topics avoided, topics declined, and genders not wanted."""
    genders = np.arange(UNKNOWN, max(pool.mentor_gender.max(initial=UNKNOWN), UNKNOWN) + 1)
    wanted = pool.wanted_gender[:, np.newaxis]
    unwanted = (wanted != ANY) & (wanted != genders)
    has = pool.mentor_gender[:, np.newaxis] == genders
    topics = (pool.avoided, pool.declined)
    used = [np.flatnonzero(_bits(each.members).any(axis=0) & _bits(each.mentors).any(axis=0)) for each in topics]
    members = [_bits(each.members)[:, bits] for each, bits in zip(topics, used, strict=True)]
    mentors = [_bits(each.mentors)[:, bits] for each, bits in zip(topics, used, strict=True)]
    return Facing(_words(np.hstack([unwanted, *members])), _words(np.hstack([has, *mentors])))


def _bits(words: Words) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    octets = np.ascontiguousarray(words.T).astype("<u8").view(np.uint8)
    return np.unpackbits(octets, axis=1, bitorder="little")


def _words(bits: np.ndarray[Any, Any]) -> Words:
    people, width = bits.shape
    padded = np.zeros((people, -(-max(1, width) // WORD_BITS) * WORD_BITS), dtype=np.bool_)
    padded[:, :width] = bits
    return words_of(np.packbits(padded, axis=1, bitorder="little"))


def _by_member(keys: Ints, n: int, m: int) -> tuple[Ints, Ints]:
    """Split keys of pairs into where each member's begin, shape (n + 1,), and the mentors."""
    return np.searchsorted(keys, np.arange(n + 1) * m), keys % max(1, m)


def _points(pool: Pool) -> tuple[Ints, Ints, Ints, Ints]:
    """Lay out the tables: all points, what stands alone, and where the tables for so many stated begin."""
    policy = pool.policy
    years = np.arange(max(policy.near_age_years, policy.far_age_years) + 2)
    far = np.where(years <= policy.far_age_years, policy.far_age_points, 0)
    minutes = np.minimum(np.arange(SLOTS + 1) * SLOT_MINUTES, policy.full_time_minutes)
    tables = [
        np.array([0, policy.one_experience_points, policy.more_experiences_points]),
        np.where(years <= policy.near_age_years, policy.near_age_points, far),
        policy.time_points * minutes // policy.full_time_minutes,
        by_needs := _by_part(policy.needs_points, pool.needs_stated),
        by_modes := _by_part(policy.contact_modes_points, pool.modes_stated),
    ]
    _, age_at, time_at, needs_at, modes_at = np.cumsum([0, *(table.size for table in tables)])[:-1].tolist()
    least_slots = -(-policy.min_shared_minutes // SLOT_MINUTES)
    single = [policy.first_language_points, policy.keep_bonus, least_slots, policy.time_points, policy.full_fit]
    return (
        np.concatenate([table.ravel() for table in tables]),
        np.array([*single, len(years) - 1, age_at, time_at], dtype=np.int64),
        needs_at + len(by_needs) * np.arange(len(by_needs)),
        modes_at + len(by_modes) * np.arange(len(by_modes)),
    )


def _by_part(points: int, stated: Ints) -> Ints:
    """Tell points by (stated, shared)."""
    most = int(stated.max(initial=1))
    table: Ints = points * np.arange(most + 1) // np.maximum(1, np.arange(most + 1))[:, np.newaxis]
    return table
