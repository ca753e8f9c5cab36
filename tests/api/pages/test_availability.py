from datetime import timedelta

import pytest

from domain.access import Actor
from domain.mentor import Mentor
from domain.values import WeeklyWindow
from tests.api.pages.browsing import Page
from tests.scenarios import EVENINGS, approved_match, enrolled_member, enrolled_mentor

ODD = (
    WeeklyWindow(0, 5 * 60 + 15, 7 * 60 + 45),
    WeeklyWindow(3, 18 * 60 + 15, 18 * 60 + 30),
    WeeklyWindow(6, 1380, 1440),
)


@pytest.fixture
def mentor(service, moment):
    """A mentor with two evenings."""
    return enrolled_mentor(service, moment)


@pytest.fixture
def own(mentor, enter):
    """That mentor's browser."""
    return enter(Actor.MENTOR, mentor)


def now(service, mentor):
    return service.alongside.load(Mentor, mentor.id)


def form_of(client, action):
    return Page(client.get("/availability").text).form(action)


def test_the_boxes_show_the_hours(own):
    ticked = [value for name, value in form_of(own, "/availability").fields if name == "ticked"]

    assert ticked == [f"{day}-{start}-{start + 30}" for start in (1080, 1110, 1140, 1170) for day in (0, 2)]


def test_ticked_boxes_become_the_hours(service, mentor, own):
    form = form_of(own, "/availability")
    answer = own.post(form.action, data=form.filled(ticked=["1-600-630", "1-630-660", "4-0-30"]))

    assert answer.headers["Location"] == "/availability?saved=hours"
    assert now(service, mentor).profile.availability == (WeeklyWindow(1, 600, 660), WeeklyWindow(4, 0, 30))
    assert Page(own.get(answer.headers["Location"]).text).said("status") == "Your hours are saved."


def test_no_box_ticked_means_no_hours(service, mentor, own):
    form = form_of(own, "/availability")
    own.post(form.action, data=form.filled(ticked=[]))

    assert now(service, mentor).profile.availability == ()


@pytest.mark.parametrize("hours", [EVENINGS, ODD, ()])
def test_saving_untouched_changes_nothing(service, moment, enter, hours):
    mentor = enrolled_mentor(service, moment, availability=hours)
    client = enter(Actor.MENTOR, mentor)
    form = form_of(client, "/availability")
    answer = client.post(form.action, data=form.filled())

    assert answer.status_code == 303
    assert now(service, mentor).profile.availability == hours
    assert now(service, mentor).version == mentor.version


def test_quarter_hours_stay_when_others_are_ticked(service, moment, enter):
    mentor = enrolled_mentor(service, moment, availability=ODD)
    client = enter(Actor.MENTOR, mentor)
    form = form_of(client, "/availability")
    ticked = [value for name, value in form.fields if name == "ticked"]
    client.post(form.action, data=form.filled(ticked=[*ticked, "1-600-630"]))

    assert set(now(service, mentor).profile.availability) == {*ODD, WeeklyWindow(1, 600, 630)}


@pytest.mark.parametrize("sent", ["1-600", "zz-top", "7-0-30", "1-600-600", "1-0-2000", "1-601-630", "1-2-3-4"])
def test_boxes_that_the_page_does_not_have_are_refused(service, mentor, own, sent):
    form = form_of(own, "/availability")
    answer = own.post(form.action, data=form.filled(ticked=[sent]))

    assert answer.status_code == 422
    assert sent not in answer.text
    assert now(service, mentor).version == mentor.version


def test_a_page_that_was_open_too_long_keeps_what_was_ticked_and_asks_again(service, moment, enter):
    match = approved_match(service, moment)
    mentor = service.alongside.load(Mentor, match.mentor_id)
    client = enter(Actor.MENTOR, mentor)
    form = form_of(client, "/availability")
    service.alongside.change_capacity(mentor.id, 9, at=moment.at, by="coordinator-1")
    answer = client.post(form.action, data=form.filled(ticked=["5-600-630"]))
    page = Page(answer.text)
    again = client.post(form.action, data=page.form("/availability").filled())

    assert answer.status_code == 412
    assert "is not saved yet" in page.said("alert")
    assert again.status_code == 303
    assert now(service, mentor).profile.availability == (WeeklyWindow(5, 600, 630),)


