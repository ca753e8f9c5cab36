"""Does each proposal name its hour where a programme asks for one, to each on their own clock, and is it kept free?"""

from datetime import timedelta

import pytest
from msgspec.structs import replace as with_fields

from api.rounds import hold_round
from domain.access import Actor
from domain.consent import Method, Scope
from domain.member import Member
from domain.programme import Policy
from domain.purposes import PRESENTED, Field, Purpose
from domain.standing_hour import ShownHour, StandingHour
from domain.values import WeeklyWindow
from tests.api.pages.browsing import Page
from tests.scenarios import HARBOUR, enrolled_member, enrolled_mentor, programme

MONDAY_EVENING = {"availability": (WeeklyWindow(0, 19 * 60, 21 * 60),), "time_zone": "Europe/Berlin"}
SEVEN, EIGHT = StandingHour(19, "Europe/Berlin"), StandingHour(20, "Europe/Berlin")


@pytest.fixture
def mentor(service, moment):
    return enrolled_mentor(service, moment, capacity=3, **MONDAY_EVENING)


def ask_for_hours(service, moment):
    harbour = service.alongside.programme(HARBOUR)
    policy = with_fields(harbour.policy, standing_hour=True)
    service.alongside.adopt_policy(harbour.id, policy, at=moment.at, by="coordinator-1")


def proposed(service, moment):
    """Hold a round and give what it proposed."""
    hold_round(service.alongside, HARBOUR, moment, by="coordinator-1")
    return list(service.alongside.pool(service.alongside.programme(HARBOUR).id).open_proposals().values())


@pytest.fixture
def match(service, moment, mentor):  # noqa: ARG001 - the one whom there is to propose
    enrolled_member(service, moment)
    ask_for_hours(service, moment)
    (found,) = proposed(service, moment)
    return found


def test_a_proposal_names_its_hour_on_the_mentors_clock(match, service, moment, enter):
    coordinator = enter(Actor.COORDINATOR, programme(service, moment))

    assert match.standing_hour == SEVEN
    assert (
        "They can meet every Monday at 19:00, as clocks are in Europe/Berlin."
        in Page(coordinator.get("/proposals").text).words
    )


def test_each_of_the_two_sees_it_on_their_own_clock(match, service, moment, enter, mentor):
    service.alongside.approve(match.id, at=moment.at, by="coordinator-1")
    member = service.alongside.load(Member, match.member_id)
    by_member = enter(Actor.MEMBER, member).get(f"/my-match/{match.id}").text
    by_mentor = enter(Actor.MENTOR, mentor).get(f"/my-members/{match.id}").text

    assert member.profile.time_zone == "Europe/Lisbon"
    assert "Every Monday at 18:00, in the time of where you live." in Page(by_member).words
    assert "Every Monday at 19:00, in the time of where you live." in Page(by_mentor).words


def test_it_is_not_told_to_whom_the_others_time_is_not_told(service, moment, mentor, enter):
    member = enrolled_member(service, moment, consents=(Purpose.MATCH_CONSIDER, Purpose.MATCH_PROPOSE))
    ask_for_hours(service, moment)
    (match,) = proposed(service, moment)
    service.alongside.approve(match.id, at=moment.at, by="coordinator-1")
    address = f"/my-members/{match.id}"
    client = enter(Actor.MENTOR, mentor)
    assert "Every Monday" in client.get(address).text

    scope = Scope(fields=PRESENTED - {Field.TIME_ZONE})
    service.alongside.grant(
        member.person_id, Purpose.MATCH_PROPOSE, method=Method.WEB, scope=scope, at=moment.at, by="member"
    )

    assert "Every Monday" not in client.get(address).text


def test_the_hour_of_a_match_is_taken_in_the_rounds_to_come_and_free_when_it_ends(match, service, moment):
    service.alongside.approve(match.id, at=moment.at, by="coordinator-1")
    enrolled_member(service, moment, ref="S-2")
    (second,) = proposed(service, moment)
    assert second.standing_hour == EIGHT
    service.alongside.approve(second.id, at=moment.at, by="coordinator-1")
    enrolled_member(service, moment, ref="S-3")
    assert proposed(service, moment) == []  # a place is free, but no hour

    service.alongside.close_match(match.id, at=moment.at, by="coordinator-1")

    (third,) = proposed(service, moment)
    assert third.standing_hour == SEVEN


@pytest.mark.usefixtures("mentor")
def test_without_the_policy_nobody_is_given_an_hour(service, moment):
    enrolled_member(service, moment)
    (match,) = proposed(service, moment)

    assert match.standing_hour is None


def test_a_policy_that_holds_already_is_not_adopted_again(service, moment):
    enrolled_member(service, moment)
    ask_for_hours(service, moment)
    version = service.alongside.programme(HARBOUR).policy_version
    ask_for_hours(service, moment)

    assert version == 2
    assert service.alongside.programme(HARBOUR).policy_version == 2
    assert service.alongside.programme(HARBOUR).policy == Policy(standing_hour=True)


def test_an_hour_is_shown_on_another_clock_at_the_next_meeting(moment):
    late = StandingHour(6 * 24 + 23, "America/New_York")

    assert late.shown_in("Asia/Kolkata", moment.today - timedelta(days=7)) == ShownHour(0, 9 * 60 + 30)
    assert late.shown_in("Asia/Kolkata", moment.today) == ShownHour(0, 8 * 60 + 30)


def test_an_hour_of_where_a_mentor_lived_before_takes_all_that_it_touches_now(moment):
    late = StandingHour(6 * 24 + 23, "America/New_York")

    assert late.hours_in("America/New_York", moment.today) == {167}
    assert late.hours_in("Europe/London", moment.today) == {3}
    assert late.hours_in("Asia/Kolkata", moment.today) == {8, 9}
