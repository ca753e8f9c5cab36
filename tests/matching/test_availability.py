"""Is the packed week what `dateutil` (recurrence) and `zoneinfo` (clocks) say that it is?"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pytest
from dateutil.rrule import rrulestr
from hypothesis import example, given, settings
from hypothesis import strategies as st

from matching import week
from matching.files import read_problem, written
from matching.problem import Absence, Calendar, ExtraHours, InvalidProblem, Policy, Recurrence, Window
from matching.recurrence import Rule
from matching.rule_text import InvalidRule, canonical, rule_of
from matching.solve import solve
from matching.week import SLOTS, monday_on_or_after
from matching.why_not import failing_rules
from tests.matching.given import a_member, a_mentor, a_problem

WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
DAY, QUARTER = timedelta(days=1), timedelta(minutes=15)
MONDAY = date(2026, 3, 9)
ZONES = sorted(available_timezones() - {"Factory", "localtime", "posixrules"})
# Half and quarter hours, both hemispheres, half an hour of summer time, and a zone that once left out a whole day.
TELLING = ["Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Santiago", "Pacific/Apia", "Europe/London"]
CHANGES = [
    *(date(2026, 3, 8), date(2026, 3, 29), date(2026, 4, 5), date(2026, 9, 6), date(2026, 10, 4), date(2026, 10, 25)),
    date(2011, 12, 30),
]
DAYS = st.one_of(st.sampled_from(CHANGES), st.dates(date(2025, 1, 1), date(2028, 12, 31)))


@st.composite
def hours(draw):
    start, end = sorted(draw(st.lists(st.integers(0, 96), min_size=2, max_size=2, unique=True)))
    return {"start": 15 * start, "end": 15 * end}


@st.composite
def recurrences(draw, near):
    first = near + draw(st.integers(-500, 10)) * DAY
    at = draw(hours())
    if draw(st.booleans()):
        days = draw(st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=3))
        parts = ["FREQ=WEEKLY", f"INTERVAL={draw(st.integers(1, 6))}"]
    else:
        which = st.tuples(st.sampled_from([1, 2, 3, 4, 5, -1]), st.sampled_from(WEEKDAYS))
        days = [f"{nth}{day}" for nth, day in draw(st.lists(which, min_size=1, max_size=3))]
        parts = ["FREQ=MONTHLY", f"INTERVAL={draw(st.integers(1, 5))}"]
    parts.append(f"BYDAY={','.join(days)}")
    last = datetime.combine(first + draw(st.integers(1, 700)) * DAY, time()) + draw(st.integers(0, 95)) * QUARTER
    end = draw(st.sampled_from(["", f"COUNT={draw(st.integers(1, 40))}", f"UNTIL={last:%Y%m%dT%H%M%S}"]))
    return Recurrence(rule=";".join([*draw(st.permutations(parts)), *filter(None, [end])]), first=first, **at)


@st.composite
def calendars(draw, near):
    absences = [
        Absence(first=first, last=first + draw(st.integers(0, 20)) * DAY)
        for first in draw(st.lists(st.integers(-20, 20).map(lambda ahead: near + ahead * DAY), max_size=2))
    ]
    extra = [
        ExtraHours(on=near + ahead * DAY, **draw(hours())) for ahead in draw(st.lists(st.integers(-3, 15), max_size=2))
    ]
    recurring = draw(st.lists(recurrences(near), max_size=3))
    return Calendar(recurring=tuple(recurring), absences=tuple(absences), extra=tuple(extra))


@st.composite
def weeks(draw):
    """A person with hours of all kinds around a day."""
    today = draw(DAYS) + draw(st.integers(-7, 1)) * DAY
    zone = draw(st.one_of(st.sampled_from(TELLING), st.sampled_from(ZONES)))
    usual = [Window(day=draw(st.integers(0, 6)), **draw(hours())) for _ in range(draw(st.integers(0, 3)))]
    return a_member(time_zone=zone, availability=tuple(usual), calendar=draw(calendars(today))), today


def begins(recurrence):
    return datetime.combine(recurrence.first, time()) + timedelta(minutes=recurrence.start)


def dates_by_dateutil(recurrence, monday):
    found = rrulestr(recurrence.rule, dtstart=begins(recurrence)).between(
        datetime.combine(monday, time()), datetime.combine(monday + 6 * DAY, time.max), inc=True
    )
    return [each.date() for each in found]


def stretches(person, monday):
    """All hours of the week as (day, start, end), day by day, as they stand in the person's own diary."""
    diary = [(monday + window.day * DAY, window) for window in person.availability]
    diary += [(each.on, each) for each in person.calendar.extra]
    diary += [(day, each) for each in person.calendar.recurring for day in dates_by_dateutil(each, monday)]
    for day, at in diary:
        is_away = any(absence.first <= day <= absence.last for absence in person.calendar.absences)
        if monday <= day < monday + 7 * DAY and not is_away:
            yield day, at.start, at.end