def test_the_number_of_places_is_changed_and_shown(service, moment, enter):
    match = approved_match(service, moment)
    mentor = service.alongside.load(Mentor, match.mentor_id)
    client = enter(Actor.MENTOR, mentor)
    form = form_of(client, "/capacity")
    answer = client.post(form.action, data=form.filled(capacity="5"))

    assert answer.headers["Location"] == "/availability?saved=places"
    assert "1 of your 5 places are taken." in Page(client.get("/availability").text).words


def test_too_many_places_are_refused_in_words(service, mentor, own):
    form = form_of(own, "/capacity")
    answer = own.post(form.action, data=form.filled(capacity="101"))

    assert answer.status_code == 422
    assert "from 0 to 100" in Page(answer.text).said("alert")
    assert now(service, mentor).profile.capacity == 2


def test_a_mentor_pauses_until_a_day_and_comes_back(service, moment, mentor, own):
    back = moment.today + timedelta(days=14)
    form = form_of(own, "/pause")
    paused = own.post(form.action, data=form.filled(until=back.isoformat()))
    page = Page(own.get(paused.headers["Location"]).text)
    resumed = own.post("/resume", data=page.form("/resume").filled())

    assert "You have paused and will be back on 16 March 2026." in page.words
    assert page.said("status") == "You have paused. Nobody new will be proposed to you."
    assert resumed.headers["Location"] == "/availability?saved=resumption"
    assert not now(service, mentor).is_paused


def test_a_mentor_pauses_until_further_notice(service, mentor, own):
    open_ended = [form for form in Page(own.get("/availability").text).forms if ("how", "open") in form.fields]
    own.post("/pause", data=open_ended[0].filled())

    assert now(service, mentor).is_paused
    assert now(service, mentor).paused_until is None
    assert "until further notice" in Page(own.get("/availability").text).words


@pytest.mark.parametrize("until", ["", "tomorrow", "2026-03-02"])
def test_a_pause_needs_a_day_that_is_still_to_come(service, mentor, own, until):
    form = form_of(own, "/pause")
    answer = own.post(form.action, data=form.filled(until=until))

    assert answer.status_code == 422
    assert "day" in Page(answer.text).said("alert")
    assert not now(service, mentor).is_paused


@pytest.mark.parametrize("action", ["/pause", "/resume"])
def test_a_pause_decided_on_an_older_page_is_asked_again(service, mentor, own, action):
    answer = own.post(action, data={"version": "7", "key": "k", "how": "open"})

    assert answer.status_code == 412
    assert now(service, mentor).version == mentor.version


def test_the_same_pause_sent_twice_is_one_pause(service, mentor, own):
    form = form_of(own, "/pause")
    answers = [own.post(form.action, data=form.filled(until="2026-03-16")) for _ in range(2)]

    assert [answer.headers["Location"] for answer in answers] == ["/availability?saved=pause"] * 2
    assert now(service, mentor).version == mentor.version + 1


def test_another_form_of_a_page_that_was_used_before_is_asked_again_and_not_taken_for_the_first(own):
    page = Page(own.get("/availability").text)
    own.post("/pause", data=page.form("/pause").filled(until="2026-03-16"))
    answer = own.post("/availability", data=page.form("/availability").filled(ticked=["5-600-630"]))

    assert answer.status_code == 412
    assert "is not saved yet" in Page(answer.text).said("alert")


def test_a_mentor_sees_how_many_but_not_whom(service, moment, enter):
    match = approved_match(service, moment)
    member = enrolled_member(service, moment, ref="S-2", handle="Other Wren 2")
    page = enter(Actor.MENTOR, service.alongside.load(Mentor, match.mentor_id)).get("/availability").text

    assert "1 of your 2 places are taken." in page
    assert not any(
        said in page for said in ("Plum Raven 1", "S-1", str(match.member_id), str(match.id), member.profile.handle)
    )
