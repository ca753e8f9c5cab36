"""People who fit each other in everything, so that a test needs to say only what matters to it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import numpy as np

from matching.instance import Instance
from matching.pairs import Listed, Pairs
from matching.problem import Member, Mentor, Policy, Problem, Window

TODAY = date(2026, 3, 4)
EVENING = Window(day=1, start=18 * 60, end=20 * 60)


def a_member(**said: Any) -> Member:
    name = said.get("id", "ash")
    usual = {
        "id": name,
        "person": f"person of {name}",
        "urgency": "soon",
        "waiting_since": date(2026, 1, 15),
        "needs": ("housing", "benefits"),
        "lived_experience": frozenset({"recovery"}),
        "matchable": frozenset({"recovery"}),
        "languages": ("en", "pt"),
        "contact_modes": frozenset({"video", "phone"}),
        "availability": (EVENING,),
        "time_zone": "UTC",
    }
    return Member(**{**usual, **said})


def a_mentor(**said: Any) -> Mentor:
    name = said.get("id", "wren")
    usual = {
        "id": name,
        "person": f"person of {name}",
        "languages": ("en",),
        "contact_modes": frozenset({"video"}),
        "availability": (EVENING,),
        "time_zone": "UTC",
        "offers": frozenset({"housing"}),
        "lived_experience": frozenset({"recovery"}),
        "matchable": frozenset({"recovery"}),
        "capacity": 1,
        "open": 0,
    }
    return Mentor(**{**usual, **said})


def a_problem(members: Sequence[Member], mentors: Sequence[Mentor], **said: Any) -> Problem:
    return Problem(**{"today": TODAY, "members": tuple(members), "mentors": tuple(mentors), **said})


def a_random_problem(seed: int, *, most_members: int = 6, most_mentors: int = 4, both_sides: bool = True) -> Problem:
    """Few people and few codes: about half of the pairs are feasible, places are short, ties are many."""
    rng = Random(seed)
    members = [_random_member(rng, f"m{k}") for k in range(rng.randint(2, most_members))]
    mentors = [_random_mentor(rng, f"t{k}") for k in range(rng.randint(2, most_mentors))]
    if both_sides:
        mentors = [_perhaps_a_member_too(rng, mentor, member) for mentor, member in zip(mentors, members, strict=False)]
    pairs = [(member.id, mentor.id) for member in members for mentor in mentors]
    rng.shuffle(members)
    rng.shuffle(mentors)
    return a_problem(
        members,
        mentors,
        barred=frozenset(pair for pair in pairs if rng.random() < 0.1),
        kept=frozenset(pair for pair in pairs if rng.random() < 0.2),
    )


def an_instance(r: Sequence[int], places: Sequence[tuple[int, int]], pairs: Sequence[tuple[int, int, int]]) -> Instance:
    """Name an instance by its numbers: ranks, (capacity, open) of the mentors, and (i, j, fit) of the pairs."""
    i, j, f = (np.array([pair[column] for pair in sorted(pairs)], dtype=np.int32) for column in range(3))
    return Instance(
        member_ids=tuple(f"m{k}" for k in range(len(r))),
        mentor_ids=tuple(f"t{k}" for k in range(len(places))),
        r=np.array(r, dtype=np.int64),
        c=np.array([capacity for capacity, _ in places], dtype=np.int64),
        o=np.array([taken for _, taken in places], dtype=np.int64),
        candidates=Listed(Pairs(i, j, f), len(r), len(places)),
        kept=np.array([], dtype=np.int64),
        pins=np.array([], dtype=np.int64),
        seed="",
        full_fit=Policy().full_fit + Policy().keep_bonus,
        levels=8,
    )


def a_random_instance(seed: int) -> Instance:
    """Ranks, places and fits at their extremes, so that a level of the objective that gives way is seen to."""
    rng = Random(seed)
    n, m = rng.randint(1, 5), rng.randint(1, 4)
    fits = rng.choice([(0, 1, 2, 3), (0, 1025), (0, 500, 1000, 1025)])
    places = [(capacity := rng.randint(0, 4), rng.randint(0, capacity)) for _ in range(m)]
    pairs = [(i, j, rng.choice(fits)) for i in range(n) for j in range(m) if rng.random() < 0.7]
    return an_instance([rng.randint(1, 3) for _ in range(n)], places, pairs)


def _random_person(rng: Random) -> dict[str, Any]:
    lived = frozenset(rng.sample("xyz", rng.randint(0, 2)))
    return {
        "languages": tuple(rng.sample(["en", "es", "pt"], rng.randint(2, 3))),
        "contact_modes": frozenset(rng.sample(["video", "phone", "text"], rng.randint(2, 3))),
        "availability": tuple(
            Window(day=rng.randint(0, 1), start=rng.choice([480, 540, 630]), end=rng.choice([760, 900, 1020]))
            for _ in range(rng.randint(1, 3))
        ),
        "time_zone": rng.choice(["UTC", "UTC", "Europe/London", "Europe/Berlin", "Asia/Kolkata"]),
        "lived_experience": lived,
        "matchable": frozenset(topic for topic in sorted(lived) if rng.random() < 0.7),
        "gender": rng.choice(["woman", "man", None]),
        "age": rng.choice([None, 20, 30, 41, 55]),
    }


def _random_member(rng: Random, name: str) -> Member:
    return a_member(
        id=name,
        urgency=rng.choice(["urgent", "soon", "routine"]),
        waiting_since=TODAY - timedelta(days=rng.randint(0, 2)),
        needs=tuple(rng.sample("abc", rng.randint(2, 3))),
        avoid_topics=frozenset(rng.sample("axyz", rng.choice([0, 0, 0, 0, 1]))),
        mentor_gender=rng.choice(["any", "any", "any", "any", "same", "woman"]),
        **_random_person(rng),
    )


def _random_mentor(rng: Random, name: str) -> Mentor:
    return a_mentor(
        id=name,
        offers=frozenset(rng.sample("abc", rng.randint(1, 3))),
        declined_topics=frozenset(rng.sample("axyz", rng.choice([0, 0, 0, 0, 1]))),
        capacity=rng.choice([0, 1, 1, 2, 3]),
        open=rng.choice([0, 0, 0, 1]),
        **_random_person(rng),
    )


def _perhaps_a_member_too(rng: Random, mentor: Mentor, member: Member) -> Mentor:
    return replace(mentor, person=member.person) if rng.random() < 0.5 else mentor
