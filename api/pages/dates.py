"""How does what differs from somebody's usual week read in plain words?"""

from collections.abc import Iterable
from datetime import date
from typing import Final

from api.pages import sentences
from api.pages.week import DAY_NAMES, clock
from domain.availability import Absence, Dated, ExtraHours, last_day
from domain.recurring import ALWAYS, LAST_OF_MONTH, Recurrence, ordinal

LAST: Final = "last"


def ahead(dated: Iterable[Dated], today: date) -> list[Dated]:
    """Leave out what is over."""
    return [each for each in dated if last_day(each) >= today]


def in_words(dated: Dated) -> str:
    """Say it as `Every 2nd Tuesday, 18:00 to 20:00, from 3 March 2026`."""
    match dated:
        case Absence():
            return _away(dated)
        case ExtraHours():
            return f"Also on {sentences.day(dated.on)}, {_hours(dated)}"
    return _recurring(dated)


def _away(absence: Absence) -> str:
    if absence.first == absence.last:
        return f"Away on {sentences.day(absence.first)}"
    return f"Away from {sentences.day(absence.first)} to {sentences.day(absence.last)}"


def _recurring(recurrence: Recurrence) -> str:
    pattern = recurrence.pattern
    turn = "" if pattern.interval == 1 else f"{ordinal(pattern.interval)} "
    days = " and ".join(f"{_which(which)}{DAY_NAMES[weekday]}" for which, weekday in pattern.days)
    said = f"The {days} of {f'every {turn}' if turn else 'the '}month" if pattern.is_monthly else f"Every {turn}{days}"
    begins = "" if recurrence.first == ALWAYS else f", from {sentences.day(recurrence.first)}"
    ends = f" until {sentences.day(pattern.until)}" if pattern.until else ""
    return f"{said}, {_hours(recurrence)}{begins}{ends}"


def _which(which: int) -> str:
    return "" if not which else f"{LAST if which == LAST_OF_MONTH else ordinal(which)} "


def _hours(dated: Recurrence | ExtraHours) -> str:
    return f"{clock(dated.start_minute)} to {clock(dated.end_minute)}"
