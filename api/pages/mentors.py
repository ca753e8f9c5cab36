"""Which mentors are there, and when do they have time?"""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from api.access import Coordinator, MomentDep, ReadModels
from api.pages import sentences
from api.pages.layout import ShowDep
from api.pages.week import hours_by_day
from api.routes.mentors import OwnMentor
from projections import mentor_directory
from projections.mentor_directory import Listing

router = APIRouter()


@router.get("/mentors")
def list_mentors(show: ShowDep, caller: Coordinator, read_models: ReadModels, moment: MomentDep) -> Response:
    """Show the programme's mentors."""
    mentors = mentor_directory.listings(read_models, caller.programme_id, today=moment.today)
    return show("mentors.html", rows=[_row(mentor) for mentor in mentors])


@router.get("/mentors/{mentor_id}")
def show_mentor(show: ShowDep, _: Coordinator, mentor: OwnMentor, moment: MomentDep) -> Response:
    """Show one mentor's hours, to read."""
    hours = hours_by_day(mentor.profile.availability)
    return show("mentor.html", mentor=mentor, hours=hours, standing=sentences.pause(mentor, moment.today))


def _row(mentor: Listing) -> dict[str, Any]:
    return {
        "mentor": mentor,
        "role": sentences.ROLES.get(mentor.role, mentor.role),
        "places": f"{mentor.places} free of {mentor.capacity}",
        "offers": sentences.codes(mentor.offers),
        "languages": sentences.languages(mentor.languages),
        "standing": sentences.sentence(mentor_directory.STANDINGS[mentor.standing]),
    }
