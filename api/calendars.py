"""How does a person's calendar stand in the optimiser's words, and how does a rule from outside come into ours?"""

from domain.availability import Calendar
from domain.errors import InvalidValue
from domain.recurring import Recurrence
from matching import problem as asked
from matching.rule_text import InvalidRule, canonical


def asked_calendar(calendar: Calendar) -> asked.Calendar:
    """Put a calendar into the optimiser's words."""
    return asked.Calendar(
        recurring=tuple(_asked(each) for each in calendar.recurring),
        absences=tuple(asked.Absence(first=each.first, last=each.last) for each in calendar.absences),
        extra=tuple(
            asked.ExtraHours(on=each.on, start=each.start_minute, end=each.end_minute) for each in calendar.extra
        ),
    )


def kept(recurrence: Recurrence, place: str) -> Recurrence:
    """Bring the rule of a recurrence, in whatever words of RFC 5545, into the form that is kept.

    Raises `InvalidValue` with the place where the recurrence stands and the part of its rule that is wrong.
    """
    try:
        rule = canonical(_asked(recurrence))
    except InvalidRule as invalid:
        raise InvalidValue(f"{place}.rule: {invalid}") from None
    return Recurrence(rule, recurrence.first, recurrence.start_minute, recurrence.end_minute)


def _asked(recurrence: Recurrence) -> asked.Recurrence:
    return asked.Recurrence(
        rule=recurrence.rule, first=recurrence.first, start=recurrence.start_minute, end=recurrence.end_minute
    )
