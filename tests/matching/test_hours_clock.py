"""Is an hour free for both every week of the year? Against a walk through the year by `zoneinfo`."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from matching.hours.clock import clock_of
from matching.hours.free import free_hours, unpacked_hours
from matching.problem import Window
from matching.week import monday_on_or_after
from tests.matching.given import a_member, a_mentor

QUARTER = timedelta(minutes=15)
ZONES = (
    "UTC",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Africa/Cairo",
    "Africa/Casablanca",
)


def is_free(windows, zone, real):
    """Look at the clock at the beginning and at the end of a quarter that counts whole, or not at all."""
    shown = (real.astimezone(zone), (real + QUARTER - timedelta(seconds=1)).astimezone(zone))
    minutes = [wall.hour * 60 + wall.minute for wall in shown]
    return all(
        any(
            window.day == wall.weekday() and -(-window.start // 15) <= minute // 15 < window.end // 15
            for window in windows
        )
        for wall, minute in zip(shown, minutes, strict=True)
    )


def is_standing(hour, today, member, mentor):
    """Hold the meeting in each of 52 weeks."""
    theirs, mine = ZoneInfo(mentor.time_zone), ZoneInfo(member.time_zone)
    for week in range(52):
        wall = datetime.combine(monday_on_or_after(today), time()) + timedelta(weeks=week, hours=hour)
        real = wall.replace(tzinfo=theirs).astimezone(UTC)
        if real.astimezone(theirs).replace(tzinfo=None) != wall:
            return False
        for number in range(4):
            quarter = real + number * QUARTER
            if not is_free(mentor.availability, theirs, quarter) or not is_free(member.availability, mine, quarter):
                return False
    return True


def a_week(rng):
    """Long windows, also across midnight, so that much is shared in spite of the zones."""
    windows = []
    for day in range(7):
        if rng.random() < 0.8:
            start = rng.choice([0, 15, 480, 607, 615])
            windows.append(Window(day=day, start=start, end=rng.choice([start + 600, 1380, 1440])))
    return tuple(windows)


@pytest.mark.parametrize("seed", range(14))
def test_an_hour_is_shared_if_it_is_free_for_both_in_each_of_52_weeks(seed):
    rng = Random(seed)
    today = date(2026, 1, 1) + timedelta(days=rng.randint(0, 364))
    member = a_member(availability=a_week(rng), time_zone=rng.choice(ZONES))
    mentor = a_mentor(availability=a_week(rng), time_zone=ZONES[seed % len(ZONES)])
    found = unpacked_hours(free_hours([member], [mentor], today).hours(np.array([0]), np.array([0])))[0]

    # All that are shared are walked through, and some of the others.
    hours = {*np.flatnonzero(found).tolist()[::5], *rng.sample(range(168), 24), 144, 145, 146, 147}
    assert {hour for hour in hours if found[hour]} == {
        hour for hour in hours if is_standing(hour, today, member, mentor)
    }


def shared(member, mentor, today=date(2026, 3, 2)):
    found = unpacked_hours(free_hours([member], [mentor], today).hours(np.array([0]), np.array([0])))[0]
    return np.flatnonzero(found).tolist()


def test_where_the_clocks_change_on_different_days_both_distances_must_be_free():
    """New York is 5 hours behind London, and 4 for some weeks in March and one in autumn."""
    mentor = a_mentor(availability=(Window(day=1, start=18 * 60, end=20 * 60),), time_zone="Europe/London")

    def at(first, last):
        window = Window(day=1, start=first * 60, end=last * 60)
        return shared(a_member(availability=(window,), time_zone="America/New_York"), mentor)

    assert at(13, 14) == []
    assert at(13, 15) == [24 + 18]
    assert at(13, 16) == [24 + 18, 24 + 19]


def test_hours_of_open_matches_are_taken():
    mentor = a_mentor(open_hours=frozenset({24 + 18}))

    assert shared(a_member(), mentor) == [24 + 19]


def test_an_hour_that_the_mentors_clock_skips_once_a_year_is_no_standing_hour():
    night = (Window(day=6, start=0, end=4 * 60),)
    here = {"availability": night, "time_zone": "Europe/London"}

    assert [hour - 6 * 24 for hour in shared(a_member(**here), a_mentor(**here))] == [0, 2, 3]


def test_hours_are_full_hours_of_the_mentors_clock_whatever_the_members():
    mentor = a_mentor(availability=(Window(day=1, start=18 * 60, end=20 * 60),), time_zone="Asia/Kathmandu")
    member = a_member(availability=(Window(day=1, start=12 * 60 + 15, end=13 * 60 + 15),), time_zone="UTC")

    assert shared(member, mentor) == [24 + 18]


def test_zones_that_show_the_same_all_year_are_one_clock():
    monday = date(2026, 3, 2)

    assert clock_of("Europe/Berlin", monday) == clock_of("Europe/Madrid", monday)
    assert clock_of("Europe/Berlin", monday) != clock_of("Europe/London", monday)
