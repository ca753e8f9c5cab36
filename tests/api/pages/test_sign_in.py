import pytest

from api.access import COOKIE
from domain.access import Actor
from tests.api.pages.browsing import Page, browser
from tests.scenarios import enrolled_member, enrolled_mentor, programme, token_of

HOMES = {
    Actor.COORDINATOR: "/proposals",
    Actor.MENTOR: "/availability",
    Actor.MEMBER: "/my-consents",
    Actor.AUDITOR: "/people",
}


def test_the_start_page_leads_each_role_home(service, moment, enter):
    whom = {Actor.MEMBER: enrolled_member(service, moment), Actor.MENTOR: enrolled_mentor(service, moment)}
    harbour = service.alongside.programme("harbour")
    answers = {role: enter(role, whom.get(role, harbour)).get("/") for role in Actor}

    assert {role: answer.headers["Location"] for role, answer in answers.items()} == HOMES
    assert {answer.status_code for answer in answers.values()} == {303}


def test_somebody_signs_in_and_comes_to_the_page_they_wanted(service, moment, visitor):
    secret = token_of(service, moment, Actor.COORDINATOR, programme(service, moment))
    asked = Page(visitor.get("/proposals?status=approved").text)
    answer = visitor.post("/session", data=asked.form("/session").filled(token=f" {secret} "))

    assert answer.headers["Location"] == "/proposals?status=approved"
    assert visitor.get(answer.headers["Location"]).status_code == 200


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(service, moment, app):
    secret = token_of(service, moment, Actor.COORDINATOR, programme(service, moment))
    plain = browser(app).post("/session", data={"token": secret}).headers["Set-Cookie"]
    encrypted = browser(app, base_url="https://alongside.example").post("/session", data={"token": secret})

    assert plain == f"{COOKIE}={secret}; HttpOnly; Path=/; SameSite=strict"
    assert "Secure" in encrypted.headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("token", "status"), [("", 401), ("alongside_wrong", 401), ("\x00", 401), ("é" * 200, 401), ("x" * 201, 422)]
)
def test_a_wrong_code_opens_nothing(visitor, token, status):
    answer = visitor.post("/session", data={"token": token})

    assert answer.status_code == status
    assert "Set-Cookie" not in answer.headers


def test_a_refused_code_is_told_and_not_shown_again(visitor):
    answer = visitor.post("/session", data={"token": "alongside_nearly", "wanted": "/waiting"})
    page = Page(answer.text)

    assert "does not open anything" in page.said("alert")
    assert "alongside_nearly" not in answer.text
    assert ("wanted", "/waiting") in page.form("/session").fields


def test_signing_in_leads_to_no_other_site(service, moment, visitor):
    secret = token_of(service, moment, Actor.COORDINATOR, programme(service, moment))
    sites = ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x"]
    no_paths = ["evil", "", "/\nx", "/\t/evil.example", "/ x"]
    answers = [visitor.post("/session", data={"token": secret, "wanted": path}) for path in (*sites, *no_paths)]

    assert {answer.headers["Location"] for answer in answers} == {"/"}


def test_an_expired_token_leads_to_the_sign_in_page(service, moment, app, enter):
    client = enter(Actor.COORDINATOR, programme(service, moment))
    later = type(moment)(moment.at.replace(year=2027), moment.today)
    app.state.clock = lambda: later

    assert client.get("/").status_code == 401
    assert "Your access code" in client.get("/proposals").text


def test_signing_out_forgets_the_token(service, moment, enter):
    client = enter(Actor.COORDINATOR, programme(service, moment))
    answer = client.post("/session/end")

    assert answer.headers["Location"] == "/"
    assert f'{COOKIE}=""; ' in answer.headers["Set-Cookie"]
    assert "Max-Age=0" in answer.headers["Set-Cookie"]
