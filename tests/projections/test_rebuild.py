"""Are the tables a function of the log, and do rows and position move together?"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from api.moment import Moment
from api.service import Service
from domain.consent import Ground, Method
from domain.purposes import Purpose
from eventlog.schema import Role
from projections import mentor_directory, proposals, waiting_list
from projections.mentor_directory import mentors
from projections.projection import metadata
from tests.scenarios import enrolled_member, enrolled_mentor, open_match, open_matches

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
    mute = enrolled_member(service, moment, ref="S-6", consents=())

    with service.reading() as connection:
        found = waiting_list.waiting(connection, mute.programme_id, at=moment.at)

    assert {member.ref: member.reason for member in found} == {
        "S-2": "declined",
        "S-3": "proposed",
        "S-4": "proposed",
        "S-5": "not-considered-yet",
        "S-6": "consent",
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
def test_a_proposal_without_its_consent_is_not_available_and_explains_nothing(
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
    assert before.available
    assert before.explanation
    assert (after.available, after.explanation) == (False, None)
