"""Who comes to an invented city's peer navigators in a year, and who navigates?

Some thirty navigators of one city each accompany two dozen people a year, so that places just suffice. Most navigators
speak English and work by day. A few speak Spanish as well, and a few work in the evening too; with more languages, more
hours and broader training they fit nearly everybody best. People who speak Spanish alone come mostly from August to
November, people in search of housing mostly in winter; a third is free in the evening only.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from api.roster.sample_draws import Draws, Numbers, Weights, taken
from matching.arrivals.outlook import Past
from matching.arrivals.stream import Round, Stream
from matching.people import Member, Mentor, Window

FIRST_DAY: Final = date(2026, 1, 1)
LAST_DAY: Final = date(2026, 12, 31)
ZONE: Final = "America/Chicago"
WORKDAYS: Final = range(5)

ENGLISH, BOTH, SPANISH = "en", "en;es", "es"
SPEAKS: Final[tuple[Weights, ...]] = (
    {ENGLISH: 78, BOTH: 10, SPANISH: 12},
    {ENGLISH: 45, BOTH: 10, SPANISH: 45},
)
NAVIGATORS_SPEAK: Final[Weights] = {ENGLISH: 74, BOTH: 26}
HARVEST: Final = range(8, 12)

DAYTIME, EVENING, ALL_DAY = "day", "evening", "both"
FREE: Final[Weights] = {DAYTIME: 50, EVENING: 32, ALL_DAY: 18}
NAVIGATORS_FREE: Final[Weights] = {DAYTIME: 66, ALL_DAY: 34}
HOURS: Final = {DAYTIME: [(9, 13)], EVENING: [(18, 20)], ALL_DAY: [(9, 13), (18, 20)]}

WINTER: Final = (11, 12, 1, 2)
NEEDS: Final = (
    "staying-in-recovery",
    "finding-services",
    "housing",
    "family-communication",
    "legal-advice",
)
PERCENT_NEED: Final = (45, 40, 12, 30, 14)
PERCENT_NEED_IN_WINTER: Final = (45, 40, 45, 30, 14)
PERCENT_OFFER: Final = (75, 70, 40, 60, 25)
EXPERIENCES: Final[Weights] = {"substance-use": 45, "depression": 35, "hiv": 20}
CAPACITIES: Final[Weights] = {"20": 1, "24": 2, "28": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many people come in the year, how many navigate, and every how many days is decided."""

    members: int
    navigators: int
    every_days: int


def stream(size: Size, seed: int) -> Stream:
    """Make up a year of a city, who comes when and who navigates from its first day on."""
    navigators = _navigators(Draws(seed, 1, size.navigators))
    members = _members(Draws(seed, 2, size.members), FIRST_DAY, LAST_DAY)
    return Stream(rounds=rounds_of(members, navigators, size.every_days), last=LAST_DAY, seed=str(seed))


def rounds_of(members: tuple[Member, ...], navigators: tuple[Mentor, ...], every_days: int) -> tuple[Round, ...]:
    """Decide every so many days on all who came since."""
    days = [*range(every_days - 1, (LAST_DAY - FIRST_DAY).days, every_days), (LAST_DAY - FIRST_DAY).days]
    came = np.array([(member.waiting_since - FIRST_DAY).days for member in members])
    decided = np.searchsorted(days, came)
    return tuple(
        Round(
            today=FIRST_DAY + timedelta(days=day),
            members=tuple(members[i] for i in np.flatnonzero(decided == number).tolist()),
            joining=navigators if number == 0 else (),
        )
        for number, day in enumerate(days)
    )


def past(size: Size, seed: int, years: int) -> Past:
    """Make up who came in the years before; nobody of them comes again."""
    first = FIRST_DAY.replace(year=FIRST_DAY.year - years)
    last = FIRST_DAY - timedelta(days=1)
    return Past(members=_members(Draws(seed, 3, years * size.members), first, last), first=first, last=last)


def _members(draws: Draws, first: date, last: date) -> tuple[Member, ...]:
    ago = np.sort(draws.below((last - first).days + 1))
    days = [first + timedelta(days=day) for day in ago.tolist()]
    harvest = np.array([day.month in HARVEST for day in days], dtype=np.int64)
    winter = np.array([day.month in WINTER for day in days], dtype=np.int64)
    speaks = draws.word_in(SPEAKS, harvest)
    needs = _some(draws, (PERCENT_NEED, PERCENT_NEED_IN_WINTER), winter)
    free, lived, urgency = draws.word(FREE), draws.word(EXPERIENCES), draws.word({"urgent": 1, "soon": 3, "routine": 6})
    ages = draws.between(18, 70).tolist()
    return tuple(
        Member(
            id=f"S-{first.year}-{number:05}",
            person=f"S-{first.year}-{number:05}",
            urgency=urgency[number],
            waiting_since=day,
            needs=needs[number],
            lived_experience=frozenset({lived[number]}),
            matchable=frozenset({lived[number]}),
            languages=tuple(speaks[number].split(";")),
            contact_modes=frozenset({"in-person", "phone"}),
            availability=_windows(free[number]),
            time_zone=ZONE,
            age=ages[number],
        )
        for number, day in enumerate(days)
    )


def _navigators(draws: Draws) -> tuple[Mentor, ...]:
    speaks, free = (_in_shares(draws, shares) for shares in (NAVIGATORS_SPEAK, NAVIGATORS_FREE))
    offers = _some(draws, (PERCENT_OFFER,), np.zeros(draws.count, dtype=np.int64))
    lived, capacity = draws.word(EXPERIENCES), draws.word(CAPACITIES)
    ages = draws.between(25, 65).tolist()
    return tuple(
        Mentor(
            id=f"T-{number:03}",
            person=f"T-{number:03}",
            languages=tuple(speaks[number].split(";")),
            contact_modes=frozenset({"in-person", "phone"}),
            availability=_windows(free[number]),
            time_zone=ZONE,
            offers=frozenset(offers[number]),
            lived_experience=frozenset({lived[number]}),
            matchable=frozenset({lived[number]}),
            capacity=int(capacity[number]),
            open=0,
            age=ages[number],
        )
        for number in range(draws.count)
    )


def _in_shares(draws: Draws, shares: Weights) -> list[str]:
    """Give each word to its share of all people, as a programme hires by what it needs."""
    steps = np.cumsum(tuple(shares.values()))
    return taken(
        tuple(shares), np.searchsorted(steps, draws.order(draws.count) * steps[-1] // draws.count, side="right")
    )


def _some(draws: Draws, percents: tuple[tuple[int, ...], ...], rows: Numbers) -> list[tuple[str, ...]]:
    """Draw which of all needs hold, at least one."""
    tables: list[Weights] = [dict(zip(NEEDS, percent, strict=True)) for percent in percents]
    flags = draws.flags(NEEDS, tables, rows)
    fallback = taken(NEEDS, draws.pick(percents[0]))
    drawn = [tuple(need for need, holds in zip(NEEDS, row, strict=True) if holds) for row in flags.tolist()]
    return [needs or (one,) for needs, one in zip(drawn, fallback, strict=True)]


def _windows(free: str) -> tuple[Window, ...]:
    return tuple(Window(day=day, start=60 * start, end=60 * end) for day in WORKDAYS for start, end in HOURS[free])
