"""When is a mentor away, when do they have time once, and when every so often?"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from api.once import Change
from api.pages.availability import HOW_OFTEN, OwnPage, OwnPageDep
from api.pages.dates import ahead
from api.pages.forms import FormChange
from domain.availability import Absence, Dated, ExtraHours, calendar_of, last_day
from domain.errors import InvalidValue
from domain.mentor import Mentor
from domain.recurring import Pattern, Recurrence
from domain.values import DAYS, MINUTES_A_DAY

router = APIRouter()

Kind = Literal["away", "extra", "recurring"]

_READ: Final[Mapping[Kind, Callable[["Typed"], Dated]]] = {
    "away": lambda typed: typed.away(),
    "extra": lambda typed: typed.extra(),
    "recurring": lambda typed: typed.recurring(),
}
_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_MINUTES_AN_HOUR: Final = 60


class Typed:
    """What was typed into one of the forms; a field that the form has not is blank."""

    def __init__(
        self,
        first: Annotated[str, Form()] = "",
        last: Annotated[str, Form()] = "",
        start: Annotated[str, Form()] = "",
        end: Annotated[str, Form()] = "",
        often: Annotated[str, Form()] = "",
        weekday: Annotated[str, Form()] = "",
    ) -> None:
        self.first, self.last, self.start, self.end, self.often, self.weekday = first, last, start, end, often, weekday

    def away(self) -> Absence:
        """Read days away; a blank last day means one day."""
        first = _day(self.first)
        return Absence(first, _day(self.last) if self.last else first)

    def extra(self) -> ExtraHours:
        """Read the hours of one day."""
        return ExtraHours(_day(self.first), _minute(self.start), _end(self.end))

    def recurring(self) -> Recurrence:
        """Read recurring hours."""
        if self.often not in HOW_OFTEN or self.weekday not in {str(day) for day in range(len(DAYS))}:
            raise InvalidValue("Choose how often and on which day.")
        unit, _, number = self.often.partition("-")
        is_monthly = unit == "month"
        pattern = Pattern(
            is_monthly=is_monthly,
            interval=1 if is_monthly else int(number),
            days=((int(number) if is_monthly else 0, int(self.weekday)),),
            until=_day(self.last) if self.last else None,
        )
        return Recurrence(pattern.rule, _day(self.first), _minute(self.start), _end(self.end))


@router.post("/calendar")
def add_to_calendar(
    page: OwnPageDep, change: FormChange, kind: Annotated[Kind, Form()], typed: Annotated[Typed, Depends()]
) -> Response:
    """Add days away, hours of one day or recurring hours."""

    def act() -> None:
        added = _READ[kind](typed)
        if last_day(added) < page.today:
            raise InvalidValue("Choose days that are still to come.")
        _replace(page, change, lambda dated: [*dated, added])

    return page.after(act, "dates", typed={"kind": kind, **vars(typed)})


@router.post("/calendar/removal")
def take_from_calendar(page: OwnPageDep, change: FormChange, which: Annotated[str, Form()]) -> Response:
    """Take out of the calendar what is written so."""
    act = partial(_replace, page, change, lambda dated: [each for each in dated if str(each) != which])
    return page.after(act, "dates")


def _replace(page: OwnPage, change: Change, replaced: Callable[[list[Dated]], list[Dated]]) -> None:
    """Change the calendar as it is now. What is over goes at the same time: nobody needs it any more."""
    dated = ahead(change.alongside.load(Mentor, page.id).profile.calendar.dated, page.today)
    calendar = calendar_of(replaced(dated))
    change.make(Mentor, partial(change.alongside.change_calendar, page.id, calendar))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidValue("Choose the day.") from None


def _minute(text: str) -> int:
    read = _TIME.fullmatch(text)
    if read is None:
        raise InvalidValue("Choose from when to when, in quarters of an hour such as 18:15.")
    return int(read[1]) * _MINUTES_AN_HOUR + int(read[2])


def _end(text: str) -> int:
    return _minute(text) or MINUTES_A_DAY  # a browser has no 24:00
