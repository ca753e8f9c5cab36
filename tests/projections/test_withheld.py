"""Do read models hold exactly what coordinators may read of somebody?"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Table, select

from api.moment import Moment
from api.service import Service
from domain.availability import Absence, calendar_of
from domain.consent import Method, Scope
from domain.identity import member_id, mentor_id
from domain.match import Match
from domain.purposes import CRITERIA, Field, Purpose
from domain.values import WeeklyWindow
from projections.mentor_directory import mentors
from projections.proposals import proposals
from projections.waiting_list import members
from tests.scenarios import open_match

MEMBERS = {
    "urgency": Field.URGENCY,
    "waiting_since": Field.WAITING_SINCE,
    "needs": Field.NEEDS,
    "languages": Field.LANGUAGES,
}
MENTORS = {
    "offers": Field.OFFERS,
    "languages": Field.LANGUAGES,
    "time_zone": Field.TIME_ZONE,
    "availability": Field.AVAILABILITY,
    "calendar": Field.AVAILABILITY,
}
AWAY = calendar_of([Absence(date(2026, 8, 1), date(2026, 8, 21))])
LATER = (WeeklyWindow(4, 600, 720),)


@pytest.fixture
def match(service: Service, moment: Moment) -> Match:
    return open_match(service, moment)


@pytest.fixture
def withhold(service: Service, moment: Moment) -> Callable[..., None]:
    """Lets somebody agree to be considered by everything but some fields."""

    def say(person: Any, *without: Field) -> None:
        scope = Scope(fields=CRITERIA - {*without})
        service.alongside.grant(
            person, Purpose.MATCH_CONSIDER, scope=scope, method=Method.WEB, at=moment.at, by="member"
        )

    return say


def row(service: Service, table: Table) -> dict[str, Any]:
    with service.reading() as connection:
        return dict(connection.execute(select(table)).mappings().one())


@pytest.mark.parametrize("column", MEMBERS)
def test_a_members_row_loses_what_they_withhold_and_nothing_else(
    service: Service, match: Match, withhold: Any, column: str
) -> None:
    before = row(service, members)
    withhold(match.member_person_id, MEMBERS[column])

    assert before[column]
    assert row(service, members) == {**before, column: None, "withheld": [MEMBERS[column]]}
    assert row(service, mentors)["withheld"] == []


@pytest.mark.parametrize("column", MENTORS)
def test_a_mentors_row_loses_what_they_withhold_and_nothing_else(
    service: Service, moment: Moment, match: Match, withhold: Any, column: str
) -> None:
    service.alongside.change_calendar(mentor_id(match.mentor_person_id), AWAY, at=moment.at, by="mentor")
    before = row(service, mentors)
    withhold(match.mentor_person_id, MENTORS[column])
    gone = {name: None for name, field in MENTORS.items() if field == MENTORS[column]}

    assert before[column]
    assert row(service, mentors) == {**before, **gone, "withheld": [MENTORS[column]]}


def test_what_is_no_longer_withheld_comes_back(service: Service, match: Match, withhold: Any) -> None:
    before = row(service, members)
    withhold(match.member_person_id, Field.URGENCY, Field.NEEDS)
    withhold(match.member_person_id, Field.NEEDS)

    assert row(service, members) == {**before, "needs": None, "withheld": [Field.NEEDS]}
    withhold(match.member_person_id)
    assert row(service, members) == before


@pytest.mark.parametrize(("field", "shows"), [(Field.AVAILABILITY, False), (Field.LANGUAGES, True)])
def test_new_hours_are_shown_unless_hours_are_withheld(
    service: Service, moment: Moment, match: Match, withhold: Any, field: Field, *, shows: bool
) -> None:
    withhold(match.mentor_person_id, field)
    service.alongside.change_availability(mentor_id(match.mentor_person_id), LATER, at=moment.at, by="mentor")
    service.alongside.change_calendar(mentor_id(match.mentor_person_id), AWAY, at=moment.at, by="mentor")

    now = row(service, mentors)
    assert (now["availability"] is not None) is shows
    assert now["calendar"] == (["away 2026-08-01..2026-08-21"] if shows else None)


def test_why_somebody_was_proposed_goes_with_the_last_thing_that_may_be_read(
    service: Service, match: Match, withhold: Any
) -> None:
    withhold(match.member_person_id, Field.AGE)
    assert row(service, proposals)["explanation"]
    withhold(match.member_person_id, *CRITERIA - {Field.BOUNDARIES})
    assert row(service, proposals)["explanation"] is None
    assert row(service, members)["member_id"] == member_id(match.member_person_id)
