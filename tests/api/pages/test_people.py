from datetime import timedelta

import pytest

from domain.access import Actor
from domain.consent import Method
from domain.programme import Programme
from domain.purposes import Purpose
from tests.api.pages.browsing import Page
from tests.scenarios import approved_match, enrolled_member, enrolled_mentor


@pytest.fixture
def member(service, moment):
    """A member of whom there is nothing in the ledger yet."""
    return enrolled_member(service, moment, consents=())


@pytest.fixture
def auditor(service, member, enter):
    """The browser of an auditor of their programme."""
    return enter(Actor.AUDITOR, service.alongside.load(Programme, member.programme_id))


@pytest.fixture
def ledger(service, moment, member):
    """Granted 30 days ago at noon, withdrawn 20 days ago at noon, granted again 10 days ago at noon."""
    noon = moment.at + timedelta(hours=12)
    how = {"method": Method.WEB, "by": "member"}
    service.alongside.grant(member.person_id, Purpose.STATS, at=noon - timedelta(days=30), **how)
    service.alongside.withdraw(member.person_id, Purpose.STATS, at=noon - timedelta(days=20), **how)
    service.alongside.grant(member.person_id, Purpose.STATS, at=noon - timedelta(days=10), **how)


def found(client, wanted):
    return [
        attributes["href"]
        for tag, attributes in Page(client.get("/people", params={"q": wanted}).text).elements
        if tag == "a" and attributes["href"].startswith("/people/")
    ]


def stats_then(client, member, **as_of):
    """What the page says of one purpose as of an instant, and how many events it counts."""
    page = Page(client.get(f"/people/{member.person_id}/consents", params=as_of).text)
    state = page.words.partition("STATS Count me in statistics that name nobody. ")[2]
    return state.partition(" ")[0], page.words.partition("UTC, after ")[2].partition(" events")[0]


def test_people_are_found_by_reference_and_by_part_of_a_handle(auditor, member):
    answers = {wanted: found(auditor, wanted) for wanted in ("S-1", "s-1", " S-1 ", "plum", "Raven", "RAVEN 1")}

    assert {wanted: [f"/people/{member.person_id}/consents"] for wanted in answers} == answers


def test_people_are_found_by_id(auditor, member):
    assert found(auditor, str(member.person_id)) == [f"/people/{member.person_id}/consents"]


def test_nobody_is_found_by_what_stands_for_anything(auditor):
    answers = {wanted: found(auditor, wanted) for wanted in ("", "   ", "nobody", "%", "_", "S-", "'; --", "\\")}

    assert {wanted: [] for wanted in answers} == answers


def test_what_was_looked_for_is_shown_as_text(auditor):
    page = auditor.get("/people", params={"q": '"><script>alert(1)</script>'})

    assert "<script>alert" not in page.text


def test_a_search_that_no_name_can_hold_is_refused(auditor):
    assert auditor.get("/people", params={"q": "a\x00b"}).status_code == 422
    assert auditor.get("/people", params={"q": "x" * 101}).status_code == 422


def test_a_person_in_two_roles_is_found_once(service, moment, member, auditor):
    enrolled_mentor(service, moment, ref="S-1", handle="Plum Raven 1")

    assert found(auditor, "S-1") == [f"/people/{member.person_id}/consents"]
    assert "S-1, member and mentor" in Page(auditor.get("/people?q=S-1").text).words


@pytest.mark.usefixtures("ledger")
def test_the_ledger_is_replayed_as_of_an_instant(auditor, member):
    expected = {
        "2026-01-30": ("Not", "0 of 3"),
        "2026-01-31T11:59": ("Not", "0 of 3"),
        "2026-01-31T12:00": ("Given", "1 of 3"),
        "2026-01-31": ("Given", "1 of 3"),
        "2026-02-10T11:59:59": ("Given", "1 of 3"),
        "2026-02-10T12:00:00": ("Withdrawn", "2 of 3"),
        "2026-02-10T12:00:00+01:00": ("Given", "1 of 3"),
        "2026-02-10T12:00:00Z": ("Withdrawn", "2 of 3"),
        "2026-03-01": ("Given", "3 of 3"),
        "": ("Given", "3 of 3"),
        "2027-02-20T12:00:00": ("Expired", "3 of 3"),
    }

    assert {at: stats_then(auditor, member, at=at) for at in expected} == expected


@pytest.mark.usefixtures("ledger")
def test_the_ledger_is_replayed_as_of_an_event(auditor, member):
    expected = {1: ("Given", "1 of 3"), 2: ("Withdrawn", "2 of 3"), 3: ("Given", "3 of 3"), 99: ("Given", "3 of 3")}

    assert {event: stats_then(auditor, member, event=event) for event in expected} == expected


def test_an_instant_that_is_none_is_refused_in_words(auditor, member):
    wrong = ["yesterday", "2026-02-30", "12:00", "9999-12-31T23:59-10:00", "0001-01-01T00:00+10:00"]
    answers = [auditor.get(f"/people/{member.person_id}/consents", params={"at": at}) for at in wrong]

    assert {answer.status_code for answer in answers} == {422}
    assert all("An instant is a day and a time" in answer.text for answer in answers)


def test_the_first_and_last_days_that_there_are_can_be_asked_for(auditor, member):
    edges = ["9999-12-31", "0001-01-01", "9999-12-31T23:59"]
    answers = [auditor.get(f"/people/{member.person_id}/consents", params={"at": at}) for at in edges]

    assert {answer.status_code for answer in answers} == {200}


@pytest.mark.usefixtures("ledger")
def test_each_event_is_told_with_its_place_its_times_and_who_did_it(service, auditor, member):
    entry = service.alongside.ledger_entries(member.person_id)[1]
    words = Page(auditor.get(f"/people/{member.person_id}/consents").text).words
    recorded = entry.recorded_at

    assert (
        f"Position {entry.position} Withdrawn STATS 10 February 2026, 12:00 UTC {recorded.day} {recorded:%B}" in words
    )
    assert f"{recorded:%H:%M} UTC member web" in words


def test_an_act_that_relied_on_consents_names_its_match(service, moment, enter):
    match = approved_match(service, moment)
    client = enter(Actor.AUDITOR, service.alongside.programme("harbour"))
    words = Page(client.get(f"/people/{match.member_person_id}/consents").text).words

    assert f"Match approved match {match.id} MATCH-CONSIDER MATCH-PROPOSE 2 March 2026, 00:00 UTC" in words
    assert words.count("Match approved, 2 March 2026, 00:00 UTC") == 4  # the drawing and the table, two purposes each


def test_a_person_who_was_never_asked_has_an_empty_history(auditor, member):
    page = auditor.get(f"/people/{member.person_id}/consents").text

    assert "Nothing had been recorded by then." in page
    assert "<svg" not in page


@pytest.mark.usefixtures("ledger")
def test_the_drawing_knows_no_more_than_the_replay(auditor, member):
    address = f"/people/{member.person_id}/consents"
    marks = [
        auditor.get(address, params={"event": event}).text.partition('<ul class="key"')[0].count('class="mark ')
        for event in (1, 2, 3)
    ]

    assert marks == [1, 2, 3]


def test_coordinators_can_open_the_consents_of_their_people(service, member, enter):
    client = enter(Actor.COORDINATOR, service.alongside.programme("harbour"))

    assert client.get(f"/people/{member.person_id}/consents").status_code == 200
