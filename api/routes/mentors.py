"""Mentors: the directory for coordinators, and what mentors keep true themselves."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.access import CallerDep, MomentDep, ReadModels, ServiceDep, ViewingDep
from api.once import ChangeDep, etag
from api.routes.mentor_resources import Availability, CalendarState, Capacity, MentorState, Pause
from api.routes.paging import AskedPageDep
from api.showing import Reader, hours_of, mentors
from api.showing.mentors import HOURS
from api.showing.reader import ReaderDep
from domain.access import Actor
from domain.errors import NotYourRole, UnknownPerson
from domain.mentor import Mentor
from domain.values import windows_of
from projections.mentor_directory import Listing

router = APIRouter(prefix="/api", tags=["mentors"])


def own_mentor(mentor_id: UUID, caller: CallerDep, service: ServiceDep) -> Mentor:
    """Give a mentor to themselves, or to a coordinator of their programme."""
    mentor = service.alongside.load(Mentor, mentor_id)
    if caller.role == Actor.COORDINATOR:
        if mentor.programme_id != caller.programme_id:
            raise UnknownPerson("There is no such mentor.")
    elif caller.role == Actor.MENTOR:
        caller.must_be(mentor.person_id)
    else:
        raise NotYourRole("This is for the mentor and for coordinators.")
    return mentor


OwnMentor = Annotated[Mentor, Depends(own_mentor)]


class Answer:
    """Shows a mentor to whoever asks: all of it to themselves, and to coordinators what they may be told."""

    def __init__(
        self, caller: CallerDep, service: ServiceDep, viewing: ViewingDep, moment: MomentDep, response: Response
    ) -> None:
        self._is_own = caller.role == Actor.MENTOR
        self._reader = Reader(service.alongside, caller.programme_id, viewing, moment.at)
        self._response = response

    def of(self, mentor: Mentor) -> MentorState:
        """Show a mentor; the ETag is the version that a change names in If-Match."""
        self._response.headers.update(etag(mentor))
        return MentorState.of(mentor, HOURS if self._is_own else hours_of(self._reader, mentor))


AnswerDep = Annotated[Answer, Depends()]


@router.get("/mentors")
def list_mentors(reader: ReaderDep, read_models: ReadModels, moment: MomentDep, asked: AskedPageDep) -> list[Listing]:
    """List the programme's mentors with the places that they have left.

    What a mentor does not let coordinators read is null.
    """
    return asked.rows(mentors(reader, read_models, moment, asked.paging))


@router.get("/mentors/{mentor_id}")
def get_mentor(mentor: OwnMentor, answer: AnswerDep) -> MentorState:
    """Give a mentor's hours, places and pause; the ETag is the version that a change names in If-Match."""
    return answer.of(mentor)


@router.put("/mentors/{mentor_id}/availability")
def change_availability(
    mentor: OwnMentor, availability: Availability, change: ChangeDep, answer: AnswerDep
) -> MentorState:
    """Replace the mentor's hours of the week; windows that touch or overlap are joined."""
    windows = windows_of((window.day, window.start_minute, window.end_minute) for window in availability.availability)
    return answer.of(change.make(Mentor, partial(change.alongside.change_availability, mentor.id, windows)))


@router.put("/mentors/{mentor_id}/calendar")
def change_calendar(mentor: OwnMentor, calendar: CalendarState, change: ChangeDep, answer: AnswerDep) -> MentorState:
    """Replace what differs from the mentor's usual week; absences and hours that touch or overlap are joined."""
    return answer.of(change.make(Mentor, partial(change.alongside.change_calendar, mentor.id, calendar.said())))


@router.put("/mentors/{mentor_id}/capacity")
def change_capacity(mentor: OwnMentor, capacity: Capacity, change: ChangeDep, answer: AnswerDep) -> MentorState:
    """Replace the number of members that the mentor can take on."""
    return answer.of(change.make(Mentor, partial(change.alongside.change_capacity, mentor.id, capacity.capacity)))


@router.put("/mentors/{mentor_id}/pause")
def pause(mentor: OwnMentor, pause: Pause, change: ChangeDep, answer: AnswerDep) -> MentorState:
    """Take no new members until a day, or until further notice; present matches stay."""
    return answer.of(change.make(Mentor, partial(change.alongside.pause, mentor.id, pause.until)))


@router.delete("/mentors/{mentor_id}/pause")
def resume(mentor: OwnMentor, change: ChangeDep, answer: AnswerDep) -> MentorState:
    """Take new members again."""
    return answer.of(change.make(Mentor, partial(change.alongside.resume, mentor.id)))