def expected_slots(person, today):
    """Go through real time in quarters of an hour and see which lie within a stretch."""
    monday = monday_on_or_after(today)
    midnight = datetime.combine(monday, time(), UTC)
    free = set()
    for day, start, end in stretches(person, monday):
        opens, closes = (
            (datetime.combine(day, time()) + timedelta(minutes=minute)).replace(tzinfo=ZoneInfo(person.time_zone))
            for minute in (start, end)
        )
        moment = midnight - 3 * DAY
        while moment < midnight + 10 * DAY:
            if opens.astimezone(UTC) <= moment and moment + QUARTER <= closes.astimezone(UTC):
                free.add((moment - midnight) // QUARTER % SLOTS)
            moment += QUARTER
    return sorted(free)


def packed_slots(person, today):
    words = week.facing_weeks([person], [], today).members[:, 0]
    return np.flatnonzero(np.unpackbits(words.astype("<u8").view(np.uint8), bitorder="little")).tolist()


@settings(max_examples=100, deadline=None)
@given(weeks())
@example((a_member(time_zone="Pacific/Apia", availability=(Window(day=4, start=600, end=720),)), date(2011, 12, 26)))
def test_the_packed_week_is_that_of_zoneinfo_and_dateutil(case):
    person, today = case

    assert packed_slots(person, today) == expected_slots(person, today)


RICH = a_member(
    time_zone="Australia/Lord_Howe",
    availability=(Window(day=1, start=600, end=720), Window(day=6, start=0, end=240)),
    calendar=Calendar(
        recurring=(Recurrence(rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", first=date(2026, 3, 3), start=600, end=720),),
        absences=(Absence(first=date(2026, 4, 7), last=date(2026, 4, 7)),),
        extra=(ExtraHours(on=date(2026, 4, 8), start=600, end=660),),
    ),
)


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(lambda person, _: person.availability, id="the calendar is not read"),
        pytest.param(
            lambda person, monday: [
                Window(day=(day - monday).days, start=start, end=end)
                for day, start, end in stretches(
                    replace(person, calendar=replace(person.calendar, absences=())), monday
                )
            ],
            id="absences are not read",
        ),
        pytest.param(
            lambda person, monday: [
                Window(day=(day - monday).days, start=start + 30, end=end + 30)
                for day, start, end in stretches(person, monday)
            ],
            id="summer time is a whole hour",
        ),
    ],
)
def test_a_week_that_is_read_wrongly_would_be_caught(monkeypatch, broken):
    today = date(2026, 4, 6)
    assert packed_slots(RICH, today) == expected_slots(RICH, today)

    monkeypatch.setattr(week, "windows_in_week", broken)

    assert packed_slots(RICH, today) != expected_slots(RICH, today)


@settings(max_examples=100, deadline=None)
@given(DAYS.flatmap(recurrences))
def test_the_days_of_a_rule_are_those_of_dateutil(recurrence):
    theirs = islice(rrulestr(recurrence.rule, dtstart=begins(recurrence)), 60)

    assert list(islice(rule_of(recurrence).dates(), 60)) == [each.date() for each in theirs]


@settings(max_examples=100, deadline=None)
@given(DAYS.flatmap(recurrences), st.integers(0, 3000))
def test_the_days_of_a_far_week_are_those_of_dateutil(recurrence, ahead):
    monday = monday_on_or_after(recurrence.first + ahead * DAY)

    assert {monday + day * DAY for day in rule_of(recurrence).days_in_week(monday)} == {
        *dates_by_dateutil(recurrence, monday)
    }


@settings(max_examples=100, deadline=None)
@given(DAYS.flatmap(recurrences))
def test_the_form_that_is_kept_means_the_same_to_everybody_and_is_kept_as_it_is(recurrence):
    kept = replace(recurrence, rule=canonical(recurrence))
    before, after = (rrulestr(each.rule, dtstart=begins(each)) for each in (recurrence, kept))

    assert list(islice(after, 60)) == list(islice(before, 60))
    assert rule_of(kept) == rule_of(recurrence)
    assert canonical(kept) == kept.rule


def test_a_rule_whose_weeks_were_counted_from_sunday_would_be_caught():
    rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO"
    from_monday, from_sunday = (
        [each.date() for each in rrulestr(f"{rule};COUNT=6;WKST={first}", dtstart=datetime(2026, 3, 3))]  # noqa: DTZ001
        for first in ("MO", "SU")
    )

    assert list(rule_of(Recurrence(rule=f"{rule};COUNT=6", first=date(2026, 3, 3), start=0, end=60)).dates()) == (
        from_monday
    )
    assert from_monday != from_sunday


def test_the_weekday_of_a_weekly_rule_is_that_of_its_first_day_if_left_out():
    assert canonical(Recurrence(rule="freq=weekly", first=MONDAY, start=0, end=60)) == (
        "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO"
    )


@pytest.mark.parametrize(
    ("until", "last"), [("20260310", 10), ("20260310T180000", 10), ("20260310T175959", 9), ("20260309T000000", 8)]
)
def test_a_bare_day_ends_a_rule_with_its_last_minute_and_a_time_at_that_time(until, last):
    daily = f"FREQ=WEEKLY;BYDAY={','.join(WEEKDAYS)};UNTIL={until}"

    assert rule_of(Recurrence(rule=daily, first=date(2026, 3, 1), start=18 * 60, end=19 * 60)).last == date(
        2026, 3, last
    )


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ("FREQ=DAILY", r"FREQ: is not WEEKLY or MONTHLY"),
        ("BYDAY=TU", r"FREQ: is not WEEKLY or MONTHLY"),
        ("", r"holds something else"),
        ("FREQ=WEEKLY;BYHOUR=9", r"holds something else than FREQ, INTERVAL, BYDAY, UNTIL, COUNT and WKST"),
        ("RRULE:FREQ=WEEKLY", r"holds something else"),
        ("FREQ=WEEKLY;FREQ=WEEKLY", r"FREQ: stands more than once"),
        ("FREQ=WEEKLY;WKST=SU", r"WKST: is not MO"),
        ("FREQ=WEEKLY;INTERVAL=0", r"INTERVAL: is not a whole number from 1 to 52"),
        ("FREQ=WEEKLY;INTERVAL=53", r"INTERVAL: "),
        ("FREQ=WEEKLY;INTERVAL=\u0664", r"INTERVAL: "),
        ("FREQ=WEEKLY;BYDAY=1TU", r"BYDAY: does not hold days such as TU,TH"),
        ("FREQ=WEEKLY;BYDAY=", r"BYDAY: "),
        ("FREQ=MONTHLY", r"BYDAY: does not hold days such as 1SA,-1FR, each from 1 to 5 or -1"),
        ("FREQ=MONTHLY;BYDAY=TU", r"BYDAY: "),
        ("FREQ=MONTHLY;BYDAY=-2TU", r"BYDAY: "),
        ("FREQ=WEEKLY;COUNT=101", r"COUNT: is not a whole number from 1 to 100"),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20270101", r"COUNT: stands beside UNTIL"),
        ("FREQ=WEEKLY;UNTIL=20270101T180000Z", r"UNTIL: is not a day"),
        ("FREQ=WEEKLY;UNTIL=20271301", r"UNTIL: is not a day"),
        ("FREQ=WEEKLY;UNTIL=20260309T170000", r"UNTIL: lies before the first day, or beyond the year 2999"),
        ("FREQ=WEEKLY;UNTIL=30000101", r"UNTIL: lies before the first day, or beyond the year 2999"),
        ("FREQ=WEEKLY;UNTIL=00010101T000000", r"UNTIL: "),
        ("FREQ=WEEKLY;BYDAY=" + ",".join(["TU"] * 99), r"is longer than 200 characters"),
    ],
)
def test_a_rule_that_is_not_read_is_refused_by_its_part(rule, complaint):
    recurrence = Recurrence(rule=rule, first=MONDAY, start=1080, end=1200)
    with pytest.raises(InvalidRule, match=complaint):
        rule_of(recurrence)
    with pytest.raises(InvalidProblem, match=r"^members\[0\]\.calendar\.recurring\[0\]\.rule: " + complaint):
        a_problem([a_member(calendar=Calendar(recurring=(recurrence,)))], [])


