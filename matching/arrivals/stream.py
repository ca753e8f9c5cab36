"""What happened, day by day, and what came of it under each practice?

A stream is played round by round: people come, places open, mentors leave, and whoever is served stays with their
mentor. Three ways to decide are compared:

- `first_come`: in the order of serving, everybody gets the mentor with a free place who fits best;
- `placed` with an outlook: `placing`, which knows the past and not the stream;
- `hindsight`: one plan for everybody who came in all rounds, and all places that there ever were. No practice does
  better, for it waits for all before it decides.

**Value.** A plan is worth the sum over those served of `served_points` + f_ij. Whoever is not served counts nothing.
Hindsight is the greatest value of all plans in which nobody meets a mentor who had left before they came, proven by its
prices. It is under no order of serving, while the practices are: so it is more than any of them could reach.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from matching import flow
from matching.arrivals.outlook import Outlook, Past, outlook_of
from matching.arrivals.placing import placed
from matching.arrivals.reserving import Reserving
from matching.assignment import NOBODY, Market, best_plan
from matching.certificate import pairs_named
from matching.instance import Instance, every_pair, instance_of
from matching.market import places, rows
from matching.people import Member, Mentor
from matching.policy import Policy
from matching.problem import Problem
from matching.ranks import turns

Assignment = tuple[tuple[str, str], ...]
Practice = Callable[[Problem, date], Assignment]
"""Decides on a day who meets whom, of those who are here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A day on which is decided, and what is new: who has come, who mentors or no longer does, and places freed."""

    today: date
    members: tuple[Member, ...]
    joining: tuple[Mentor, ...] = ()
    leaving: frozenset[str] = frozenset()
    freed: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """All rounds of a period in their order, and its last day. Nobody comes or joins twice."""

    rounds: tuple[Round, ...]
    last: date
    policy: Policy = field(default_factory=Policy)
    seed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Who met whom in the end, and the sum of their fits."""

    assignment: Assignment
    fit: int

    @property
    def served(self) -> int:
        """How many were served."""
        return len(self.assignment)

    def value(self, served_points: int) -> int:
        """Give the value of the plan."""
        return served_points * self.served + self.fit


def first_come(problem: Problem, _today: date) -> Assignment:
    """Give everybody, in the order of serving, the mentor with a free place who fits best."""
    instance = instance_of(problem)
    pairs = every_pair(instance)
    row, free, met = rows(pairs, instance.n), instance.free_places().sum(axis=1), []
    for i in np.argsort(turns(instance.r)).tolist():
        j, f = pairs.j[row[i] : row[i + 1]], pairs.f[row[i] : row[i + 1]]
        open_to = np.flatnonzero(free[j] > 0)
        if len(open_to):
            mentor = int(j[open_to[f[open_to].argmax()]])
            free[mentor] -= 1
            met.append((instance.member_ids[i], instance.mentor_ids[mentor]))
    return tuple(met)


def reserving_places(stream: Stream, past: Past, reserving: Reserving) -> Practice:
    """Make a practice that keeps places for whoever may come up to the end of the stream's period."""
    known: dict[tuple[str, ...], Outlook] = {}

    def place(problem: Problem, today: date) -> Assignment:
        mentors = tuple(mentor.id for mentor in problem.mentors)
        if mentors not in known:
            known.clear()
            known[mentors] = outlook_of(past, problem.mentors, problem.policy, problem.today)
        return placed(problem, known[mentors], reserving, reserving.ahead(today, stream.last)).assignment

    return place


def played(stream: Stream, practice: Practice) -> Outcome:
    """Play a stream by a practice. Fits are those of the first day throughout, so that outcomes can be compared."""
    waiting, mentors, met = dict[str, Member](), dict[str, Mentor](), list[tuple[str, str]]()
    for each in stream.rounds:
        waiting |= {member.id: member for member in each.members}
        mentors |= {mentor.id: mentor for mentor in each.joining}
        mentors = {name: _freed(mentor, each) for name, mentor in mentors.items() if name not in each.leaving}
        problem = Problem(
            today=stream.rounds[0].today,
            members=tuple(waiting.values()),
            mentors=tuple(mentors.values()),
            policy=stream.policy,
            seed=f"{stream.seed} {each.today}",
        )
        for member, mentor in practice(problem, each.today):
            del waiting[member]
            mentors[mentor] = replace(mentors[mentor], open=mentors[mentor].open + 1)
            met.append((member, mentor))
    return Outcome(assignment=tuple(met), fit=_fit(_everybody(stream), met))


def hindsight(stream: Stream, served_points: int) -> Outcome:
    """Find the plan of greatest value for everybody who came, and prove it by its prices."""
    instance = _everybody(stream)
    pairs = every_pair(instance)
    place, j, _ = places(np.minimum(instance.c, np.bincount(pairs.j, minlength=instance.m)))
    worth = served_points + pairs.f.astype(np.int64)
    market = Market(np.arange(instance.n), rows(pairs, instance.n), pairs.j, worth, place, np.zeros_like(j))
    plan = flow.best_flow(market) if flow.holds(market) else best_plan(market)[0]
    i = np.flatnonzero(plan.mentor_of != NOBODY)
    names = zip(i.tolist(), plan.mentor_of[i].tolist(), strict=True)
    met = tuple((instance.member_ids[a], instance.mentor_ids[b]) for a, b in names)
    outcome = Outcome(assignment=met, fit=_fit(instance, met))
    assert outcome.value(served_points) == plan.u.sum() + (plan.v * np.diff(place)).sum()
    assert (plan.u[pairs.i] + plan.v[pairs.j] >= worth).all()
    return outcome


def _freed(mentor: Mentor, each: Round) -> Mentor:
    return replace(mentor, open=mentor.open - each.freed.get(mentor.id, 0))


def _everybody(stream: Stream) -> Instance:
    """Put everybody who came and who ever mentored into one instance, with all places that there ever were."""
    freed, left, gone = Counter[str](), set[str](), set[tuple[str, str]]()
    for each in stream.rounds:
        freed.update(each.freed)
        left |= each.leaving
        gone |= {(member.id, mentor) for member in each.members for mentor in left}
    mentors = (mentor for each in stream.rounds for mentor in each.joining)
    return instance_of(
        Problem(
            today=stream.rounds[0].today,
            members=tuple(member for each in stream.rounds for member in each.members),
            mentors=tuple(
                replace(each, capacity=max(0, each.capacity - each.open + freed[each.id]), open=0) for each in mentors
            ),
            policy=stream.policy,
            barred=frozenset(gone),
        )
    )


def _fit(instance: Instance, met: Sequence[tuple[str, str]]) -> int:
    pairs = pairs_named(instance, met)
    assert pairs is not None
    return int(pairs.f.sum())
