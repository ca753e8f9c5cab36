"""When does a mentor have time, for how many members, and are they taking new ones?"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import RedirectResponse, Response

from api.access import Mentor as MentorCaller
from api.access import MomentDep, ServiceDep
from api.pages import sentences
from api.pages.dates import ahead, in_words
from api.pages.forms import FormChange, new_key
from api.pages.layout import ShowDep
from api.pages.week import DAY_NAMES, week_of, windows_from
from api.problems import status_of
from domain.errors import Conflict, DomainError, Invalid, InvalidValue, Stale
from domain.identity import mentor_id
from domain.mentor import MOST_PLACES, Mentor
from domain.values import WeeklyWindow

router = APIRouter()

Saved = Literal["hours", "dates", "places", "pause", "resumption"]

SAVED: Final[dict[Saved, str]] = {
    "hours": "Your hours are saved.",
    "dates": "Your dates are saved.",
    "places": "The number of people you can support is saved.",
    "pause": "You have paused. Nobody new will be proposed to you.",
    "resumption": "You are back. New people can be proposed to you again.",
}


HOW_OFTEN: Final = {
    "weeks-2": "every 2nd week",
    "weeks-3": "every 3rd week",
    "weeks-4": "every 4th week",
    "month-1": "the 1st in the month",
    "month-2": "the 2nd in the month",
    "month-3": "the 3rd in the month",
    "month-4": "the 4th in the month",
    "month--1": "the last in the month",
}
"""How often hours can recur, as the form sends it and as people read it."""


class OwnPage:
    """Shows mentors their own page, and carries out what they change on it."""

    def __init__(self, show: ShowDep, caller: MentorCaller, service: ServiceDep, moment: MomentDep) -> None:
        assert caller.person_id is not None, "a mentor's token names a person"
        self.id = mentor_id(caller.person_id)
        self.today = moment.today
        self._show, self._alongside = show, service.alongside

    def page(
        self,
        *,
        status: int = HTTPStatus.OK,
        saved: str = "",
        refusal: str = "",
        windows: Sequence[WeeklyWindow] | None = None,
        capacity: int | None = None,
        typed: Mapping[str, str] | None = None,
    ) -> Response:
        """Show the page; `windows`, `capacity` and `typed`, a form of the calendar, are what was not saved."""
        mentor = self._alongside.load(Mentor, self.id)
        profile = mentor.profile
        return self._show(
            "availability.html",
            status=status,
            saved=saved,
            refusal=refusal,
            mentor=mentor,
            week=week_of(profile.availability if windows is None else windows),
            capacity=profile.capacity if capacity is None else capacity,
            most_places=MOST_PLACES,
            is_paused=mentor.is_paused_on(self.today),
            days=DAY_NAMES,
            dates=[(each, in_words(each)) for each in ahead(profile.calendar.dated, self.today)],
            how_often=HOW_OFTEN,
            typed=typed or {"kind": ""},
            today=self.today,
            tomorrow=self.today + timedelta(days=1),
            new_key=new_key,
        )

    def after(self, act: Callable[[], Any], saved: Saved, **typed: Any) -> Response:
        """Carry out an act and lead back to the page; after a refusal the page still holds what was typed."""
        try:
            act()
        except (Conflict, Stale, Invalid) as refusal:
            return self.page(status=status_of(refusal), refusal=_plainly(refusal), **typed)
        return RedirectResponse(f"/availability?saved={saved}", HTTPStatus.SEE_OTHER)


OwnPageDep = Annotated[OwnPage, Depends()]


@router.get("/availability")
def show_availability(page: OwnPageDep, saved: Annotated[Saved | None, Query()] = None) -> Response:
    """Show mentors their hours, places and pause."""
    return page.page(saved=SAVED[saved] if saved else "")


@router.post("/availability")
def change_availability(
    page: OwnPageDep, change: FormChange, ticked: Annotated[list[str] | None, Form()] = None
) -> Response:
    """Replace the hours of the week by the boxes that are ticked."""
    windows = windows_from(ticked or [])
    act = partial(change.make, Mentor, partial(change.alongside.change_availability, page.id, windows))
    return page.after(act, "hours", windows=windows)


@router.post("/capacity")
def change_capacity(page: OwnPageDep, change: FormChange, capacity: Annotated[int, Form()]) -> Response:
    """Replace the number of members in all."""
    act = partial(change.make, Mentor, partial(change.alongside.change_capacity, page.id, capacity))
    return page.after(act, "places", capacity=capacity)


@router.post("/pause")
def pause(
    page: OwnPageDep,
    change: FormChange,
    how: Annotated[Literal["until", "open"], Form()],
    until: Annotated[str, Form()] = "",
) -> Response:
    """Take no new members until a day, or until further notice."""

    def act() -> None:
        change.make(Mentor, partial(change.alongside.pause, page.id, _last_day(how, until)))

    return page.after(act, "pause")


@router.post("/resume")
def resume(page: OwnPageDep, change: FormChange) -> Response:
    """Take new members again."""
    return page.after(partial(change.make, Mentor, partial(change.alongside.resume, page.id)), "resumption")


def _last_day(how: str, until: str) -> date | None:
    if how == "open":
        return None
    try:
        return date.fromisoformat(until)
    except ValueError:
        raise InvalidValue("Choose the day on which you will be back.") from None


def _plainly(refusal: DomainError) -> str:
    if isinstance(refusal, Stale):
        return (
            "Something on your page was changed while it was open, for example because a place was taken. "
            "What you entered is not saved yet. Please look at it once more and save again."
        )
    return sentences.refusal(refusal)
