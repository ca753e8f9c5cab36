"""Edits as coordinators and people make them, some of them impossible."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from matching.problem import Policy, Problem
from matching.session import (
    AddMember,
    AddMentor,
    Allow,
    ChangeCapacity,
    ChangePolicy,
    Edit,
    Forbid,
    Pin,
    Session,
    Swap,
    Unpin,
    WithdrawMember,
    WithdrawMentor,
)
from tests.matching.given import TODAY, _random_member, _random_mentor

POLICIES = (Policy(), Policy(keep_bonus=0), Policy(evenness_levels=3, time_points=90), Policy(min_shared_minutes=90))


def an_edit(rng: Random, session: Session, *, both_sides: bool = True) -> Edit:
    """Draw an edit; about one in ten is not possible."""
    problem = session.problem
    member = rng.choice([*(each.id for each in problem.members), "nobody"])
    mentor = rng.choice([*(each.id for each in problem.mentors), "nobody"])
    pair = {"member": member, "mentor": mentor}
    kind = rng.choices(range(len(WEIGHTS)), WEIGHTS)[0]
    match kind:
        case 0:
            return Pin(**pair)
        case 1:
            return Unpin(member=rng.choice(problem.pins)[0] if problem.pins else member)
        case 2:
            served = session.answer.assignment
            return Forbid(**pair) if rng.random() < 0.5 or not served else _forbid(rng.choice(served))
        case 3:
            return _allow(rng.choice(sorted(problem.barred))) if problem.barred else Allow(**pair)
        case 4:
            return _a_swap(rng, session, pair)
        case 5:
            return AddMember(member=_a_member(rng, problem, both_sides=both_sides))
        case 6:
            return AddMentor(mentor=_a_mentor(rng, problem, both_sides=both_sides))
        case 7:
            return WithdrawMember(member=member)
        case 8:
            return WithdrawMentor(mentor=mentor)
        case 9:
            return ChangeCapacity(mentor=mentor, capacity=rng.randint(0, 4))
        case _:
            return ChangePolicy(policy=rng.choice(POLICIES))


WEIGHTS = (10, 8, 10, 6, 4, 12, 6, 8, 3, 8, 1)


def _forbid(pair: tuple[str, str]) -> Forbid:
    return Forbid(member=pair[0], mentor=pair[1])


def _allow(pair: tuple[str, str]) -> Allow:
    return Allow(member=pair[0], mentor=pair[1])


def _a_swap(rng: Random, session: Session, pair: dict[str, str]) -> Edit:
    served = [member for member, _ in session.answer.assignment]
    return session.swapped(*rng.sample(served, 2)) if len(served) > 1 else Swap(first=Pin(**pair), second=Pin(**pair))


def _a_member(rng: Random, problem: Problem, *, both_sides: bool):
    name = rng.choice([f"m{rng.randint(0, 99):02}", *(each.id for each in problem.members)])
    member = replace(_random_member(rng, name), waiting_since=TODAY - timedelta(days=rng.choice([0, 0, 1, 2, 9])))
    if both_sides and problem.mentors and rng.random() < 0.2:
        return replace(member, person=rng.choice(problem.mentors).person)
    return member


def _a_mentor(rng: Random, problem: Problem, *, both_sides: bool):
    name = rng.choice([f"t{rng.randint(0, 99):02}", *(each.id for each in problem.mentors)])
    mentor = _random_mentor(rng, name)
    if both_sides and problem.members and rng.random() < 0.2:
        return replace(mentor, person=rng.choice(problem.members).person)
    return mentor
