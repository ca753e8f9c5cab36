import pytest

from domain.access import Actor
from domain.contact import ContactDetails
from tests.api.pages.browsing import Page
from tests.scenarios import enrolled_member, enrolled_mentor

CONTACT = {"name": "Ana Silva", "phone": "+44 7700 900123", "email": "ana@example.org"}


@pytest.fixture
def member(service, moment):
    return enrolled_member(service, moment)


@pytest.fixture
def own(member, enter):
    return enter(Actor.MEMBER, member)


def save(client, **typed):
    form = Page(client.get("/my-contact").text).form("/my-contact")
    return client.post("/my-contact", data=form.filled(**typed))


def test_people_fill_in_how_they_can_be_reached_and_find_it_there_again(service, member, own):
    answer = save(own, **CONTACT)
    page = Page(own.get(answer.headers["Location"]).text)

    assert "are saved" in page.said("status")
    assert dict(page.form("/my-contact").fields) == CONTACT
    assert service.alongside.contact_of(member.person_id) == ContactDetails(**CONTACT)


def test_what_is_left_blank_is_not_there_any_more(service, member, own):
    save(own, **CONTACT)
    save(own, phone="", email=" ")

    assert service.alongside.contact_of(member.person_id) == ContactDetails(name="Ana Silva")


def test_after_a_slip_nothing_is_saved_and_what_was_typed_is_still_there(service, member, own):
    answer = save(own, **CONTACT | {"phone": "call me"})
    page = Page(answer.text)

    assert answer.status_code == 422
    assert "This needs a phone number" in page.said("alert")
    assert "call me" not in page.said("alert")
    assert dict(page.form("/my-contact").fields) == CONTACT | {"phone": "call me"}
    assert service.alongside.contact_of(member.person_id) == ContactDetails()


def test_mentors_have_the_same_page(service, moment, enter):
    mentor = enrolled_mentor(service, moment)
    save(enter(Actor.MENTOR, mentor), name="Ben Marsh")

    assert service.alongside.contact_of(mentor.person_id).name == "Ben Marsh"
