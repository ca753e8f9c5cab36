from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matching.problem import Window
from matching.week import facing_weeks, monday_on_or_after
from tests.matching import reference
from tests.matching.given import TODAY, a_member, a_mentor

ZONES = [
    "UTC",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
]
WEEKS_OF_CHANGE = [date(2026, 3, 8), date(2026, 3, 29), date(2026, 4, 5), date(2026, 9, 6), date(2026, 10, 4)]
WEEKS_OF_CHANGE += [date(2026, 10, 25), date(2026, 11, 1), date(2026, 7, 1)]


def slots(zone, *windows, today=TODAY):
    """The free slots of one person, as numbers from Monday midnight UTC."""
    week = facing_weeks([a_member(time_zone=zone, availability=windows)], [], today).members[:, 0]
    return np.flatnonzero(np.unpackbits(week.astype("<u8").view(np.uint8), bitorder="little")).tolist()


def clock(day, hour, minute=0):
    return (day * 24 + hour) * 4 + minute // 15


@st.composite
def windows(draw):
    start = draw(st.integers(0, 1439))
    return Window(day=draw(st.integers(0, 6)), start=start, end=draw(st.integers(start + 1, 1440)))


def reads_one_way(window, zone, monday):
    """Tell whether both ends happen exactly once, so that the wall clock says all about them."""
    midnight = datetime.combine(monday + timedelta(days=window.day), time())
    ends = [
        (midnight + timedelta(minutes=minute)).replace(tzinfo=ZoneInfo(zone)) for minute in (window.start, window.end)
    ]
    return all(end.utcoffset() == end.replace(fold=1).utcoffset() for end in ends)


@settings(max_examples=150, deadline=None)
@given(st.lists(windows(), max_size=3), st.sampled_from(ZONES), st.sampled_from(WEEKS_OF_CHANGE), st.integers(0, 6))
def test_the_packed_week_is_what_the_clock_on_the_wall_says_quarter_by_quarter(availability, zone, change, before):
    today = change - timedelta(days=before)
    assume(all(reads_one_way(window, zone, monday_on_or_after(today)) for window in availability))

    assert slots(zone, *availability, today=today) == sorted(reference.free_slots(tuple(availability), zone, today))


@pytest.mark.parametrize(
    ("today", "monday"),
    [
        (date(2026, 3, 2), date(2026, 3, 2)),
        (date(2026, 3, 3), date(2026, 3, 9)),
        (date(2026, 3, 8), date(2026, 3, 9)),
    ],
)
def test_the_week_begins_on_the_monday_on_or_after_today(today, monday):
    assert monday_on_or_after(today) == monday


def test_half_hour_offsets_are_read():
    assert slots("Asia/Kolkata", Window(day=2, start=10 * 60, end=11 * 60)) == list(
        range(clock(2, 4, 30), clock(2, 5, 30))
    )


def test_what_falls_before_monday_comes_back_at_the_end_of_the_week():
    late_sunday = slots("Asia/Kolkata", Window(day=0, start=0, end=6 * 60))

    assert late_sunday == [*range(clock(0, 0, 30)), *range(clock(6, 18, 30), 672)]


def test_what_falls_after_sunday_comes_back_at_the_start_of_the_week():
    assert slots("America/Los_Angeles", Window(day=6, start=23 * 60, end=24 * 60)) == list(
        range(clock(0, 6), clock(0, 7))
    )


def test_only_whole_quarters_count():
    assert slots("UTC", Window(day=0, start=10, end=50)) == [1, 2]
    assert slots("UTC", Window(day=0, start=16, end=44)) == []


def test_windows_that_overlap_count_once():
    assert slots("UTC", Window(day=0, start=0, end=60), Window(day=0, start=30, end=60)) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("zone", "today", "start", "end", "minutes"),
    [
        ("Europe/London", date(2026, 3, 23), 0, 3 * 60, 120),
        ("Europe/London", date(2026, 10, 19), 0, 3 * 60, 240),
        ("Australia/Sydney", date(2026, 9, 28), 60, 4 * 60, 120),
        ("Australia/Sydney", date(2026, 3, 30), 60, 4 * 60, 240),
    ],
)
def test_a_window_across_a_change_of_the_clocks_is_as_long_as_the_clock_really_runs(zone, today, start, end, minutes):
    assert 15 * len(slots(zone, Window(day=6, start=start, end=end), today=today)) == minutes


def test_an_hour_that_comes_twice_means_the_first_time():
    first_time = slots("Europe/London", Window(day=6, start=75, end=105), today=date(2026, 10, 19))

    assert first_time == [clock(6, 0, 15), clock(6, 0, 30)]


def test_an_hour_that_is_skipped_offers_no_time():
    assert slots("Europe/London", Window(day=6, start=60, end=120), today=date(2026, 3, 23)) == []
    assert slots("Europe/London", Window(day=6, start=90, end=120), today=date(2026, 3, 23)) == []


def test_shared_time_is_measured_between_zones():
    member = a_member(time_zone="America/New_York", availability=(Window(day=3, start=9 * 60, end=12 * 60),))
    mentor = a_mentor(time_zone="Europe/Berlin", availability=(Window(day=3, start=16 * 60, end=18 * 60),))
    first = np.array([0])

    before_europe_changes = facing_weeks([member], [mentor], date(2026, 3, 9)).shared(first, first)
    after_europe_changed = facing_weeks([member], [mentor], date(2026, 4, 6)).shared(first, first)

    assert (before_europe_changes.tolist(), after_europe_changed.tolist()) == ([4], [8])
