"""Is a cell of hours read as coordinators mean it, and is what we write of hours read as the same?"""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.calendars import asked_calendar, kept
from api.roster.cells import Misread
from api.roster.columns import AVAILABILITY
from api.roster.hours import ALSO, AWAY, RECURRING, Hours, hours
from domain.availability import Absence, Calendar, ExtraHours, calendar_of
from domain.errors import InvalidValue
from domain.recurring import ALWAYS, Pattern, Recurrence
from domain.values import WeeklyWindow, windows_of
from matching.recurrence import Rule
from matching.rule_text import rule_of
from tests.api.roster.conftest import Draft

DATES = st.dates(date(2025, 1, 1), date(2030, 12, 31))
SPANS = st.tuples(st.integers(0, 95), st.integers(1, 96)).filter(lambda span: span[0] < span[1])
WINDOWS = st.builds(lambda day, span: (day, 15 * span[0], 15 * span[1]), st.integers(0, 6), SPANS)
EXTRA = st.builds(lambda on, span: ExtraHours(on, 15 * span[0], 15 * span[1]), DATES, SPANS)
ABSENCES = st.builds(lambda ends: Absence(*sorted(ends)), st.tuples(DATES, DATES))
DAYS = st.integers(0, 6)
WHICH = st.sampled_from([1, 2, 3, 4, 5, -1])


def in_order(days):
    return tuple(sorted(days, key=lambda day: (day[0] == -1, day)))


PATTERNS = st.one_of(
    st.builds(
        lambda days, interval: Pattern(is_monthly=False, interval=interval, days=in_order((0, day) for day in days)),
        st.sets(DAYS, min_size=1, max_size=3),
        st.integers(1, 52),
    ),
    st.builds(
        lambda days, interval: Pattern(is_monthly=True, interval=interval, days=in_order(days)),
        st.sets(st.tuples(WHICH, DAYS), min_size=1, max_size=3),
        st.integers(1, 52),
    ),
)


@st.composite
def recurrences(draw):
    pattern, first = draw(PATTERNS), draw(DATES | st.just(ALWAYS))
    until = draw(st.none() | st.dates(max(first, date(2025, 1, 1)), date(2032, 1, 1)))
    start, end = draw(SPANS)
    return Recurrence(replace(pattern, until=until).rule, first, 15 * start, 15 * end)


CALENDARS = st.lists(st.one_of(recurrences(), EXTRA, ABSENCES), max_size=4).map(calendar_of)


@settings(max_examples=150)
@given(st.lists(WINDOWS, max_size=4).map(windows_of), CALENDARS)
def test_what_is_written_of_hours_is_read_as_the_same(week, calendar):
    cell = ";".join(map(str, (*week, *calendar.dated))) or "Mon 18:00-20:00"

    assert hours(cell) == (Hours(week, calendar) if week or calendar.dated else hours("Mon 18:00-20:00"))


@settings(max_examples=150)
@given(recurrences())
def test_the_form_that_is_kept_is_the_same_to_the_optimiser(recurrence):
    (rule,) = (rule_of(each) for each in asked_calendar(Calendar(recurring=(recurrence,))).recurring)
    pattern = recurrence.pattern

    assert kept(recurrence, "") == recurrence
    assert pattern.rule == recurrence.rule
    assert rule == Rule(
        pattern.is_monthly,
        pattern.interval,
        pattern.days,
        recurrence.first,
        **({"last": pattern.until} if pattern.until else {}),
    )


