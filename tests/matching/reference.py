"""The problem solved the slow way: written from its definition, one pair, one slot and one plan at a time."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import product
from zoneinfo import ZoneInfo

from matching.instance import Instance
from matching.problem import Member, Mentor, Policy, Problem, Window
from matching.solution import Objective

QUARTER = timedelta(minutes=15)
SECOND = timedelta(seconds=1)
URGENCY = {"routine": 1, "soon": 2, "urgent": 3}


@cache
def free_slots(availability: tuple[Window, ...], zone: str, today: date) -> frozenset[int]:
    """Walk through ten days of real time and look at the clock on the wall."""
    monday = next(day for day in (today + timedelta(days=ahead) for ahead in range(7)) if day.weekday() == 0)
    midnight = datetime.combine(monday, time(), UTC)
    free = set()
    for number in range(-96, 672 + 96):
        start = (midnight + number * QUARTER).astimezone(ZoneInfo(zone))
        last = (midnight + (number + 1) * QUARTER - SECOND).astimezone(ZoneInfo(zone))
        if any(_within(window, monday, start) and _within(window, monday, last) for window in availability):
            free.add(number % 672)
    return frozenset(free)


def _within(window: Window, monday: date, wall: datetime) -> bool:
    local_midnight = datetime.combine(monday + timedelta(days=window.day), time())
    minutes = (wall.replace(tzinfo=None) - local_midnight) / timedelta(minutes=1)
    return window.start <= minutes < window.end


def shared_minutes(problem: Problem, member: Member, mentor: Mentor) -> int:
    theirs = (free_slots(person.availability, person.time_zone, problem.today) for person in (member, mentor))
    return 15 * len(frozenset.intersection(*theirs))


def failing_alone(problem: Problem, member: Member, mentor: Mentor) -> list[str]:
    """Rules that a pair breaks whatever others do."""
    wanted = member.gender if member.mentor_gender == "same" else member.mentor_gender
    holds = {
        "language": set(member.languages) & set(mentor.languages),
        "contact-mode": member.contact_modes & mentor.contact_modes,
        "time": shared_minutes(problem, member, mentor) >= problem.policy.min_shared_minutes,
        "need": set(member.needs) & mentor.offers,
        "member-boundary": not member.avoid_topics & (mentor.lived_experience | mentor.offers),
        "mentor-boundary": not mentor.declined_topics & (member.lived_experience | set(member.needs)),
        "preference": member.mentor_gender == "any" or (wanted is not None and wanted == mentor.gender),
        "relation": member.person != mentor.person and (member.id, mentor.id) not in problem.barred,
    }
    return [name for name, held in holds.items() if not held]


def failing(problem: Problem, member: Member, mentor: Mentor) -> list[str]:
    """All rules that a pair breaks."""
    alone = failing_alone(problem, member, mentor)
    if alone:
        return alone
    outranked = any(
        member.person == other_mentor.person
        and mentor.person == other_member.person
        and not failing_alone(problem, other_member, other_mentor)
        and _turn(other_member) < _turn(member)
        for other_member, other_mentor in product(problem.members, problem.mentors)
    )
    return ["relation"] if outranked else []


def _turn(member: Member) -> tuple[int, date, str]:
    return -URGENCY[member.urgency], member.waiting_since, member.id


def rank(problem: Problem, member: Member) -> int:
    """Count the classes that do not come before the member's own."""
    return len({_turn(other)[:2] for other in problem.members if _turn(other)[:2] >= _turn(member)[:2]})


def fit(problem: Problem, member: Member, mentor: Mentor) -> int:
    """Count the points, with the bonus, by the default policy."""
    assert problem.policy == Policy()
    experience = len(member.matchable & mentor.matchable)
    apart = 99 if member.age is None or mentor.age is None else abs(member.age - mentor.age)
    return (
        400 * len(set(member.needs) & mentor.offers) // len(member.needs)
        + (0, 150, 300)[min(experience, 2)]
        + 150 * min(shared_minutes(problem, member, mentor), 240) // 240
        + 50 * len(member.contact_modes & mentor.contact_modes) // len(member.contact_modes)
        + (50 if member.languages[0] in mentor.languages else 0)
        + (50 if apart <= 10 else 25 if apart <= 20 else 0)
        + (25 if (member.id, mentor.id) in problem.kept else 0)
    )


def plans(instance: Instance) -> list[tuple[tuple[int, ...], Objective]]:
    """Every plan there is, as positions among the feasible pairs, with its objective."""
    choices = [
        [None, *(p for p, i in enumerate(instance.candidates.pairs.i.tolist()) if i == member)]
        for member in range(instance.n)
    ]
    every = (tuple(p for p in choice if p is not None) for choice in product(*choices))
    return [(plan, objective(instance, plan)) for plan in every if _has_places(instance, plan)]


def _has_places(instance: Instance, plan: tuple[int, ...]) -> bool:
    load = Counter(int(instance.candidates.pairs.j[p]) for p in plan)
    return all(taken <= max(0, instance.c[j] - instance.o[j]) for j, taken in load.items())


def objective(instance: Instance, plan: tuple[int, ...]) -> Objective:
    load = Counter(int(instance.candidates.pairs.j[p]) for p in plan)
    places = ((int(instance.o[j]) + extra, int(instance.c[j])) for j, taken in load.items() for extra in range(taken))
    return Objective(
        order_of_serving=sum(int(instance.r[instance.candidates.pairs.i[p]]) for p in plan),
        served=len(plan),
        fit=sum(int(instance.candidates.pairs.f[p]) for p in plan),
        evenness=sum(8 * k // c for k, c in places),
    )


def level_by_level(reached: Objective) -> tuple[int, int, int]:
    """Order objectives as the problem does: the greater, the better."""
    return reached.order_of_serving, reached.fit, -reached.evenness


def best(instance: Instance) -> Objective:
    return max((reached for _, reached in plans(instance)), key=level_by_level)
