"""Whom can mentors take beside the members whom they have, at hours that are still free?"""

from collections.abc import Iterable

from matching.arrays import Ints
from matching.assignment import Market
from matching.hours.assignment import best_hours
from matching.hours.canonical import mentors_of
from matching.hours.free import packed_hours
from matching.hours.market import on_hours, timetable
from matching.hours.pricing import Hourly
from matching.pairs import Pairs


def best_in_free_hours(hourly: Hourly, market: Market, pairs: Pairs, taken: Iterable[tuple[int, int]]) -> Ints:
    """Find the best plan on a market of these pairs; `taken` are hours that are not free, by mentor.

    Gives each member's mentor or -1, shape (n,).
    """
    free = hourly.open_to()
    for j, hour in taken:
        free[j, hour] = False
    times = timetable(free)
    shared = hourly.hours(pairs.i, pairs.j) & packed_hours(free)[:, pairs.j]
    return mentors_of(best_hours(on_hours(market, times, shared))[0], times)
