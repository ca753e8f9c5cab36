"""Can somebody keep another person away with one act, and does the page tell nobody whom?"""

from html import unescape

import pytest

from domain.access import Actor
from domain.consent import ConsentLedger, Method
from domain.member import Member
from tests.api.pages.browsing import Page, faults
from tests.scenarios import approved_match, enrolled_member, enrolled_mentor


@pytest.fixture
def member(service, moment):
    return enrolled_member(service, moment)


@pytest.fixture
def own(member, enter):
    return enter(Actor.MEMBER, member)


def keep_away(client, value, **more):
    answer = client.post("/my-blocks", data={"value": value, **more})
    return client.get(answer.headers["Location"])


def test_one_field_and_one_act_keep_somebody_away(service, moment, member, own):
    mentor = enrolled_mentor(service, moment)

    page = Page(keep_away(own, "Birch Owl 2").text)

    assert page.said("status").startswith("Noted.")
    assert service.alongside.ledger(member.person_id).kept_away == {mentor.person_id}
    event = service.alongside.ledger_entries(member.person_id)[-1].event
    assert isinstance(event, ConsentLedger.Blocked)
    assert (event.by, event.method, event.coordinators_may_know) == ("member", Method.WEB, False)


def test_the_answer_is_the_same_whether_or_not_anybody_is_known_by_it(service, moment, own):
    enrolled_mentor(service, moment)
    enrolled_mentor(service, moment, ref="T-2", handle="Alder Fox 3")
    stranger = own.post("/my-blocks", data={"value": "Alder Fox 4"})
    known = own.post("/my-blocks", data={"value": "Alder Fox 3"})

    assert (stranger.status_code, dict(stranger.headers) | {"x-request-id": ""}) == (
        known.status_code,
        dict(known.headers) | {"x-request-id": ""},
    )
    assert stranger.content == known.content


def test_the_list_shows_when_and_by_what_kind_of_thing_and_never_the_value(own):
    keep_away(own, "Ana Ferreira")
    page = keep_away(own, "+44 20 7946 0958", coordinators="yes")
    words = Page(page.text).words

    assert "By a handle or a name, on 2 March 2026 Coordinators are not told of it." in words
    assert "By a phone number, on 2 March 2026 Coordinators may know that you keep somebody away." in words
    assert not any(said in page.text for said in ("Ana", "Ferreira", "7946"))
    assert faults(page.text) == []


def test_a_block_is_taken_off_with_one_act(service, member, own):
    keep_away(own, "Birch Owl 2")
    (block,) = service.alongside.ledger(member.person_id).blocks

    answer = own.post(f"/my-blocks/{block}")
    page = Page(own.get(answer.headers["Location"]).text)

    assert page.said("status") == "Taken off. What it ended is not brought back."
    assert "Nobody is kept away from you." in page.words


def test_a_field_with_nothing_usable_is_said_so_and_not_shown_again(service, member, own):
    answer = own.post("/my-blocks", data={"value": " "})

    assert answer.status_code == 422
    assert "six digits" in Page(answer.text).said("alert")
    assert not service.alongside.ledger(member.person_id).blocks


def test_what_was_typed_is_in_no_address(own):
    answer = own.post("/my-blocks", data={"value": "Birch Owl 2"})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/my-blocks?done=made")


def test_nobody_takes_anothers_block_off(service, moment, own, member, enter):
    keep_away(own, "Birch Owl 2")
    (block,) = service.alongside.ledger(member.person_id).blocks
    other = enter(Actor.MENTOR, enrolled_mentor(service, moment))

    assert other.post(f"/my-blocks/{block}").status_code == 404
    assert service.alongside.ledger(member.person_id).blocks


def test_mentors_keep_people_away_in_the_same_way(service, moment, member, enter):
    mentor = enrolled_mentor(service, moment)

    keep_away(enter(Actor.MENTOR, mentor), "plum raven 1")

    assert service.alongside.ledger(mentor.person_id).kept_away == {member.person_id}


def test_the_person_kept_away_sees_a_match_end_and_no_block(service, moment, enter):
    match = approved_match(service, moment)
    other = enter(Actor.MENTOR, enrolled_mentor(service, moment))
    member = enter(Actor.MEMBER, service.alongside.load(Member, match.member_id))

    keep_away(member, "Birch Owl 2")

    words = unescape("".join(other.get(path).text for path in ("/my-consents", "/availability", "/my-blocks")))
    assert "0 of your 2 places" in Page(words).words
    assert "Nobody is kept away from you." in Page(words).words


@pytest.mark.usefixtures("member")
@pytest.mark.parametrize("role", [Actor.COORDINATOR, Actor.AUDITOR])
def test_coordinators_and_auditors_have_no_such_page(service, enter, role):
    assert enter(role, service.alongside.programme("harbour")).get("/my-blocks").status_code == 403
