"""How long does it take to read a person's hours into the packed week, and what would a recurrence library take?

    ./run python -m benchmarks.week [--people 20000]

CPU time in microseconds a person, the least of several runs in one process.
"""

import argparse
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from time import process_time

from dateutil.rrule import rrulestr

from matching.problem import Absence, Calendar, ExtraHours, Member, Recurrence, Window
from matching.rule_text import WEEKDAYS
from matching.week import facing_weeks

SEED = 2026
TIMES = 5
MONDAY = date(2026, 3, 9)
WEEK, YEAR = timedelta(weeks=1), timedelta(weeks=53)
ZONES = ("Europe/Lisbon", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")
BY_LIBRARY = 200


def recurrence(draw: Random) -> Recurrence:
    """Hours every few weeks, or on a day of the month such as its first Saturday."""
    day, start = draw.choice(WEEKDAYS), draw.randrange(32, 80) * 15
    rule = draw.choice(
        [
            f"FREQ=WEEKLY;INTERVAL={draw.randint(2, 4)};BYDAY={day}",
            f"FREQ=MONTHLY;BYDAY={draw.choice([1, 2, 3, -1])}{day}",
        ]
    )
    return Recurrence(rule=rule, first=MONDAY - timedelta(days=draw.randrange(400)), start=start, end=start + 120)


def calendar(draw: Random) -> Calendar:
    """Two rules, two absences and an extra hour."""
    away = [MONDAY + timedelta(days=draw.randrange(-100, 200)) for _ in range(2)]
    return Calendar(
        recurring=(recurrence(draw), recurrence(draw)),
        absences=tuple(Absence(first=first, last=first + timedelta(days=10)) for first in away),
        extra=(ExtraHours(on=MONDAY + timedelta(days=draw.randrange(14)), start=600, end=660),),
    )


def people(number: int, *, with_calendar: bool) -> list[Member]:
    """People with three windows a week."""
    draw = Random(SEED)  # noqa: S311 - nothing to keep secret
    return [
        Member(
            id=str(each),
            person=str(each),
            urgency="soon",
            waiting_since=MONDAY,
            needs=(),
            lived_experience=frozenset(),
            matchable=frozenset(),
            languages=(),
            contact_modes=frozenset(),
            availability=tuple(Window(day=draw.randrange(7), start=600, end=720) for _ in range(3)),
            time_zone=draw.choice(ZONES),
            calendar=calendar(draw) if with_calendar else Calendar(),
        )
        for each in range(number)
    ]


def by_library(found: Sequence[Member], length: timedelta) -> None:
    """Let `dateutil` expand everybody's rules from the Monday on."""
    monday = datetime.combine(MONDAY, time())
    for person in found:
        for each in person.calendar.recurring:
            rrulestr(each.rule, dtstart=datetime.combine(each.first, time())).between(monday, monday + length, inc=True)


def least_us(work: Callable[[], object], number: int) -> float:
    """Give the CPU time of a piece of work, divided by the number of people."""
    times = []
    for _ in range(TIMES):
        start = process_time()
        work()
        times.append(process_time() - start)
    return min(times) / number * 1e6


def main() -> None:
    """Print a line for each way."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--people", type=int, default=20_000)
    number = parser.parse_args().people
    usual, dated = (people(number, with_calendar=each) for each in (False, True))
    few = dated[:BY_LIBRARY]
    ways: list[tuple[str, Callable[[], object], int]] = [
        ("usual week", lambda: facing_weeks(usual, [], MONDAY), number),
        ("with two rules, two absences, an extra hour", lambda: facing_weeks(dated, [], MONDAY), number),
        ("dateutil: the two rules, one week", lambda: by_library(few, WEEK), len(few)),
        ("dateutil: the two rules, 53 weeks", lambda: by_library(few, YEAR), len(few)),
    ]
    for name, work, among in ways:
        print(f"{name:45} {least_us(work, among):8.1f} us a person")


if __name__ == "__main__":
    main()
