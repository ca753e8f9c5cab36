"""Who could gain by a misreport, how much, and what would it cost the others?

Each misreport is solved for as if it were true. What comes of it is judged by the truth: a member who gets a mentor
with whom a rule truly fails is not served, and fits are those of the true traits. A person gains in two ways: a member
is served who would wait, or a mentor gets more members (`count`); or whoever they meet fits better, on average (`fit`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from matching.assignment import NOBODY
from matching.certificate import pairs_named
from matching.instance import Instance, instance_of
from matching.optimum import optimum
from matching.people import Member, Mentor
from matching.problem import Problem
from matching.strategy.misreports import MEMBER, MEMBER_MISREPORTS, MENTOR, MENTOR_MISREPORTS
from matching.timing import Onward, Timing, at_leisure
from matching.weights import weights_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whom a person meets with whom no rule truly fails, and the sum of the true fits."""

    meets: tuple[str, ...]
    fit: int

    @property
    def mean_fit(self) -> int:
        """The mean of the true fits, rounded down; 0 for nobody."""
        return self.fit // len(self.meets) if self.meets else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A misreport and what came of it.

    `others_served` and `others_fit` say how many more of the other members are served, and by how much the sum of their
    fits grew, by the truth; of a mentor, all members are others.
    """

    side: str
    kind: str
    person: str
    before: Standing
    after: Standing
    others_served: int
    others_fit: int

    @property
    def gain_in_count(self) -> int:
        """How many more people they meet."""
        return len(self.after.meets) - len(self.before.meets)

    @property
    def gain_in_fit(self) -> int:
        """By how much the mean fit grew, in points, if they meet somebody either way; else 0."""
        return self.after.mean_fit - self.before.mean_fit if self.before.meets and self.after.meets else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """All attempts of one kind: how many there were, how many gained, and the largest gains, None if there is none."""

    side: str
    kind: str
    attempts: int
    gained_count: int
    gained_fit: int
    most_count: Attempt | None
    most_fit: Attempt | None


def search(problem: Problem, *, people: int, seed: str, onward: Onward = at_leisure) -> tuple[Finding, ...]:
    """Try all misreports of `people` members and as many mentors, drawn by the seed.

    `onward` is told how many of them were tried; when it says that time is over, the findings so far are given.
    """
    found: dict[tuple[str, str], list[Attempt]] = {(MEMBER, kind): [] for kind in MEMBER_MISREPORTS}
    found |= {(MENTOR, kind): [] for kind in MENTOR_MISREPORTS}
    drawn = [*_drawn(problem.members, people, seed), *_drawn(problem.mentors, people, seed)]
    true = instance_of(problem)
    before = _assignment(true)
    for done, person in enumerate(drawn):
        if not onward("trying people", done, len(drawn)):
            break
        for attempt in attempts(problem, true, before, person):
            found[attempt.side, attempt.kind].append(attempt)
    return tuple(_finding(side, kind, tried) for (side, kind), tried in found.items())


def attempts(
    problem: Problem, true: Instance, before: Sequence[tuple[str, str]], person: Member | Mentor
) -> Iterator[Attempt]:
    """Try all misreports of one person; `before` is the plan for the true problem, whose instance is `true`."""
    is_member = isinstance(person, Member)
    old, others_served, others_fit = _outcome(true, before, person)
    for kind, asked in _reports(problem, person):
        new, now_served, now_fit = _outcome(true, _assignment(instance_of(asked)), person)
        yield Attempt(
            side=MEMBER if is_member else MENTOR,
            kind=kind,
            person=person.id,
            before=old,
            after=new,
            others_served=now_served - others_served,
            others_fit=now_fit - others_fit,
        )


def _reports(problem: Problem, person: Member | Mentor) -> Iterator[tuple[str, Problem]]:
    if isinstance(person, Member):
        for kind, misreport in MEMBER_MISREPORTS.items():
            yield from ((kind, asked) for asked in misreport(problem, person))
    else:
        for kind, of_mentor in MENTOR_MISREPORTS.items():
            yield from ((kind, asked) for asked in of_mentor(problem, person))


def _assignment(instance: Instance) -> tuple[tuple[str, str], ...]:
    mentor_of = optimum(instance, weights_for(instance), Timing()).mentor_of.tolist()
    names = zip(instance.member_ids, mentor_of, strict=True)
    return tuple((member, instance.mentor_ids[j]) for member, j in names if j != NOBODY)


def _outcome(
    true: Instance, assignment: Sequence[tuple[str, str]], person: Member | Mentor
) -> tuple[Standing, int, int]:
    """Judge a plan by the truth: for the person, and how many other members are served with which sum of fits."""
    side = 0 if isinstance(person, Member) else 1
    own = [pair for pair in assignment if pair[side] == person.id]
    truly = [(pair[1 - side], fit) for pair in own for fit in _fits(true, [pair])]
    others = _fits(true, [pair for pair in assignment if side == 1 or pair[0] != person.id])
    standing = Standing(meets=tuple(name for name, _ in truly), fit=sum(fit for _, fit in truly))
    return standing, len(others), sum(others)


def _fits(true: Instance, assignment: Sequence[tuple[str, str]]) -> list[int]:
    """Give the true fits of the pairs of a plan, without those with whom a rule truly fails."""
    pairs = pairs_named(true, assignment)
    if pairs is not None:
        fits: list[int] = pairs.f.tolist()
        return fits
    one_by_one = (pairs_named(true, [pair]) for pair in assignment)
    return [int(pair.f[0]) for pair in one_by_one if pair is not None]


def _finding(side: str, kind: str, tried: Sequence[Attempt]) -> Finding:
    most_count = max(tried, key=lambda each: each.gain_in_count, default=None)
    most_fit = max(tried, key=lambda each: each.gain_in_fit, default=None)
    return Finding(
        side=side,
        kind=kind,
        attempts=len(tried),
        gained_count=sum(each.gain_in_count > 0 for each in tried),
        gained_fit=sum(each.gain_in_fit > 0 for each in tried),
        most_count=most_count if most_count and most_count.gain_in_count > 0 else None,
        most_fit=most_fit if most_fit and most_fit.gain_in_fit > 0 else None,
    )


def _drawn(people: Sequence[Member | Mentor], most: int, seed: str) -> list[Member | Mentor]:
    def lot(person: Member | Mentor) -> tuple[bytes, str]:
        return sha256(f"{seed} {person.id}".encode()).digest(), person.id

    return sorted(people, key=lot)[:most]