@pytest.mark.parametrize(
    ("calendar", "place"),
    [
        (Calendar(absences=(Absence(first=MONDAY, last=MONDAY - DAY),)), "absences[0].last"),
        (Calendar(extra=(ExtraHours(on=MONDAY, start=600, end=600),)), "extra[0].end"),
        (Calendar(extra=(ExtraHours(on=MONDAY, start=1440, end=1441),)), "extra[0].start"),
        (
            Calendar(recurring=(Recurrence(rule="FREQ=WEEKLY", first=MONDAY, start=600, end=1441),)),
            "recurring[0].end",
        ),
        (
            Calendar(recurring=(Recurrence(rule="FREQ=WEEKLY", first=date(3000, 1, 1), start=600, end=700),)),
            "recurring[0].first",
        ),
    ],
)
def test_a_calendar_that_cannot_be_is_refused_with_its_place(calendar, place):
    with pytest.raises(InvalidProblem) as refused:
        a_problem([], [a_mentor(calendar=calendar)])

    assert str(refused.value).startswith(f"mentors[0].calendar.{place}: ")


@given(calendars(MONDAY), calendars(MONDAY))
@settings(max_examples=50, deadline=None)
def test_a_calendar_goes_into_a_file_and_comes_back(one, other):
    problem = a_problem([a_member(calendar=one)], [a_mentor(calendar=other)])

    assert read_problem(written(problem)) == problem


