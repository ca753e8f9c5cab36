"""Which mentors are there, as far as coordinators are told?"""

from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection

from api.moment import Moment
from api.showing.page import Page, Paging
from api.showing.reader import Reader, asked_of, masked
from domain.mentor import Mentor
from domain.purposes import Field
from projections import mentor_directory
from projections.mentor_directory import FIELDS, Listing

HOURS: Final = frozenset({Field.AVAILABILITY, Field.TIME_ZONE})


def mentors(
    reader: Reader, read_models: Connection, moment: Moment, paging: Paging, parts: Collection[str] = FIELDS
) -> Page[Listing]:
    """Give a page of the directory of mentors, to show these parts of."""
    found = mentor_directory.number(read_models, reader.programme)
    rows = mentor_directory.listings(read_models, reader.programme, today=moment.today, **paging.rows)
    told = reader.told((row.person_id, asked_of(row, FIELDS, parts)) for row in rows)
    shown = [masked(row, FIELDS, parts, told[row.person_id]) for row in rows]
    return Page(shown, paging.number, paging.pages_of(found))


def hours_of(reader: Reader, mentor: Mentor) -> frozenset[Field]:
    """Give which of a mentor's hours and time zone may be shown."""
    return reader.told([(mentor.person_id, HOURS)])[mentor.person_id]
