import pytest

from domain.access import Actor
from domain.consent import Method
from domain.match import Match, MatchStatus
from domain.mentor import Mentor
from domain.programme import Programme
from domain.purposes import Purpose
from tests.api.pages.browsing import Page
from tests.scenarios import (
    approved_match,
    enrolled_member,
    enrolled_mentor,
    open_match,
    open_matches,
    programme,
)


@pytest.fixture
def match(service, moment):
    """A proposal that waits for a decision."""
    return open_match(service, moment)


@pytest.fixture
def coordinator(service, match, enter):
    """The browser of a coordinator of its programme."""
    return enter(Actor.COORDINATOR, service.alongside.load(Programme, match.programme_id))


def form_of(client, match, act):
    return Page(client.get("/proposals").text).form(f"/proposals/{match.id}/{act}")


def status_of(service, match):
    return service.alongside.load(Match, match.id).status


def test_a_card_tells_who_and_why_in_plain_words(coordinator):
    words = Page(coordinator.get("/proposals").text).words

    for said in (
        "Plum Raven 1 with Birch Owl 2",
        "Member S-1",
        "Mentor T-1",
        "Fit 568 of 1000",
        "Covers 1 of 2 needs: housing. Not covered: isolation.",
        "Both have lived through: anxiety.",
        "Both speak Portuguese (the member's first language) and English.",
        "Both are free for 2 hours and 30 minutes a week at the same time.",
        "Both can be in touch by phone and video.",
        "Their ages are near.",
        "It takes place 1 of 2 at this mentor.",
    ):
        assert said in words


def test_the_programmes_figures_stand_on_top(service, moment, coordinator):
    enrolled_mentor(service, moment, ref="T-2", capacity=5)
    enrolled_mentor(service, moment, ref="T-3", capacity=7, consents=())
    enrolled_member(service, moment, ref="S-2")
    words = Page(coordinator.get("/proposals").text).words

    assert "Members waiting 2" in words
    assert "Free places 14" in words
    assert "Proposals to decide 1" in words
    assert "Round 1 of 2 March 2026 looked at 1 member and 1 mentor. It found a mentor for 1 member" in words
    assert "by these rules no other plan is better" in words


def test_approving_takes_a_place_and_says_so(service, match, coordinator):
    form = form_of(coordinator, match, "approval")
    answer = coordinator.post(form.action, data=form.filled())
    page = Page(coordinator.get(answer.headers["Location"]).text)

    assert answer.status_code == 303
    assert status_of(service, match) == MatchStatus.APPROVED
    assert service.alongside.load(Mentor, match.mentor_id).places == 1
    assert page.said("status") == "Approved: Plum Raven 1 with Birch Owl 2."


def test_declining_keeps_the_reason(service, match, coordinator):
    form = form_of(coordinator, match, "decline")
    answer = coordinator.post(form.action, data=form.filled(reason="They work together."))
    declined = Page(coordinator.get("/proposals?status=declined").text)

    assert answer.status_code == 303
    assert status_of(service, match) == MatchStatus.DECLINED
    assert "by coordinator-1. Reason: They work together." in declined.words


def test_declining_needs_a_reason(service, match, coordinator):
    form = form_of(coordinator, match, "decline")
    answer = coordinator.post(form.action, data=form.filled(reason="  "))

    assert answer.status_code == 422
    assert "A reason has 1 to 500 characters." in Page(answer.text).said("alert")
    assert status_of(service, match) == MatchStatus.PROPOSED


def test_a_decision_on_an_older_version_is_refused_on_the_queue(service, moment, match, coordinator):
    form = form_of(coordinator, match, "approval")
    people = service.alongside.pool(match.programme_id)
    open_matches(service, moment, [(people.members[match.member_id], people.mentors[match.mentor_id])])
    answer = coordinator.post(form.action, data=form.filled())
    page = Page(answer.text)

    assert answer.status_code == 412
    assert "Nothing was changed. Somebody else changed this" in page.said("alert")
    assert "Plum Raven 1 with Birch Owl 2" in page.words
    assert status_of(service, match) == MatchStatus.PROPOSED


def test_the_same_form_sent_twice_is_done_once_and_answered_alike(service, match, coordinator):
    form = form_of(coordinator, match, "approval")
    first, second = (coordinator.post(form.action, data=form.filled()) for _ in range(2))

    assert (first.status_code, first.headers["Location"]) == (second.status_code, second.headers["Location"])
    assert len(service.alongside.load(Mentor, match.mentor_id).caseload) == 1


def test_a_form_with_a_key_of_its_own_is_another_request(service, match, coordinator):
    form = form_of(coordinator, match, "approval")
    coordinator.post(form.action, data=form.filled())
    answer = coordinator.post(form.action, data=form.filled(key="another", version="2"))

    assert answer.status_code == 409
    assert "Nothing was changed." in Page(answer.text).said("alert")
    assert len(service.alongside.load(Mentor, match.mentor_id).caseload) == 1


