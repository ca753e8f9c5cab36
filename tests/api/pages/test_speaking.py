"""Can two coordinators let somebody speak for another, and does no page give away what is known of harm?"""

import pytest

from domain.access import Actor
from domain.consent import ConsentLedger, Giver
from domain.programme import Programme
from tests.api.pages.browsing import Page, faults
from tests.scenarios import enrolled_member

ASKED = {
    "giver": "guardian",
    "name": "Ana Costa",
    "phone": "912 345 678",
    "evidence": "birth certificate",
    "purpose": ["MATCH-CONSIDER", "STATS"],
    "key": "one",
}


@pytest.fixture
def member(service, moment):
    return enrolled_member(service, moment, age=15)


@pytest.fixture
def coordinators(service, moment, member, enter):
    programme = service.alongside.load(Programme, member.programme_id)
    first, second = enter(Actor.COORDINATOR, programme), enter(Actor.COORDINATOR, programme)
    token = service.alongside.issue_token(
        Actor.COORDINATOR, "coordinator-2", programme.id, expires_at=moment.at.replace(year=2027), at=moment.at, by="a"
    )
    second.cookies.set("alongside", token)
    return first, second


@pytest.fixture
def page(member):
    return f"/people/{member.person_id}/speaking"


def test_a_guardian_is_asked_for_confirmed_and_ended_by_the_pages(service, member, coordinators, page):
    first, second = coordinators
    asked = first.post(page, data=ASKED)
    own = first.get(asked.headers["Location"])
    waiting = second.get("/speaking")
    (standing,) = service.alongside.ledger(member.person_id).speakers
    to_confirm = Page(second.get(page).text).form(f"{page}/{standing}").filled(decision="confirm")
    confirmed = second.get(second.post(f"{page}/{standing}", data=to_confirm).headers["Location"])
    ended = second.get(second.post(f"{page}/{standing}", data={"decision": "end", "key": "x"}).headers["Location"])

    assert faults(own.text) == faults(waiting.text) == faults(confirmed.text) == []
    assert "so somebody else has to confirm it" in Page(own.text).words
    assert "I have seen the evidence" not in own.text
    assert "Plum Raven 1 asked for by coordinator-1" in Page(waiting.text).words
    assert "They may speak for this person from now on." in Page(confirmed.text).said("status")
    assert "may no longer speak" in Page(ended.text).words


def test_the_page_says_that_a_young_person_needs_a_guardian_and_until_when(coordinators, page):
    words = Page(coordinators[0].get(page).text).words

    assert "Not of age until 2 March 2029." in words
    assert "Ask for a guardian" in words
    assert "Ask for a delegate" not in words


def test_a_form_that_is_sent_twice_asks_once(service, member, coordinators, page):
    for _ in range(2):
        assert coordinators[0].post(page, data=ASKED).status_code == 303

    assert len(service.alongside.ledger(member.person_id).speakers) == 1


def test_a_page_is_the_same_whether_harm_is_recorded_or_not(service, member, coordinators, page, moment):
    first, _ = coordinators
    first.post(page, data=ASKED)
    before = Page(first.get(page).text).words
    recorded = first.post(f"/people/{member.person_id}/harm", data={"name": "ANA COSTA", "key": "bar"})
    other = enrolled_member(service, moment, ref="S-2", age=15)
    first.post(f"/people/{other.person_id}/speaking", data=ASKED | {"key": "two"})

    assert recorded.headers["Location"] == f"{page}?done=written"
    assert Page(first.get(page).text).words == before
    assert Page(first.get(f"/people/{other.person_id}/speaking").text).words == before
    assert any(
        isinstance(entry.event, ConsentLedger.HarmRecorded)
        for entry in service.alongside.ledger_entries(member.person_id)
    )


def test_one_freezes_and_another_thaws(service, member, coordinators, page):
    first, second = coordinators
    path = f"/people/{member.person_id}/freeze"
    frozen = first.get(first.post(path, data={"decision": "freeze", "key": "f"}).headers["Location"])
    alone = first.post(path, data={"decision": "thaw", "key": "t"})
    thawed = second.post(path, data=Page(second.get(page).text).form(path).filled(decision="thaw"))

    assert "You froze this yourself" in Page(frozen.text).words
    assert alone.status_code == 409
    assert thawed.status_code == 303
    assert service.alongside.ledger(member.person_id).frozen_by is None


