"""Can people leave for good by the pages, with a second person who knows what that means?"""

import pytest

from api.access import COOKIE
from api.erasing import confirm
from domain.access import Actor
from domain.consent import Ground
from domain.member import Member
from domain.programme import Programme
from tests.api.pages.browsing import Page, browser, faults
from tests.scenarios import enrolled_member


@pytest.fixture
def member(service, moment):
    return enrolled_member(service, moment)


@pytest.fixture
def own(member, enter):
    return enter(Actor.MEMBER, member)


@pytest.fixture
def coordinator(service, member, enter):
    """The browser of the account `coordinator-1` of the member's programme."""
    return enter(Actor.COORDINATOR, service.alongside.load(Programme, member.programme_id))


@pytest.fixture
def asked(service, moment, member):
    """The page to which the decision on the member's own request goes."""
    service.alongside.request_erasure(member.person_id, Ground.CONSENT_WITHDRAWN, at=moment.at, by="member")
    return f"/erasures/{member.person_id}"


def test_a_member_asks_to_be_erased_and_changes_their_mind(service, member, own):
    asked = own.post("/my-erasure", data={"decision": "ask"})
    told = own.get(asked.headers["Location"]).text
    request = service.alongside.ledger(member.person_id).erasure
    own.post("/my-erasure", data={"decision": "cancel"})

    assert "You asked on 2 March 2026 that everything about you be erased." in Page(told).words
    assert faults(told) == []
    assert (request.by, request.ground) == ("member", Ground.CONSENT_WITHDRAWN)
    assert service.alongside.ledger(member.person_id).erasure is None
    assert "You can have everything erased" in Page(own.get("/my-consents").text).words


def test_a_coordinator_confirms_with_the_tick_and_is_told(service, member, coordinator, asked):
    page = coordinator.get("/erasures").text
    sent = Page(page).form(asked).filled(sure="yes")
    done = coordinator.post(asked, data=sent)
    after = Page(coordinator.get(done.headers["Location"]).text)

    assert faults(page) == []
    assert "Plum Raven 1 Asked for by member on 2 March 2026: they take back what they agreed to." in Page(page).words
    assert sent == {"decision": ["erase"], "sure": ["yes"]}
    assert after.said("status") == "Erased. Nobody can read it any more."
    assert "Nobody asks to be erased." in after.words
    assert service.alongside.load(Member, member.id).profile.handle == "[erased]"


def test_without_the_tick_nobody_is_erased(service, member, coordinator, asked):
    refused = coordinator.post(asked, data={"decision": "erase"})

    assert refused.status_code == 422
    assert "cannot be undone" in Page(refused.text).words
    assert not service.alongside.ledger(member.person_id).is_erased


def test_a_coordinator_turns_it_down(service, member, coordinator, asked):
    done = coordinator.post(asked, data={"decision": "keep"})

    assert Page(coordinator.get(done.headers["Location"]).text).said("status") == "Turned down. Nothing was erased."
    assert service.alongside.ledger(member.person_id).erasure is None


def test_nobody_confirms_what_they_asked_for_themselves(service, moment, member, coordinator):
    service.alongside.request_erasure(member.person_id, Ground.OBJECTION, at=moment.at, by="coordinator-1")
    page = Page(coordinator.get("/erasures").text)
    refused = coordinator.post(f"/erasures/{member.person_id}", data={"decision": "erase", "sure": "yes"})

    assert "somebody else has to confirm it" in page.words
    assert "Erase for good" not in page.words
    assert refused.status_code == 409
    assert not service.alongside.ledger(member.person_id).is_erased


def test_only_coordinators_of_the_programme_decide(service, moment, member, enter, own, asked):
    enrolled_member(service, moment, programme="quay")
    others = {
        enter(Actor.COORDINATOR, service.alongside.programme("quay")): 404,
        enter(Actor.AUDITOR, service.alongside.programme("harbour")): 403,
        own: 403,
    }

    for client, status in others.items():
        assert client.post(asked, data={"decision": "erase", "sure": "yes"}).status_code == status
    assert not service.alongside.ledger(member.person_id).is_erased


@pytest.mark.usefixtures("asked")
def test_an_auditor_finds_the_erased_by_id_alone_and_replays_their_consents(service, moment, member, enter):
    confirm(service, member.programme_id, member.person_id, at=moment.at, by="coordinator-1")
    auditor = enter(Actor.AUDITOR, service.alongside.programme("harbour"))
    by_id = Page(auditor.get("/people", params={"q": str(member.person_id)}).text)
    by_name = [auditor.get("/people", params={"q": q}).text for q in ("Plum Raven 1", "S-1")]
    replayed = auditor.get(f"/people/{member.person_id}/consents")

    assert str(member.person_id) in str(by_id.elements)
    assert not any(str(member.person_id) in page for page in by_name)
    assert replayed.status_code == 200
    assert faults(replayed.text) == []
    assert "erase" in Page(replayed.text).words.lower()
    assert "Plum Raven 1" not in replayed.text


@pytest.mark.usefixtures("asked")
def test_whoever_was_erased_is_signed_out(service, moment, member, own):
    confirm(service, member.programme_id, member.person_id, at=moment.at, by="coordinator-1")

    assert own.get("/my-consents").status_code in {303, 401}
    assert own.post("/my-erasure", data={"decision": "cancel"}).status_code in {303, 401}


def test_a_strangers_browser_decides_nothing(app, service, member, asked):
    stranger = browser(app)
    stranger.cookies.set(COOKIE, "alongside_nobody")

    assert stranger.post(asked, data={"decision": "erase", "sure": "yes"}).status_code in {303, 401}
    assert not service.alongside.ledger(member.person_id).is_erased