def test_a_key_that_stands_for_another_reason_is_refused(match, coordinator):
    form = form_of(coordinator, match, "decline")
    coordinator.post(form.action, data=form.filled(reason="One reason."))
    answer = coordinator.post(form.action, data=form.filled(reason="Another reason."))

    assert answer.status_code == 422
    assert "idempotency key" in Page(answer.text).said("alert")


@pytest.mark.parametrize("purpose", [Purpose.MATCH_CONSIDER, Purpose.MATCH_PROPOSE])
@pytest.mark.parametrize("whose", ["member", "mentor"])
def test_a_consent_taken_back_while_the_page_was_open_stops_the_approval(
    service, moment, match, coordinator, purpose, whose
):
    form = form_of(coordinator, match, "approval")
    person = match.member_person_id if whose == "member" else match.mentor_person_id
    service.alongside.withdraw(person, purpose, method=Method.WEB, at=moment.at, by=whose)
    answer = coordinator.post(form.action, data=form.filled())
    page = Page(answer.text)

    assert answer.status_code == 409
    assert "This proposal is no longer available." in page.said("alert")
    assert "agree" not in page.words
    assert status_of(service, match) == MatchStatus.VOIDED
    assert not any(form.action.endswith("/approval") for form in page.forms)
    assert "Plum Raven 1 with Birch Owl 2" not in page.words


def test_a_full_mentor_is_told(service, moment, coordinator):
    mentor = enrolled_mentor(service, moment, ref="T-5", capacity=1)
    pairs = [(enrolled_member(service, moment, ref=ref), mentor) for ref in ("S-5", "S-6")]
    first, second = open_matches(service, moment, pairs)
    form = form_of(coordinator, second, "approval")
    service.alongside.approve(first.id, at=moment.at, by="coordinator-2")
    answer = coordinator.post(form.action, data=form.filled())

    assert answer.status_code == 409
    assert "no place left" in Page(answer.text).said("alert")


def test_approved_matches_can_be_read_again(service, moment, enter):
    approved_match(service, moment)
    client = enter(Actor.COORDINATOR, service.alongside.programme("harbour"))
    page = Page(client.get("/proposals?status=approved").text)

    assert "Approved on 2 March 2026, 00:00 UTC by coordinator-1." in page.words
    acts = {form.action.rsplit("/", 1)[1] for form in page.forms if form.action.startswith("/proposals/")}
    assert acts == {"closure"}


def test_a_long_queue_comes_in_pages(service, moment, enter):
    mentor = enrolled_mentor(service, moment, capacity=100)
    members = [enrolled_member(service, moment, ref=f"S-{n}", handle=f"Finch {n}") for n in range(21)]
    open_matches(service, moment, [(member, mentor) for member in members])
    client = enter(Actor.COORDINATOR, service.alongside.programme("harbour"))
    cards = [
        {form.action for form in Page(client.get(f"/proposals?page={page}").text).forms if "/approval" in form.action}
        for page in (1, 2, 99)
    ]

    assert [len(found) for found in cards] == [20, 1, 1]
    assert len(cards[0] | cards[1]) == 21


def test_a_round_is_held_and_its_proposals_stand_in_the_queue(service, moment, enter):
    enrolled_member(service, moment, handle="Waiting Wren 1")
    client = enter(Actor.COORDINATOR, programme(service, moment))
    before = Page(client.get("/proposals").text)
    form = before.form("/rounds")
    answer = client.post(form.action, data=form.filled())

    assert "No round was held yet." in before.words
    assert answer.status_code == 303
    assert "Waiting Wren 1 with Birch Owl 2" in Page(client.get(answer.headers["Location"]).text).words


def test_the_waiting_list_says_how_long_and_why(service, moment, enter):
    enrolled_member(service, moment, handle="New Wren 1")
    enrolled_member(service, moment, ref="S-2", handle="Silent Wren 2", consents=())
    client = enter(Actor.COORDINATOR, service.alongside.programme("harbour"))
    words = Page(client.get("/waiting").text).words

    assert "New Wren 1 S-1 , consents of New Wren 1 60 days since 1 January 2026 Soon housing No round" in words
    assert "Has not agreed to what a match needs, or no longer does." in words


def test_the_mentors_are_listed_with_places_and_hours(service, moment, enter):
    mentor = enrolled_mentor(service, moment)
    client = enter(Actor.COORDINATOR, service.alongside.programme("harbour"))
    listed = Page(client.get("/mentors").text).words
    hours = Page(client.get(f"/mentors/{mentor.id}").text)

    assert "2 free of 2 Takes members. housing and benefits Portuguese and English 1 January 2030" in listed
    assert "Monday 18:00 to 20:00 Tuesday No time Wednesday 18:00 to 20:00" in hours.words
    assert [form.action for form in hours.forms] == ["/session/end"]
