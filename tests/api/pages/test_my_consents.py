from datetime import timedelta

import pytest

from domain.access import Actor
from domain.consent import ConsentLedger, Method, decide
from domain.member import Member
from domain.mentor import Mentor
from domain.purposes import Purpose
from tests.api.pages.browsing import Page
from tests.scenarios import approved_match, enrolled_member, enrolled_mentor, open_match


@pytest.fixture
def member(service, moment):
    """A member who agreed to what a match needs, on paper."""
    return enrolled_member(service, moment)


@pytest.fixture
def own(member, enter):
    """That member's browser."""
    return enter(Actor.MEMBER, member)


def say(client, purpose, decision):
    return client.post(f"/my-consents/{purpose}", data={"decision": decision})


def offered(client, purpose):
    """The decisions that the page offers on a purpose, each a button of its own."""
    html = client.get("/my-consents").text.partition(f'action="/my-consents/{purpose}"')[2].partition("</form>")[0]
    return [attributes["value"] for tag, attributes in Page(f"<form>{html}").elements if tag == "button"]


def test_every_purpose_stands_on_the_page(own):
    actions = [form.action for form in Page(own.get("/my-consents").text).forms]

    assert {f"/my-consents/{purpose}" for purpose in Purpose} <= set(actions)


def test_each_state_is_said_plainly_and_offers_one_act_each_way(service, moment, member, own):
    service.alongside.refuse(member.person_id, Purpose.STATS, method=Method.WEB, at=moment.at, by="member")
    service.alongside.grant(member.person_id, Purpose.TRANSFER, method=Method.WEB, at=moment.at, by="member")
    service.alongside.withdraw(member.person_id, Purpose.TRANSFER, method=Method.WEB, at=moment.at, by="member")
    words = Page(own.get("/my-consents").text).words

    assert "Be considered for matching. You agreed. This lasts until 2 March 2027." in words
    assert "Count me in statistics that name nobody. You said no." in words
    assert "Move me to another organisation. You took this back." in words
    assert "Let coordinators read my profile. You have not been asked, or have not answered." in words
    assert offered(own, Purpose.MATCH_CONSIDER) == ["withdraw"]
    assert offered(own, Purpose.STATS) == offered(own, Purpose.TRANSFER) == ["grant"]
    assert offered(own, Purpose.COORD_NOTES) == ["grant", "refuse"]


def test_a_consent_that_has_run_out_is_said_to_have(service, moment, enter):
    member = enrolled_member(service, moment, ref="S-7", consents=())
    long_ago = moment.at - timedelta(days=400)
    service.alongside.grant(member.person_id, Purpose.STATS, method=Method.PAPER, at=long_ago, by="administrator")
    client = enter(Actor.MEMBER, member)

    assert "You agreed once, but this has run out." in Page(client.get("/my-consents").text).words
    assert offered(client, Purpose.STATS) == ["grant", "refuse"]


def test_agreeing_and_taking_back_is_one_act_each(service, moment, member, own):
    given = say(own, Purpose.STATS, "grant")
    heard = Page(own.get(given.headers["Location"]).text).said("status")
    is_given = decide(service.alongside.ledger(member.person_id), Purpose.STATS, at=moment.at).permit
    taken_back = say(own, Purpose.STATS, "withdraw")
    decision = decide(service.alongside.ledger(member.person_id), Purpose.STATS, at=moment.at)

    assert (given.status_code, taken_back.status_code) == (303, 303)
    assert heard == "You agreed: count me in statistics that name nobody. It holds from now on."
    assert is_given
    assert decision.reason == "withdrawn"


def test_saying_no_is_recorded(service, moment, member, own):
    say(own, Purpose.RESEARCH_DATA, "refuse")

    assert decide(service.alongside.ledger(member.person_id), Purpose.RESEARCH_DATA, at=moment.at).reason == "refused"


def test_what_is_said_here_is_recorded_as_said_on_the_web_by_a_member_without_a_name(service, member, own):
    say(own, Purpose.STATS, "grant")
    event = service.alongside.ledger_entries(member.person_id)[-1].event

    assert isinstance(event, ConsentLedger.Granted)
    assert (event.by, event.method) == ("member", Method.WEB)


def test_taking_back_what_was_not_given_is_told(own):
    answer = say(own, Purpose.STATS, "withdraw")

    assert answer.status_code == 409
    assert "nothing to take back" in Page(answer.text).said("alert")


@pytest.mark.parametrize("decision", ["", "GRANT", "approve"])
def test_nothing_else_can_be_said(service, member, own, decision):
    before = len(service.alongside.ledger_entries(member.person_id))

    assert say(own, Purpose.STATS, decision).status_code == 422
    assert len(service.alongside.ledger_entries(member.person_id)) == before


def test_members_learn_since_when_they_wait(own):
    assert (
        "You have been on the waiting list since 1 January 2026 (60 days)." in Page(own.get("/my-consents").text).words
    )


def test_members_learn_that_nobody_looks_while_they_have_not_agreed(own):
    say(own, Purpose.MATCH_CONSIDER, "withdraw")

    assert "Nobody looks for a match for you at the moment" in Page(own.get("/my-consents").text).words


def test_members_do_not_hear_of_a_proposal_before_it_is_approved(service, moment, enter):
    match = open_match(service, moment)
    client = enter(Actor.MEMBER, service.alongside.load(Member, match.member_id))
    before = Page(client.get("/my-consents").text).words
    service.alongside.approve(match.id, at=moment.at, by="coordinator-1")
    after = Page(client.get("/my-consents").text).words

    assert "Where you stand You have been on the waiting list" in before
    assert "A match is being prepared for you." in after
    assert not any(said in before + after for said in ("Birch Owl 2", "T-1"))


def test_mentors_hold_their_consents_in_the_same_way(service, moment, enter):
    mentor = enrolled_mentor(service, moment)
    client = enter(Actor.MENTOR, mentor)
    answer = say(client, Purpose.MATCH_PROPOSE, "withdraw")
    page = Page(client.get(answer.headers["Location"]).text)

    assert service.alongside.ledger_entries(mentor.person_id)[-1].event.by == "mentor"
    assert "You took this back: show what I ticked" in page.said("status")
    assert "waiting list" not in page.words


def test_a_match_keeps_nothing_of_the_mentor_on_the_members_page(service, moment, enter):
    match = approved_match(service, moment)
    page = enter(Actor.MEMBER, service.alongside.load(Member, match.member_id)).get("/my-consents").text
    mentor = service.alongside.load(Mentor, match.mentor_id)

    assert not any(said in page for said in (mentor.profile.handle, mentor.profile.ref, str(mentor.id), str(match.id)))
