"""When does somebody have time in one week? Their usual hours and what their calendar says of it, read together.

An occurrence belongs to the day on which it falls on its person's own clock; a week is the seven days from a Monday.
The hours of the week, those that recur and those of one day are added up; of the days of an absence nothing is left.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from matching.people import DAYS_A_WEEK, Calendar, Member, Mentor, Window
from matching.rule_text import rule_of

_TO_SUNDAY: Final = timedelta(days=DAYS_A_WEEK - 1)


def windows_in_week(person: Member | Mentor, monday: date) -> tuple[Window, ...]:
    """Give the windows of the week from a Monday; they may overlap."""
    calendar = person.calendar
    if calendar.is_blank:
        return person.availability
    gone = _days_away(calendar, monday)
    windows = (*person.availability, *_recurring(calendar, monday), *_extra(calendar, monday))
    return tuple(window for window in windows if window.day not in gone)


def _days_away(calendar: Calendar, monday: date) -> set[int]:
    sunday = monday + _TO_SUNDAY
    return {
        day
        for absence in calendar.absences
        if absence.first <= sunday and absence.last >= monday
        for day in range(max(0, (absence.first - monday).days), min(DAYS_A_WEEK, (absence.last - monday).days + 1))
    }


def _recurring(calendar: Calendar, monday: date) -> Iterator[Window]:
    for each in calendar.recurring:
        for day in rule_of(each).days_in_week(monday):
            yield Window(day=day, start=each.start, end=each.end)


def _extra(calendar: Calendar, monday: date) -> Iterator[Window]:
    for each in calendar.extra:
        day = (each.on - monday).days
        if 0 <= day < DAYS_A_WEEK:
            yield Window(day=day, start=each.start, end=each.end)
