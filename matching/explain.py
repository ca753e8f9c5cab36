"""Why this mentor for this member? Only what entered the objective is told."""

from collections.abc import Sequence

import numpy as np

from matching.arrays import Ints
from matching.assignment import NOBODY
from matching.fit import TERMS, keep_bonus, points, shared_minutes
from matching.instance import Instance
from matching.pool import Pool
from matching.ranks import turns
from matching.solution import Explanation, Proposal


def proposals(pool: Pool, instance: Instance, mentor_of: Ints, hour_of: Ints | None = None) -> tuple[Proposal, ...]:
    """Make a plan into proposals with their reasons, in the order of member ids."""
    i = np.flatnonzero(mentor_of != NOBODY)
    j = mentor_of[i]
    k = _places(instance, i, j)
    about = [i, j, k, instance.evenness(j, k), shared_minutes(pool, i, j), keep_bonus(pool, i, j)]
    rows = np.stack([*about, *points(pool, i, j).values()], axis=1).tolist()
    hours = [None] * len(i) if hour_of is None else hour_of[i].tolist()
    return tuple(
        _proposal(pool, row[: len(about)], row[len(about) :], hour) for row, hour in zip(rows, hours, strict=True)
    )


def _places(instance: Instance, i: Ints, j: Ints) -> Ints:
    """Number the places k that the pairs take: at each mentor, whoever comes first in the order of serving is first."""
    order = np.lexsort((turns(instance.r)[i], j))
    newcomers = np.arange(len(j)) - np.searchsorted(j[order], j[order])
    k = np.empty_like(j)
    k[order] = instance.o[j[order]] + newcomers
    return k


def _proposal(pool: Pool, about: Sequence[int], terms: Sequence[int], hour: int | None) -> Proposal:
    i, j, k, evenness, minutes, bonus = about
    member, mentor = pool.members[i], pool.mentors[j]
    explanation = Explanation(
        covered_needs=_in_order(member.needs, mentor.offers),
        shared_experience=tuple(sorted(member.matchable & mentor.matchable)),
        shared_languages=_in_order(member.languages, mentor.languages),
        first_language_shared=member.languages[0] in mentor.languages,
        shared_contact_modes=tuple(sorted(member.contact_modes & mentor.contact_modes)),
        shared_minutes=minutes,
        points=dict(zip(TERMS, terms, strict=True)),
        keep_bonus=bonus,
        rank=int(pool.r[i]),
        place=k + 1,
        capacity=mentor.capacity,
        evenness=evenness,
        hour=hour,
    )
    return Proposal(member=member.id, mentor=mentor.id, fit=sum(terms), explanation=explanation)


def _in_order(codes: Sequence[str], among: Sequence[str] | frozenset[str]) -> tuple[str, ...]:
    return tuple(code for code in dict.fromkeys(codes) if code in among)