@pytest.mark.parametrize(
    ("cell", "dated"),
    [
        (
            "every 2nd tue from 2026-03-03 18:00-20:00",
            Recurrence("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", date(2026, 3, 3), 1080, 1200),
        ),
        (
            "Every 3rd Thu, Tue and tue from 2026-03-03 until 2026-06-30 18:00 \u2013 20:00",
            Recurrence("FREQ=WEEKLY;INTERVAL=3;BYDAY=TU,TH;UNTIL=20260630T235959", date(2026, 3, 3), 1080, 1200),
        ),
        (
            "every sun from 2026-03-03 9:00-10:30",
            Recurrence("FREQ=WEEKLY;INTERVAL=1;BYDAY=SU", date(2026, 3, 3), 540, 630),
        ),
        ("2nd tue of the month 18:00-20:00", Recurrence("FREQ=MONTHLY;INTERVAL=1;BYDAY=2TU", ALWAYS, 1080, 1200)),
        (
            "last fri and 1st sat of every 2nd month from 2026-03-01 10:00-12:00",
            Recurrence("FREQ=MONTHLY;INTERVAL=2;BYDAY=1SA,-1FR", date(2026, 3, 1), 600, 720),
        ),
        ("away 2026-08-01..2026-08-21", Absence(date(2026, 8, 1), date(2026, 8, 21))),
        ("Away 2026-08-01 to 2026-08-21", Absence(date(2026, 8, 1), date(2026, 8, 21))),
        ("away 2026-08-01 \u2026 2026-08-21", Absence(date(2026, 8, 1), date(2026, 8, 21))),
        ("away 2026-08-01", Absence(date(2026, 8, 1), date(2026, 8, 1))),
        ("also 2026-05-02 10:00-12:00", ExtraHours(date(2026, 5, 2), 600, 720)),
    ],
)
def test_what_a_coordinator_types_is_understood(cell, dated):
    assert hours(f"{cell};Mon 18:00-20:00") == Hours((WeeklyWindow(0, 1080, 1200),), calendar_of([dated]))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("every 2nd Tue 18:00-20:00", RECURRING),
        ("every 2nd Tue of the month 18:00-20:00", RECURRING),
        ("every 0th Tue from 2026-03-03 18:00-20:00", RECURRING),
        ("every 53rd Tue from 2026-03-03 18:00-20:00", RECURRING),
        ("every 2nd Tue from 2026-02-30 18:00-20:00", RECURRING),
        ("every 2nd Tue from 2026-03-03 until 2026-03-02 18:00-20:00", RECURRING),
        ("every 2nd Tue from 2026-03-03 18:10-20:00", RECURRING),
        ("6th Sat of the month 10:00-12:00", RECURRING),
        ("last Fri of every 2nd month 18:00-20:00", RECURRING),
        ("last Fri 18:00-20:00", RECURRING),
        ("away", AWAY),
        ("away 2026-08-21..2026-08-01", AWAY),
        ("away 2026-08-32", AWAY),
        ("away in August", AWAY),
        ("also Sat 10:00-12:00", ALSO),
        ("also 2026-05-02 10:00-25:00", ALSO),
        ("also 2026-05-02 22:00-02:00", None),
    ],
)
def test_what_is_not_understood_is_answered_with_what_was_expected_there(cell, expected):
    past_midnight = (
        "windows that end after they start; split one that runs past midnight, such as"
        " `Mon 22:00-24:00;Tue 00:00-02:00`"
    )
    misread = AVAILABILITY.read(f"Mon 18:00-20:00;{cell}")

    assert isinstance(misread, Misread)
    assert str(misread) == f"{expected or past_midnight} (look at item 2)"


def test_absences_that_touch_and_extra_hours_that_overlap_become_one():
    away = "away 2026-08-04..2026-08-06;away 2026-08-01..2026-08-03"
    extra = "also 2026-05-02 10:00-11:00;also 2026-05-02 10:30-12:00"

    assert list(map(str, hours(f"{away};{extra}").calendar.dated)) == [
        "also 2026-05-02 10:00-12:00",
        "away 2026-08-01..2026-08-06",
    ]


def test_a_row_says_the_usual_week_and_what_differs_from_it(draft: Draft):
    draft.mentors[0]["availability"] = "away 2026-08-01..2026-08-21;Tue 19:00-21:00"
    (mentor,) = draft.read().mentors

    assert mentor.profile.availability == (WeeklyWindow(1, 19 * 60, 21 * 60),)
    assert mentor.profile.calendar == Calendar(absences=(Absence(date(2026, 8, 1), date(2026, 8, 21)),))


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "FREQ=DAILY;INTERVAL=1;BYDAY=TU",
        "FREQ=WEEKLY;BYDAY=TU",
        "FREQ=WEEKLY;INTERVAL=1;BYDAY=1TU",
        "FREQ=MONTHLY;INTERVAL=1;BYDAY=TU",
        "FREQ=WEEKLY;INTERVAL=1;BYDAY=TU,XX",
        "FREQ=WEEKLY;INTERVAL=1;BYDAY=TU;UNTIL=20261301T235959",
        "FREQ=WEEKLY;INTERVAL=1;BYDAY=TU;UNTIL=20260101T235959",
        "FREQ=WEEKLY;INTERVAL=1;BYDAY=TU;COUNT=3",
        "FREQ=WEEKLY;INTERVAL=53;BYDAY=TU",
        "[erased]",
    ],
)
def test_no_calendar_keeps_a_rule_that_the_optimiser_would_refuse_or_read_otherwise(rule):
    with pytest.raises(InvalidValue):
        calendar_of([Recurrence(rule, date(2026, 3, 3), 600, 660)])


@pytest.mark.parametrize(
    "dated",
    [
        ExtraHours(date(2026, 3, 3), 600, 600),
        ExtraHours(date(2026, 3, 3), 601, 660),
        ExtraHours(date(2026, 3, 3), 600, 1455),
        Recurrence("FREQ=WEEKLY;INTERVAL=1;BYDAY=TU", date(2026, 3, 3), 660, 600),
        Recurrence("FREQ=WEEKLY;INTERVAL=1;BYDAY=TU", date(1969, 3, 3), 600, 660),
        Recurrence("FREQ=WEEKLY;INTERVAL=1;BYDAY=TU", date(3000, 3, 3), 600, 660),
        Absence(date(2026, 3, 3), date(2026, 3, 2)),
    ],
)
def test_no_calendar_keeps_what_cannot_be(dated):
    with pytest.raises(InvalidValue):
        calendar_of([dated])


def test_a_calendar_that_would_never_end_is_refused():
    every_other_day = [Absence(day, day) for day in (date.fromordinal(740_000 + 2 * number) for number in range(51))]

    assert len(calendar_of(every_other_day[:50]).absences) == 50
    with pytest.raises(InvalidValue, match="at most 50"):
        calendar_of(every_other_day)