def test_a_file_may_leave_the_calendar_out():
    problem = a_problem([a_member()], [a_mentor()])
    octets = written(problem)
    bare = octets.replace(b'"calendar":{"absences":[],"extra":[],"recurring":[]},', b"")

    assert bare != octets
    assert read_problem(bare) == problem


def test_a_fault_in_the_calendar_of_a_file_is_named_by_its_place():
    octets = written(a_problem([a_member(calendar=RICH.calendar)], []))

    with pytest.raises(InvalidProblem, match=r"^members\[0\]\.calendar\.absences\[0\]\.first: Invalid RFC3339"):
        read_problem(octets.replace(b'"first":"2026-04-07"', b'"first":"April"'))


def test_an_absence_takes_away_its_own_week_and_no_other():
    """Every week has a round of its own; who is away in one is asked again in the next."""
    away = a_mentor(calendar=Calendar(absences=(Absence(first=MONDAY, last=MONDAY + 6 * DAY),)))

    served = [
        solve(a_problem([a_member()], [away], today=MONDAY + 7 * ahead * DAY)).answer.objective.served
        for ahead in (-1, 0, 1)
    ]

    assert served == [1, 0, 1]


def test_two_who_meet_every_other_week_have_time_in_common_in_the_same_weeks_only():
    fortnightly = Recurrence(rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", first=MONDAY, start=600, end=660)
    other_weeks = replace(fortnightly, first=MONDAY + 7 * DAY)

    def failing(member, mentor, today):
        member, mentor = (Calendar(recurring=(each,)) for each in (member, mentor))
        people = a_member(availability=(), calendar=member), a_mentor(availability=(), calendar=mentor)
        return failing_rules(a_problem(people[:1], people[1:], today=today, policy=Policy()), "ash", "wren")

    assert [failing(fortnightly, fortnightly, MONDAY + 7 * ahead * DAY) for ahead in range(3)] == [(), ("time",), ()]
    assert [failing(fortnightly, other_weeks, MONDAY + 7 * ahead * DAY) for ahead in range(3)] == [("time",)] * 3


def test_hours_of_one_day_and_hours_of_the_week_are_one_stretch_across_midnight():
    late = a_member(
        availability=(Window(day=1, start=22 * 60, end=24 * 60),),
        calendar=Calendar(extra=(ExtraHours(on=MONDAY + 2 * DAY, start=0, end=60),)),
    )

    assert packed_slots(late, MONDAY) == list(range(46 * 4, 49 * 4))


def test_a_rule_without_end_is_still_known_in_the_last_year_that_is_counted():
    rule = rule_of(Recurrence(rule="FREQ=WEEKLY;INTERVAL=52;BYDAY=MO", first=MONDAY, start=0, end=60))

    assert isinstance(rule, Rule)
    assert max(rule.dates()).year == 2999
