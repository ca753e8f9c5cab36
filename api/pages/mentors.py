"""Which mentors are there, and when do they have time?"""

from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.access import MomentDep, ReadModels
from api.pages import sentences
from api.pages.dates import ahead, in_words
from api.pages.layout import ShowDep
from api.pages.week import hours_by_day
from api.routes.mentors import OwnMentor
from api.showing import hours_of, mentors, page_or_last
from api.showing.mentors import HOURS
from api.showing.reader import ReaderDep
from projections.mentor_directory import STANDINGS, Listing

router = APIRouter()

ROWS_A_PAGE: Final = 50
PARTS: Final = ("offers", "languages")


@router.get("/mentors")
def list_mentors(
    show: ShowDep,
    reader: ReaderDep,
    read_models: ReadModels,
    moment: MomentDep,
    page: Annotated[int, Query(ge=1)] = 1,
) -> Response:
    """Show the programme's mentors."""
    shown = page_or_last(partial(mentors, reader, read_models, moment, parts=PARTS), page, ROWS_A_PAGE)
    return show("mentors.html", rows=[_row(mentor) for mentor in shown.rows], list=shown, address="/mentors")


@router.get("/mentors/{mentor_id}")
def show_mentor(show: ShowDep, reader: ReaderDep, mentor: OwnMentor, moment: MomentDep) -> Response:
    """Show one mentor's hours, to read. Hours in a zone that is not known would be wrong ones."""
    standing, profile = sentences.pause(mentor, moment.today), mentor.profile
    if hours_of(reader, mentor) != HOURS:
        return show("mentor.html", mentor=mentor, hours=None, standing=standing)
    dates = [in_words(each) for each in ahead(profile.calendar.dated, moment.today)]
    return show("mentor.html", mentor=mentor, hours=hours_by_day(profile.availability), dates=dates, standing=standing)


def _row(mentor: Listing) -> dict[str, Any]:
    return {
        "mentor": mentor,
        "role": sentences.ROLES.get(mentor.role, mentor.role),
        "places": f"{mentor.places} free of {mentor.capacity}",
        "offers": sentences.shared(mentor.offers, sentences.codes),
        "languages": sentences.shared(mentor.languages, sentences.languages),
        "standing": sentences.sentence(STANDINGS[mentor.standing]),
    }
