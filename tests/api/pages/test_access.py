import pytest

from domain.access import Actor
from tests.api.pages.browsing import Page
from tests.scenarios import approved_match, enrolled_member, enrolled_mentor, open_match, programme

REACH = {
    "/proposals": {Actor.COORDINATOR},
    "/waiting": {Actor.COORDINATOR},
    "/mentors": {Actor.COORDINATOR},
    "/speaking": {Actor.COORDINATOR},
    "/availability": {Actor.MENTOR},
    "/my-match": {Actor.MEMBER},
    "/my-members": {Actor.MENTOR},
    "/my-contact": {Actor.MEMBER, Actor.MENTOR},
    "/my-consents": {Actor.MEMBER, Actor.MENTOR},
    "/my-receipts": {Actor.MEMBER, Actor.MENTOR},
    "/my-receipts/1": {Actor.MEMBER, Actor.MENTOR},
    "/my-blocks": {Actor.MEMBER, Actor.MENTOR},
    "/people": {Actor.AUDITOR},
    "/audit": {Actor.AUDITOR},
}


@pytest.fixture
def clients(service, moment, enter):
    """A browser for each role of one programme."""
    whom = {
        Actor.MEMBER: enrolled_member(service, moment),
        Actor.MENTOR: enrolled_mentor(service, moment),
    }
    harbour = service.alongside.programme("harbour")
    return {role: enter(role, whom.get(role, harbour)) for role in Actor}


def test_each_page_opens_for_its_roles_and_for_no_other(clients):
    found = {path: {role for role in Actor if clients[role].get(path).status_code == 200} for path in REACH}
    others = {clients[role].get(path).status_code for path in REACH for role in set(Actor) - REACH[path]}

    assert found == REACH
    assert others == {403}


def test_a_refused_page_says_so_in_plain_words_and_leads_back(clients):
    page = Page(clients[Actor.MEMBER].get("/proposals").text)

    assert "This is not open to you" in page.words
    assert ("a", {"class": "button", "href": "/"}) in page.elements


def test_each_page_asks_a_stranger_to_sign_in(visitor):
    answers = [visitor.get(path) for path in REACH]

    assert {answer.status_code for answer in answers} == {401}
    assert all("Your access code" in answer.text for answer in answers)


def test_a_program_that_asks_for_a_page_without_a_token_gets_a_problem_in_json(visitor):
    answer = visitor.get("/proposals", headers={"Accept": "text/html;q=0.5, application/json"})

    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_problems_of_the_api_are_json_for_browsers_too(visitor):
    assert visitor.get("/api/proposals").headers["Content-Type"] == "application/problem+json"


def test_another_programmes_people_and_matches_are_as_if_they_were_not_there(service, moment, enter):
    theirs = approved_match(service, moment, programme="theirs")
    open_match(service, moment)
    harbour = service.alongside.programme("harbour")
    coordinator, auditor = enter(Actor.COORDINATOR, harbour), enter(Actor.AUDITOR, harbour)
    form = {"version": "1", "key": "k"}
    answers = [
        coordinator.get(f"/people/{theirs.member_person_id}/consents"),
        auditor.get(f"/people/{theirs.member_person_id}/consents"),
        coordinator.get(f"/mentors/{theirs.mentor_id}"),
        coordinator.post(f"/proposals/{theirs.id}/approval", data=form),
        coordinator.post(f"/proposals/{theirs.id}/decline", data=form | {"reason": "x"}),
    ]

    assert [answer.status_code for answer in answers] == [404] * 5


def test_lists_and_searches_end_at_the_edge_of_the_programme(service, moment, enter):
    theirs = enrolled_member(service, moment, programme="theirs", ref="S-9", handle="Foreign Finch 9")
    enrolled_mentor(service, moment, programme="theirs", ref="T-9", handle="Foreign Owl 9")
    enrolled_member(service, moment)
    harbour = service.alongside.programme("harbour")
    coordinator, auditor = enter(Actor.COORDINATOR, harbour), enter(Actor.AUDITOR, harbour)
    ours = [coordinator.get(path) for path in ("/proposals", "/waiting", "/mentors")]
    found = [auditor.get("/people", params={"q": q}) for q in ("Foreign", "S-9", str(theirs.person_id))]
    control = enter(Actor.AUDITOR, service.alongside.programme("theirs")).get("/people?q=Foreign")

    assert not any("Foreign" in page.text.replace('value="Foreign"', "") for page in (*ours, *found))
    assert "Foreign Finch 9" in control.text


def test_people_can_open_no_other_persons_page(service, moment, enter):
    member, other = enrolled_member(service, moment), enrolled_member(service, moment, ref="S-2")
    client = enter(Actor.MEMBER, member)

    assert client.get(f"/people/{other.person_id}/consents").status_code == 403
    assert client.get(f"/people/{member.person_id}/consents").status_code == 403


def test_what_does_not_exist_has_a_page_of_its_own(service, moment, enter):
    client = enter(Actor.COORDINATOR, programme(service, moment))
    answers = [client.get("/nowhere"), client.get("/people/00000000-0000-0000-0000-000000000000/consents")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert all("There is nothing here" in answer.text for answer in answers)


def test_a_failure_shows_nothing_of_itself_and_is_noted_without_what_it_says(app, service, moment, enter, caplog):
    client = enter(Actor.COORDINATOR, programme(service, moment))
    client._transport.raise_server_exceptions = False
    said = "Plum Raven"
    app.state.clock = lambda: int(said)
    answer = client.get("/waiting")

    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "ValueError" not in answer.text
    (noted,) = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert "ValueError" in noted
    assert "api/access.py" in noted
    assert said not in caplog.text
