"""What is lost by deciding before everybody has come, how much of it do charges bring back, and what does a day cost?

    ./run python -m benchmarks.arrivals [--years 5] [--futures 10]

Each line is a year played by first come, first served; by rounds that know nothing of those to come; with charges; and
with charges where routine members may wait: each as a part of the value of hindsight (`matching/arrivals/stream.py`).
The city is that of `alongside check arrivals`. The roster is the seeded sample, whose mentors have two places and whose
members find a dozen mentors each: a thin market, in which much of what comes cannot be foreseen.
Then one day in the middle of a year of 10,000 members and 2,000 mentors is decided, the sample again.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from time import process_time

from api.checks.arrival_streams import FIRST_DAY, LAST_DAY, Size, past, rounds_of, stream
from benchmarks.matching import sampled
from matching.arrivals.outlook import Past, outlook_of
from matching.arrivals.placing import placed
from matching.arrivals.reserving import Reserving
from matching.arrivals.stream import Stream, first_come, hindsight, played, reserving_places
from matching.people import Member
from matching.problem import Problem

CITY = Size(members=800, navigators=34, every_days=7)
ROOMY_CITY = replace(CITY, navigators=68)
ROSTERS = ((1000, 200), (1000, 400))
YEARS_KNOWN = 3
YEAR_DAYS = 365
ROUTINE = frozenset({"routine"})
COLUMNS = ("first come", "no charges", "charges", "routine may wait")


def coming(members: Sequence[Member], first: date, days: int) -> tuple[Member, ...]:
    """Let people come evenly over so many days, in the order in which they stand, which is drawn."""
    return tuple(
        replace(member, id=f"{first.year} {member.id}", waiting_since=first + timedelta(days=days * i // len(members)))
        for i, member in enumerate(members)
    )


def roster_year(members: int, mentors: int, seed: int) -> tuple[Stream, Past]:
    """Make up a year of the sample, and the years before."""
    problem = sampled(members, mentors, seed)
    came = coming(problem.members, FIRST_DAY, YEAR_DAYS)
    return Stream(rounds=rounds_of(came, problem.mentors, 7), last=LAST_DAY, seed=str(seed)), roster_past(members, seed)


def roster_past(members: int, seed: int) -> Past:
    """Make up the years before: people of another draw."""
    first, last = FIRST_DAY.replace(year=FIRST_DAY.year - YEARS_KNOWN), FIRST_DAY - timedelta(days=1)
    before = sampled(YEARS_KNOWN * members, 1, 1000 + seed).members
    return Past(members=coming(before, first, (last - first).days + 1), first=first, last=last)


def compare(name: str, years: Sequence[tuple[Stream, Past]], reserving: Reserving) -> None:
    """Play years by all practices and print a line."""
    totals, best, points = [0] * len(COLUMNS), 0, reserving.served_points
    for year, before in years:
        practices = (
            first_come,
            reserving_places(year, before, Reserving()),
            reserving_places(year, before, reserving),
            reserving_places(year, before, replace(reserving, may_wait=ROUTINE)),
        )
        best += hindsight(year, points).value(points)
        totals = [total + played(year, each).value(points) for total, each in zip(totals, practices, strict=True)]
    line(name, *(f"{total / best:.1%}" for total in totals))


def line(name: str, *cells: str) -> None:
    """Print a line of the table."""
    print(f"{name:<24}", *(f"{cell:>18}" for cell in cells), flush=True)


def one_day(reserving: Reserving) -> dict[str, float]:
    """Decide one day in the middle of a year, and say what each part takes in seconds of one processor."""
    before = roster_past(10_000, 1)
    problem = sampled(10_000)
    today = FIRST_DAY + timedelta(days=182)
    here = tuple(replace(member, waiting_since=today) for member in problem.members[:300])
    asked = Problem(today=today, members=here, mentors=problem.mentors)
    outlook_of(before, problem.mentors[:10], problem.policy, today)  # loads what is compiled
    start = process_time()
    outlook = outlook_of(before, problem.mentors, problem.policy, today)
    read = process_time()
    placement = placed(asked, outlook, reserving, reserving.ahead(today, LAST_DAY))
    decided = process_time()
    assert placement.optimal
    return {"outlook of the past, once": read - start, "a day": decided - read}


def main() -> None:
    """Compare the streams and time a day."""
    parser = argparse.ArgumentParser(description="What is lost by deciding before everybody has come?")
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--futures", type=int, default=10)
    asked = parser.parse_args()
    reserving = Reserving(horizon_days=366, futures=asked.futures)
    seeds = range(1, asked.years + 1)
    line("of the value of hindsight", *COLUMNS)
    for name, size in (("city", CITY), ("city, twice the places", ROOMY_CITY)):
        compare(name, [(stream(size, seed), past(size, seed, YEARS_KNOWN)) for seed in seeds], reserving)
    for members, mentors in ROSTERS:
        compare(
            f"roster, {members:,} x {mentors:,}", [roster_year(members, mentors, seed) for seed in seeds], reserving
        )
    for part, seconds in one_day(reserving).items():
        line(part, f"{seconds:.2f} s")


if __name__ == "__main__":
    main()
