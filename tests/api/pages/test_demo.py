from datetime import timedelta

from api.app import create_app
from domain.access import Actor
from domain.purposes import Purpose
from tests.api.pages.browsing import Page, browser
from tests.scenarios import enrolled_member, enrolled_mentor, open_match, open_matches

HERE = ["http://localhost", "http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]:8000"]
ELSEWHERE = ["http://alongside.example", "http://localhost.evil.example", "http://127.0.0.1.nip.example"]
STRANGERS = ["192.0.2.7", "2001:db8::1", "testclient"]


def test_anybody_at_this_machine_enters_in_any_role(service, moment, visitor):
    open_match(service, moment)
    doors = [form.action for form in Page(visitor.get("/").text).forms if form.action.startswith("/demo/")]
    found = {}
    for door in doors:
        visitor.cookies.clear()
        home = visitor.post(door).headers["Location"]
        found[door] = (home, visitor.get(home).status_code)

    assert found == {
        "/demo/coordinator": ("/proposals", 200),
        "/demo/mentor": ("/availability", 200),
        "/demo/member": ("/my-consents", 200),
        "/demo/auditor": ("/people", 200),
    }


def test_only_this_machine_under_a_name_of_its_own_opens_the_doors(service, moment, app):
    open_match(service, moment)
    here = {browser(app, base_url=base_url).post("/demo/auditor").status_code for base_url in HERE}
    rebound = {browser(app, base_url=base_url).post("/demo/auditor").status_code for base_url in ELSEWHERE}
    strangers = {browser(app, address=address).post("/demo/auditor").status_code for address in STRANGERS}

    assert (here, rebound, strangers) == ({303}, {404}, {404})


def test_without_a_demo_there_are_no_doors(service, moment):
    open_match(service, moment)
    client = browser(create_app(service, clock=lambda: moment))

    assert "/demo/" not in client.get("/").text
    assert client.post("/demo/coordinator").status_code == 404


def test_the_member_is_one_with_an_open_proposal_and_live_consents(service, moment, visitor):
    mentor = enrolled_mentor(service, moment)
    enrolled_member(service, moment, ref="S-0", consents=())
    enrolled_member(service, moment, ref="S-2", handle="Waits Only 2")
    proposed = enrolled_member(service, moment, ref="S-3", handle="Proposed Wren 3")
    open_matches(service, moment, [(proposed, mentor)])
    visitor.post("/demo/member")

    assert "Proposed Wren 3" in visitor.get("/my-consents").text


def test_the_mentor_is_one_with_hours_and_free_places(service, moment, visitor):
    enrolled_mentor(service, moment, ref="T-0", handle="A Full Owl", capacity=0)
    enrolled_mentor(service, moment, ref="T-2", handle="B No Hours", availability=())
    enrolled_mentor(service, moment, ref="T-3", handle="C Free Owl", capacity=7)
    visitor.post("/demo/mentor")

    assert "0 of your 7 places are taken" in visitor.get("/availability").text


def test_a_role_that_nobody_has_is_told(service, moment, visitor):
    enrolled_mentor(service, moment)
    enrolled_member(service, moment, consents=(Purpose.STATS,))
    answer = visitor.post("/demo/member")

    assert answer.status_code == 404
    assert "The demo programme has nobody in this role." in answer.text


def test_what_the_demo_does_is_recorded_under_the_role(service, moment, visitor):
    match = open_match(service, moment)
    visitor.post(f"/demo/{Actor.COORDINATOR}")
    form = Page(visitor.get("/proposals").text).form(f"/proposals/{match.id}/approval")
    visitor.post(form.action, data=form.filled())

    assert [entry.event.by for entry in service.alongside.log.stream(match.id)][-1] == "demo-coordinator"


def test_mentor_and_member_are_those_of_the_match_that_was_approved_last(service, moment, visitor):
    mentor = enrolled_mentor(service, moment, capacity=9, handle="Supports Two 9")
    enrolled_mentor(service, moment, ref="T-2", handle="A Free Owl 2")
    members = [enrolled_member(service, moment, ref=f"S-{n}", handle=f"Wren {n}") for n in range(3)]
    for after, match in enumerate(open_matches(service, moment, [(member, mentor) for member in members])[:2]):
        service.alongside.approve(match.id, at=moment.at + timedelta(minutes=after), by="coordinator-1")
    visitor.post("/demo/mentor")
    mentors_page = visitor.get("/my-members").text
    visitor.cookies.clear()
    visitor.post("/demo/member")

    assert "Wren 1" in mentors_page
    assert "Supports Two 9" in visitor.get("/my-match").text
    assert "Wren 1" in visitor.get("/my-consents").text
