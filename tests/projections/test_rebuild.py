"""Are the tables a function of the log, and do rows and position move together?"""

from datetime import timedelta

import pytest
from sqlalchemy import Table, select

from api.moment import Moment
from api.service import Service
from domain.access import Actor
from domain.consent import Ground, Method
from domain.draft import Standpoint
from domain.purposes import Field, Purpose
from domain.values import WeeklyWindow
from eventlog.schema import Role
from projections import mentor_directory, proposals, waiting_list
from projections.mentor_directory import mentors
from projections.projection import NAMES, PERSONAL, metadata
from projections.waiting_list import members
from tests.scenarios import enrolled_member, enrolled_mentor, open_match, open_matches, token_of

COORDINATOR = "coordinator-1"
BY_MEMBER = {"method": Method.WEB, "by": "member"}


def rows(service: Service) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, up to date."""
    with service.reading() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }


def a_lively_history(service: Service, moment: Moment) -> None:
    """Proposals approved, declined, withdrawn from and left; an erasure asked for; a mentor who changes and pauses."""
    alongside, at = service.alongside, moment.at
    mentor = enrolled_mentor(service, moment, capacity=4)
    members = [enrolled_member(service, moment, ref=f"S-{number}") for number in range(1, 6)]
    approved, declined, _, _ = open_matches(service, moment, [(member, mentor) for member in members[:4]])
    alongside.approve(approved.id, at=at, by=COORDINATOR)
    alongside.decline(declined.id, "They know each other.", at=at, by=COORDINATOR)
    alongside.withdraw(members[2].person_id, Purpose.MATCH_PROPOSE, at=at, **BY_MEMBER)
    alongside.request_erasure(members[4].person_id, Ground.OBJECTION, at=at, by="member")
    alongside.change_capacity(mentor.id, 3, at=at, by="mentor-1")
    alongside.pause(mentor.id, moment.today + timedelta(days=7), at=at, by="mentor-1")
    programme = alongside.programme("harbour")
    alongside.open_draft(
        programme.id, Standpoint(position=alongside.log.head(), today=moment.today, judged_at=at), at=at, by=COORDINATOR
    )
    token_of(service, moment, Actor.AUDITOR, programme)
    urgent = {"recipient": "the ambulance", "reason": "They did not answer the door.", "at": at, "by": COORDINATOR}
    alongside.request_emergency(members[4].person_id, frozenset({Field.NAME}), **urgent)


def test_tables_built_anew_equal_those_that_followed(service: Service, moment: Moment) -> None:
    a_lively_history(service, moment)
    before = rows(service)

    service.projector.rebuild()

    assert rows(service) == before
    assert [name for name, found in before.items() if not found] == []


def test_a_row_that_the_log_does_not_explain_is_gone_after_a_rebuild(service: Service, moment: Moment) -> None:
    a_lively_history(service, moment)
    before = rows(service)
    with service.engines[Role.PROJECTOR].begin() as connection:
        connection.execute(mentors.update().values(taken=77))
    assert rows(service) != before

    service.projector.rebuild()

    assert rows(service) == before


def test_a_member_waits_for_the_reason_that_their_history_gives(service: Service, moment: Moment) -> None:
    a_lively_history(service, moment)
    programme = service.alongside.programme("harbour").id

    with service.reading() as connection:
        found = waiting_list.waiting(connection, programme, today=moment.today)

    assert {member.ref: member.reason for member in found} == {
        "S-2": "declined",
        "S-3": "unavailable",
        "S-4": "proposed",
        "S-5": "not-considered-yet",
    }


def test_the_directory_counts_places_and_says_how_a_mentor_stands(service: Service, moment: Moment) -> None:
    a_lively_history(service, moment)
    programme = service.alongside.programme("harbour").id

    with service.reading() as connection:
        today, back = (
            mentor_directory.listings(connection, programme, today=moment.today + timedelta(days=days))[0]
            for days in (0, 7)
        )

    assert (today.capacity, today.taken, today.places, today.standing) == (3, 1, 2, "paused")
    assert back.standing == "available"


@pytest.mark.parametrize("side", ["member_person_id", "mentor_person_id"])
@pytest.mark.parametrize("purpose", [Purpose.MATCH_CONSIDER, Purpose.MATCH_PROPOSE])
def test_a_proposal_without_its_consent_is_voided_and_explains_nothing(
    service: Service, moment: Moment, side: str, purpose: Purpose
) -> None:
    match = open_match(service, moment)
    with service.reading() as connection:
        before = proposals.one(connection, match.programme_id, match.id)
    service.alongside.withdraw(getattr(match, side), purpose, at=moment.at, **BY_MEMBER)

    with service.reading() as connection:
        after = proposals.one(connection, match.programme_id, match.id)

    assert before is not None
    assert after is not None
    assert before.explanation
    assert before.fit
    assert (after.status, after.explanation, after.fit) == ("voided", None, None)


def columns_of(service: Service, table: Table) -> dict[str, object]:
    """The only row of a table, without names, ids and what the service itself knows."""
    with service.reading() as connection:
        row = connection.execute(select(table)).one()
    names = [column.name for column in table.c if column.info == PERSONAL and column.name not in NAMES]
    return {name: row._mapping[name] for name in names}


def test_what_nobody_may_read_any_more_leaves_the_tables_and_comes_back_with_a_new_consent(
    service: Service, moment: Moment
) -> None:
    match = open_match(service, moment)
    tables = {members: match.member_person_id, mentors: match.mentor_person_id}
    before = [columns_of(service, table) for table in tables]
    for person in tables.values():
        service.alongside.withdraw(person, Purpose.MATCH_CONSIDER, at=moment.at, **BY_MEMBER)
    service.alongside.change_availability(match.mentor_id, (WeeklyWindow(4, 0, 60),), at=moment.at, by="mentor-1")
    withheld = [columns_of(service, table) for table in tables]
    for person in tables.values():
        service.alongside.grant(person, Purpose.COORD_NOTES, at=moment.at, **BY_MEMBER)
    after = [columns_of(service, table) for table in tables]

    assert withheld[0] == dict.fromkeys(before[0])
    assert {name: withheld[1][name] for name in mentor_directory.FIELDS} == dict.fromkeys(mentor_directory.FIELDS)
    assert after[0] == before[0]
    assert after[1] == before[1] | {"availability": [{"day": 4, "start_minute": 0, "end_minute": 60}]}
