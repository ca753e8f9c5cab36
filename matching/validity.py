"""Does the problem make sense, and if not, where does it not?"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from functools import cache
from itertools import chain
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from matching.people import (
    DAYS_A_WEEK,
    HOURS_A_WEEK,
    MINUTES_A_DAY,
    URGENCIES,
    Calendar,
    ExtraHours,
    Member,
    Mentor,
    Recurrence,
    Window,
)
from matching.policy import Policy
from matching.recurrence import LAST_DAY
from matching.rule_text import InvalidRule, rule_of

MOST_POINTS: Final = 1000
MOST_LEVELS: Final = 1000
MOST_PLACES: Final = 1_000_000

Person = TypeVar("Person", Member, Mentor)


class InvalidProblem(ValueError):
    """The problem contradicts itself. The message names the place and never repeats what stands there."""


class HoursShort(InvalidProblem):
    """The pins cannot all have a standing hour of their own."""


def first_complaint(policy: Policy, members: Sequence[Member], mentors: Sequence[Mentor]) -> str | None:
    """Say what is wrong first, with its place as in `members[3].urgency`, or None if nothing is."""
    complaints = chain(
        (f"policy.{complaint}" for complaint in _policy(policy)),
        _people("members", members, _member),
        _people("mentors", mentors, _mentor),
    )
    return next(complaints, None)


def complaints_about_pins(
    pins: Sequence[tuple[str, str]], places: dict[str, int], members: Iterable[str]
) -> Iterator[str]:
    """Say which pins cannot all be kept; `places` are the free places by mentor."""
    known, seen, taken = set(members), set[str](), Counter[str]()
    for number, (member, mentor) in enumerate(pins):
        taken[mentor] += 1
        if member not in known:
            yield f"pins[{number}][0]: is the id of no member"
        if mentor not in places:
            yield f"pins[{number}][1]: is the id of no mentor"
        elif taken[mentor] > places[mentor]:
            yield f"pins[{number}][1]: has fewer free places than pins"
        if member in seen:
            yield f"pins[{number}][0]: is pinned twice"
        seen.add(member)


def _policy(policy: Policy) -> Iterator[str]:
    for number in fields(policy):
        if getattr(policy, number.name) < 0:
            yield f"{number.name}: is negative"
    if policy.full_fit > MOST_POINTS:
        yield f"full_fit: the points add up to more than {MOST_POINTS}"
    if policy.keep_bonus > MOST_POINTS:
        yield f"keep_bonus: is more than {MOST_POINTS}"
    if policy.full_time_minutes < 1:
        yield "full_time_minutes: is not at least 1"
    if not 1 <= policy.evenness_levels <= MOST_LEVELS:
        yield f"evenness_levels: is not from 1 to {MOST_LEVELS}"


def _people(side: str, people: Sequence[Person], complaints: Callable[[Person], Iterator[str]]) -> Iterator[str]:
    seen: set[str] = set()
    for index, person in enumerate(people):
        place = f"{side}[{index}]"
        if person.id in seen:
            yield f"{place}.id: stands more than once"
        seen.add(person.id)
        yield from (f"{place}.{complaint}" for complaint in chain(complaints(person), _either(person)))


def _member(member: Member) -> Iterator[str]:
    if member.urgency not in URGENCIES:
        yield f"urgency: is not one of {', '.join(URGENCIES)}"


def _mentor(mentor: Mentor) -> Iterator[str]:
    if not 0 <= mentor.capacity <= MOST_PLACES:
        yield f"capacity: is not from 0 to {MOST_PLACES}"
    if not 0 <= mentor.open <= MOST_PLACES:
        yield f"open: is not from 0 to {MOST_PLACES}"
    if not all(0 <= hour < HOURS_A_WEEK for hour in mentor.open_hours):
        yield f"open_hours: not all are from 0 to {HOURS_A_WEEK - 1}"


def _either(person: Member | Mentor) -> Iterator[str]:
    if not person.matchable <= person.lived_experience:
        yield "matchable: is not part of lived_experience"
    if person.age is not None and person.age < 0:
        yield "age: is negative"
    if not _is_zone(person.time_zone):
        yield "time_zone: is not a known time zone"
    for index, window in enumerate(person.availability):
        yield from (f"availability[{index}].{complaint}" for complaint in _window(window))
    yield from (f"calendar.{complaint}" for complaint in _calendar(person.calendar))


def _window(window: Window) -> Iterator[str]:
    if not 0 <= window.day < DAYS_A_WEEK:
        yield "day: is not from 0 to 6"
    yield from _hours(window)


def _hours(hours: Window | Recurrence | ExtraHours) -> Iterator[str]:
    if not 0 <= hours.start < MINUTES_A_DAY:
        yield "start: is not a minute of the day"
    if not hours.start < hours.end <= MINUTES_A_DAY:
        yield "end: is not after the start, within the day"


def _calendar(calendar: Calendar) -> Iterator[str]:
    for index, each in enumerate(calendar.recurring):
        yield from (f"recurring[{index}].{complaint}" for complaint in chain(_hours(each), _recurrence(each)))
    for index, absence in enumerate(calendar.absences):
        if absence.last < absence.first:
            yield f"absences[{index}].last: lies before the first day"
    for index, hours in enumerate(calendar.extra):
        yield from (f"extra[{index}].{complaint}" for complaint in _hours(hours))


def _recurrence(recurrence: Recurrence) -> Iterator[str]:
    if recurrence.first > LAST_DAY:
        yield f"first: lies beyond the year {LAST_DAY.year}"
        return
    try:
        rule_of(recurrence)
    except InvalidRule as invalid:
        yield f"rule: {invalid}"


@cache
def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # zoneinfo reports a bad name as each of these, folders as the last
        return False
    return True
