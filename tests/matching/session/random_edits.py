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


def an_edit(rng: Random, session: Session) -> Edit:
    """Draw an edit; some are not possible."""
    kinds = [kind for kind, _ in KINDS]
    return rng.choices(kinds, [weight for _, weight in KINDS])[0](rng, session)


def _pair(rng: Random, problem: Problem) -> dict[str, str]:
    return {
        "member": rng.choice([*(each.id for each in problem.members), "nobody"]),
        "mentor": rng.choice([*(each.id for each in problem.mentors), "nobody"]),
    }


def _pin(rng: Random, session: Session) -> Edit:
    return Pin(**_pair(rng, session.problem))


def _unpin(rng: Random, session: Session) -> Edit:
    pins = session.problem.pins
    return Unpin(member=rng.choice(pins)[0] if pins else _pair(rng, session.problem)["member"])


def _forbid(rng: Random, session: Session) -> Edit:
    served = session.answer.assignment
    if rng.random() < 0.5 or not served:
        return Forbid(**_pair(rng, session.problem))
    member, mentor = rng.choice(served)
    return Forbid(member=member, mentor=mentor)


def _allow(rng: Random, session: Session) -> Edit:
    barred = sorted(session.problem.barred)
    if not barred:
        return Allow(**_pair(rng, session.problem))
    member, mentor = rng.choice(barred)
    return Allow(member=member, mentor=mentor)


def _swap(rng: Random, session: Session) -> Edit:
    served = list(session.assignment)
    if len(served) > 1:
        return session.swapped(*rng.sample(served, 2))
    pin = Pin(**_pair(rng, session.problem))
    return Swap(first=pin, second=pin)


def _add_member(rng: Random, session: Session) -> Edit:
    problem = session.problem
    name = rng.choice([f"m{rng.randint(0, 99):02}", *(each.id for each in problem.members)])
    since = TODAY - timedelta(days=rng.choice([0, 0, 1, 2, 9]))
    member = replace(_random_member(rng, name), waiting_since=since)
    if problem.mentors and rng.random() < 0.2:
        return AddMember(member=replace(member, person=rng.choice(problem.mentors).person))
    return AddMember(member=member)


def _add_mentor(rng: Random, session: Session) -> Edit:
    problem = session.problem
    mentor = _random_mentor(rng, rng.choice([f"t{rng.randint(0, 99):02}", *(each.id for each in problem.mentors)]))
    if problem.members and rng.random() < 0.2:
        return AddMentor(mentor=replace(mentor, person=rng.choice(problem.members).person))
    return AddMentor(mentor=mentor)


def _withdraw_member(rng: Random, session: Session) -> Edit:
    return WithdrawMember(member=_pair(rng, session.problem)["member"])


def _withdraw_mentor(rng: Random, session: Session) -> Edit:
    return WithdrawMentor(mentor=_pair(rng, session.problem)["mentor"])


def _change_capacity(rng: Random, session: Session) -> Edit:
    return ChangeCapacity(mentor=_pair(rng, session.problem)["mentor"], capacity=rng.randint(0, 4))


def _change_policy(rng: Random, _session: Session) -> Edit:
    return ChangePolicy(policy=rng.choice(POLICIES))


KINDS = (
    (_pin, 10),
    (_unpin, 8),
    (_forbid, 10),
    (_allow, 6),
    (_swap, 4),
    (_add_member, 12),
    (_add_mentor, 6),
    (_withdraw_member, 8),
    (_withdraw_mentor, 3),
    (_change_capacity, 8),
    (_change_policy, 1),
)