def test_the_day_of_majority_is_written_down(service, member, coordinators):
    sent = {"of_age_on": "2027-01-31", "alone": "yes", "key": "a"}
    coordinators[0].post(f"/people/{member.person_id}/minority", data=sent)
    minority = service.alongside.ledger(member.person_id).minority

    assert (minority.until.isoformat(), minority.alone) == ("2027-01-31", True)


def test_somebody_is_found_by_their_handle(coordinators, member):
    found = Page(coordinators[0].get("/speaking", params={"q": "plum"}).text)

    assert ("a", {"href": f"/people/{member.person_id}/speaking"}) in found.elements


def test_an_emergency_is_told_once_by_a_second_person(service, member, coordinators):
    first, second = coordinators
    page = f"/people/{member.person_id}/emergencies"
    asked = {"recipient": "ambulance", "reason": "they said goodbye", "field": ["age", "languages"], "key": "e"}
    own = first.get(first.post(page, data=asked).headers["Location"])
    (emergency,) = service.alongside.ledger(member.person_id).emergencies
    form = Page(second.get(page).text).form(f"{page}/{emergency}")
    unsure = second.post(f"{page}/{emergency}", data=form.filled())
    told = second.post(f"{page}/{emergency}", data=form.filled(sure="yes", hours="1"))
    again = second.post(f"{page}/{emergency}", data=form.filled(sure="yes"))
    after = second.get(page)

    assert "Show it to me once" not in own.text
    assert unsure.status_code == 422
    assert "Age 15" in Page(told.text).words
    assert "Languages pt, en" in Page(told.text).words
    assert again.status_code == 409
    assert "pt, en" not in after.text
    assert faults(own.text) == faults(told.text) == faults(after.text) == []


def test_an_emergency_is_turned_down(service, member, coordinators):
    first, second = coordinators
    page = f"/people/{member.person_id}/emergencies"
    first.post(page, data={"recipient": "r", "reason": "r", "field": "age", "key": "e"})
    (emergency,) = service.alongside.ledger(member.person_id).emergencies
    second.post(f"{page}/{emergency}", data={"decision": "cancel"})

    assert "Nothing was told." in Page(second.get(page).text).words


@pytest.mark.parametrize("role", [Actor.MEMBER, Actor.AUDITOR])
def test_only_coordinators_open_these_pages(service, member, enter, role, page):
    whom = member if role == Actor.MEMBER else service.alongside.load(Programme, member.programme_id)
    client = enter(role, whom)

    for path in ("/speaking", page, f"/people/{member.person_id}/emergencies"):
        assert client.get(path).status_code == 403
    assert client.post(page, data=ASKED).status_code == 403


def test_a_grown_person_is_offered_a_delegate_and_no_guardian(service, moment, coordinators):
    grown = enrolled_member(service, moment, ref="S-9", age=40)
    page = f"/people/{grown.person_id}/speaking"
    words = Page(coordinators[0].get(page).text).words
    refused = coordinators[0].post(page, data=ASKED)
    coordinators[0].post(page, data=ASKED | {"giver": "delegate", "key": "two", "expires_on": "2026-04-01"})
    (speaker,) = service.alongside.ledger(grown.person_id).speakers.values()

    assert "Ask for a guardian" not in words
    assert refused.status_code == 409
    assert (speaker.giver, speaker.expires_at.isoformat()) == (Giver.DELEGATE, "2026-04-01T00:00:00+00:00")


def test_the_member_reads_of_an_emergency_on_their_own_page_unless_that_is_unsafe(member, coordinators, service, enter):
    first, second = coordinators
    page = f"/people/{member.person_id}/emergencies"
    for number, unsafe in enumerate(("", "their phone is read by others")):
        asked = {"recipient": f"ambulance {number}", "reason": "they said goodbye", "field": "age", "key": f"e{number}"}
        first.post(page, data=asked)
        emergency = list(service.alongside.ledger(member.person_id).emergencies)[-1]
        second.post(f"{page}/{emergency}", data={"decision": "disclose", "sure": "yes", "untold_because": unsafe})
    own = enter(Actor.MEMBER, member).get("/my-disclosures").text

    assert "ambulance 0 was told: age." in Page(own).words
    assert "ambulance 1" not in own
    assert faults(own) == []
