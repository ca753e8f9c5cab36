"""What is left of a pool when everything is a word of bits or a number in a table? What `scanning` reads."""

from typing import Any, Final, NamedTuple

import numpy as np

from matching.arrays import WORD_BITS, Indices, Ints, Words
from matching.packing import Facing, words_of
from matching.pool import ANY, UNKNOWN, Pool
from matching.week import SLOT_MINUTES, SLOTS

STRETCH_SLOTS: Final = 4
"""The week is first compared in stretches of an hour."""

BLOCK: Final = 4096


class Side(NamedTuple):
    """One side of a pool.

    `weighty` has the words of needs and of experience, which bring most points, shape (people, words), one set after
    the other; `light` those of contact modes, of the first language and of the week, as far as points depend on them.
    `numbers` has shape (people, 1) for mentors: the age. For members, shape (people, 5): the age, where in `points`
    their table of needs begins, and that of contact modes, the most points that a pair of theirs can have, without the
    bonus, and how many of those neither needs nor experience bring.
    """

    weighty: Words
    light: Words
    numbers: Ints


class Index(NamedTuple):
    """Who has which code, so that one word of bits tells it of 64 mentors.

    `mentors` has shape (codes, ceil(m / 64)). `codes` holds the codes of members, those of i and kind k from
    `codes_from[KINDS i + k]` on: of languages, contact modes, needs and stretches of the week a pair must share one
    each, of hindrances, the last kind, none.
    """

    mentors: Words
    codes_from: Ints
    codes: Indices


class Exceptions(NamedTuple):
    """Whom members may not meet or should keep: those of member i from `barred_from[i]` to `barred_from[i + 1]`."""

    barred_from: Ints
    barred: Ints
    kept_from: Ints
    kept: Ints


class Packed(NamedTuple):
    """Both sides of a pool, what to look codes up in, the exceptions and the points.

    `edges` says where in `weighty` the needs and the experience begin, and where they end, and then in `light` the
    contact modes, the first language and the week: set k has the words from `edges[k]` to `edges[k + 1]`. `points`
    holds tables one after another, so that nothing needs to be divided; `single` holds what stands under the names
    below.
    """

    members: Side
    mentors: Side
    lookup: Index
    exceptions: Exceptions
    edges: Ints
    points: Ints
    single: Ints


LANGUAGE, BONUS, LEAST_SLOTS, MOST_TIME, OLDEST_APART, AGE_AT, TIME_AT = range(7)
"""The points of a first language shared and of a pair kept, the least slots in common, the most points of time, the
last entry of the table of ages, and where the tables of ages and of time begin; the one of experience begins at 0."""

KINDS: Final = 5
WEEK_KIND: Final = 3


def packed(pool: Pool, barred: Ints) -> Packed:
    """Pack a pool; `barred` are the keys of the pairs that the rule `relation` forbids, ascending."""
    n, m = len(pool.members), len(pool.mentors)
    weighty, light = [pool.needs, pool.matchable], [pool.contact_modes, pool.first_language, pool.week]
    points, single, needs_at, modes_at = _points(pool)
    numbers = [pool.member_age, needs_at[pool.needs_stated], modes_at[pool.modes_stated], *_most_points(pool)]
    return Packed(
        members=Side(
            _joined([each.members for each in weighty]),
            _joined([each.members for each in light]),
            np.stack(numbers, axis=1),
        ),
        mentors=Side(
            _joined([each.mentors for each in weighty]),
            _joined([each.mentors for each in light]),
            pool.mentor_age[:, np.newaxis],
        ),
        lookup=_index([pool.languages, pool.contact_modes, pool.needs, _hindrances(pool)], pool),
        exceptions=Exceptions(*_by_member(barred, n, m), *_by_member(pool.kept, n, m)),
        edges=np.concatenate([np.cumsum([0, *(len(each.members) for each in sets)]) for sets in (weighty, light)]),
        points=points,
        single=single,
    )


def _joined(sets: list[Words]) -> Words:
    return np.ascontiguousarray(np.concatenate(sets).T)


def _index(sets: list[Facing], pool: Pool) -> Index:
    """Index what must meet, in three sets and the week, and hindrances, the fourth set, which must not."""
    n, m, least = len(pool.members), len(pool.mentors), pool.policy.min_shared_minutes
    must_meet, hindrances = sets[:3], sets[3]
    member_sides = [*(each.members for each in must_meet), pool.week.members, hindrances.members]
    mentor_sides = [*(each.mentors for each in must_meet), pool.week.mentors, hindrances.mentors]
    codes, counts = [np.empty(0, dtype=np.int32)], [np.empty(0, dtype=np.int64)]
    for first in range(0, n, BLOCK):
        kinds = _kinds([each[:, first : first + BLOCK] for each in member_sides], least)
        codes.append(np.nonzero(np.hstack(kinds))[1].astype(np.int32))
        counts.append(np.stack([kind.sum(axis=1, dtype=np.int64) for kind in kinds], axis=1).ravel())
    has = np.hstack(_kinds(mentor_sides, least))
    padded = np.zeros((has.shape[1], -(-m // WORD_BITS) * WORD_BITS), dtype=np.bool_)
    padded[:, :m] = has.T
    mentors = np.packbits(padded, axis=1, bitorder="little").view("<u8").astype(np.uint64)
    codes_from = np.concatenate([[0], np.cumsum(np.concatenate(counts))])
    return Index(mentors, codes_from, np.concatenate(codes))


def _kinds(sides: list[Words], min_shared_minutes: int) -> list[np.ndarray[Any, Any]]:
    """Unpack the sets of some people into a column a code; the week into one a stretch."""
    kinds: list[Any] = [_bits(each).astype(np.bool_) for each in sides]
    slots = kinds[WEEK_KIND][:, :SLOTS]
    kinds[WEEK_KIND] = slots.reshape(len(slots), SLOTS // STRETCH_SLOTS, STRETCH_SLOTS).any(axis=2)
    if min_shared_minutes == 0:
        kinds[WEEK_KIND] = np.ones((len(slots), 1), dtype=np.bool_)
    return kinds


def _most_points(pool: Pool) -> tuple[Ints, Ints]:
    """Bound the points of any pair of each member, by what the member alone says; in all, and in the smaller terms."""
    policy = pool.policy
    experience = np.array([0, policy.one_experience_points, policy.more_experiences_points])
    smaller = policy.contact_modes_points + policy.first_language_points + policy.time_points
    by_age = np.where(pool.member_age == UNKNOWN, 0, max(policy.near_age_points, policy.far_age_points))
    stated = np.minimum(2, np.bitwise_count(pool.matchable.members).sum(axis=0, dtype=np.int64))
    return policy.needs_points + np.maximum.accumulate(experience)[stated] + smaller + by_age, smaller + by_age


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
    single = [policy.first_language_points, policy.keep_bonus, least_slots, policy.time_points]
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
