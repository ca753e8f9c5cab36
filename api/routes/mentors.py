"""Mentors: the directory for coordinators, and what mentors keep true themselves."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.access import CallerDep, Coordinator, MomentDep, ReadModels, ServiceDep
from api.once import ChangeDep, etag
from api.routes.resources import Availability, Capacity, MentorState, Pause
from domain.access import Actor
from domain.errors import NotYourRole, UnknownPerson
from domain.mentor import Mentor
from domain.values import windows_of
from projections import mentor_directory

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


@router.get("/mentors")
def list_mentors(caller: Coordinator, read_models: ReadModels, moment: MomentDep) -> list[mentor_directory.Listing]:
    """List the programme's mentors with the places that they have left."""
    return mentor_directory.listings(read_models, caller.programme_id, today=moment.today)


@router.get("/mentors/{mentor_id}")
def get_mentor(mentor: OwnMentor, response: Response) -> MentorState:
    """Give a mentor's hours, places and pause; the ETag is the version that a change names in If-Match."""
    response.headers.update(etag(mentor))
    return MentorState.of(mentor)


@router.put("/mentors/{mentor_id}/availability")
def change_availability(
    mentor: OwnMentor, availability: Availability, change: ChangeDep, response: Response
) -> MentorState:
    """Replace the mentor's hours of the week; windows that touch or overlap are joined."""
    windows = windows_of((window.day, window.start_minute, window.end_minute) for window in availability.availability)
    changed = change.make(Mentor, partial(change.alongside.change_availability, mentor.id, windows))
    response.headers.update(etag(changed))
    return MentorState.of(changed)


@router.put("/mentors/{mentor_id}/capacity")
def change_capacity(mentor: OwnMentor, capacity: Capacity, change: ChangeDep, response: Response) -> MentorState:
    """Replace the number of members that the mentor can take on."""
    changed = change.make(Mentor, partial(change.alongside.change_capacity, mentor.id, capacity.capacity))
    response.headers.update(etag(changed))
    return MentorState.of(changed)


@router.put("/mentors/{mentor_id}/pause")
def pause(mentor: OwnMentor, pause: Pause, change: ChangeDep, response: Response) -> MentorState:
    """Take no new members until a day, or until further notice; present matches stay."""
    changed = change.make(Mentor, partial(change.alongside.pause, mentor.id, pause.until))
    response.headers.update(etag(changed))
    return MentorState.of(changed)


@router.delete("/mentors/{mentor_id}/pause")
def resume(mentor: OwnMentor, change: ChangeDep, response: Response) -> MentorState:
    """Take new members again."""
    changed = change.make(Mentor, partial(change.alongside.resume, mentor.id))
    response.headers.update(etag(changed))
    return MentorState.of(changed)
