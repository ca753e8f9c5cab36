"""Who waits, as far as coordinators are told?"""

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import Connection

from api.moment import Moment
from api.showing.page import Page, Paging
from api.showing.reader import Reader, asked_of, masked
from projections import waiting_list
from projections.waiting_list import FIELDS, Waiting


def waiting(
    reader: Reader, read_models: Connection, moment: Moment, paging: Paging, parts: Collection[str] = FIELDS
) -> Page[Waiting]:
    """Give a page of the waiting list, to show these parts of. Who does not agree to be matched waits for that."""
    found = waiting_list.number_waiting(read_models, reader.programme)
    rows = waiting_list.waiting(read_models, reader.programme, today=moment.today, **paging.rows)
    willing = reader.alongside.may_be_matched(reader.programme, [row.person_id for row in rows], at=moment.at)
    told = reader.told((row.person_id, asked_of(row, FIELDS, parts)) for row in rows)
    shown = [masked(row, FIELDS, parts, told[row.person_id]) for row in rows]
    return Page(
        [row if row.person_id in willing else replace(row, reason="consent") for row in shown],
        paging.number,
        paging.pages_of(found),
    )
