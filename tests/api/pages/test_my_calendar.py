"""Do mentors keep the dates on which their week differs, and do others read them in plain words?"""

from datetime import date, timedelta

import pytest

from api.pages.dates import in_words
from domain.access import Actor
from domain.availability import Absence, ExtraHours, calendar_of
from domain.mentor import Mentor
from domain.recurring import ALWAYS, Recurrence
from tests.api.pages.browsing import Page, faults
from tests.scenarios import approved_match, enrolled_mentor, programme

FORTNIGHT = Recurrence("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", date(2026, 3, 3), 1080, 1200)
AUGUST = Absence(date(2026, 8, 1), date(2026, 8, 21))
OVER = Absence(date(2026, 1, 1), date(2026, 3, 1))


@pytest.fixture
def mentor(service, moment):
    return enrolled_mentor(service, moment, calendar=calendar_of([FORTNIGHT, AUGUST, OVER]))


@pytest.fixture
def own(mentor, enter):
    """That mentor's browser."""
    return enter(Actor.MENTOR, mentor)


def calendar(service, mentor):
    return service.alongside.load(Mentor, mentor.id).profile.calendar


def form_of(client, kind):
    forms = Page(client.get("/availability").text).forms
    return next(form for form in forms if ("kind", kind) in form.fields)


def send(client, kind, **typed):
    form = form_of(client, kind)
    return client.post(form.action, data=form.filled(**typed))


@pytest.mark.parametrize(
    ("dated", "words"),
    [
        (FORTNIGHT, "Every 2nd Tuesday, 18:00 to 20:00, from 3 March 2026"),
        (
            Recurrence("FREQ=MONTHLY;INTERVAL=1;BYDAY=1SA,-1FR;UNTIL=20261231T235959", ALWAYS, 600, 720),
            "The 1st Saturday and last Friday of the month, 10:00 to 12:00 until 31 December 2026",
        ),
        (
            Recurrence("FREQ=MONTHLY;INTERVAL=3;BYDAY=2MO", date(2026, 3, 1), 1320, 1440),
            "The 2nd Monday of every 3rd month, 22:00 to 24:00, from 1 March 2026",
        ),
        (AUGUST, "Away from 1 August 2026 to 21 August 2026"),
        (Absence(date(2026, 8, 1), date(2026, 8, 1)), "Away on 1 August 2026"),
        (ExtraHours(date(2026, 5, 2), 600, 720), "Also on 2 May 2026, 10:00 to 12:00"),
    ],
)
def test_every_kind_of_date_is_said_in_words(dated, words):
    assert in_words(dated) == words


def test_mentors_see_what_is_still_to_come(own):
    page = own.get("/availability").text
    words = Page(page).words

    assert faults(page) == []
    assert "Every 2nd Tuesday, 18:00 to 20:00, from 3 March 2026" in words
    assert "Away from 1 August 2026 to 21 August 2026" in words
    assert "January 2026" not in words


ADDED = [
    ("away", {"first": "2026-05-02", "last": "2026-05-09"}, Absence(date(2026, 5, 2), date(2026, 5, 9))),
    ("away", {"first": "2026-06-02"}, Absence(date(2026, 6, 2), date(2026, 6, 2))),
    (
        "extra",
        {"first": "2026-05-02", "start": "22:15", "end": "00:00"},
        ExtraHours(date(2026, 5, 2), 1335, 1440),
    ),
    (
        "recurring",
        {"often": "weeks-3", "weekday": "6", "start": "09:00", "end": "10:30", "first": "2026-03-02"},
        Recurrence("FREQ=WEEKLY;INTERVAL=3;BYDAY=SU", date(2026, 3, 2), 540, 630),
    ),
    (
        "recurring",
        {
            "often": "month--1",
            "weekday": "4",
            "start": "09:00",
            "end": "10:30",
            "first": "2026-03-02",
            "last": "2026-12-31",
        },
        Recurrence("FREQ=MONTHLY;INTERVAL=1;BYDAY=-1FR;UNTIL=20261231T235959", date(2026, 3, 2), 540, 630),
    ),
]


def test_what_is_added_is_kept_beside_the_rest_and_what_is_over_goes(service, mentor, own):
    kept = [FORTNIGHT, AUGUST]
    for kind, typed, dated in ADDED:
        answer = send(own, kind, **typed)
        page = Page(own.get(answer.headers["Location"]).text)
        kept.append(dated)

        assert answer.headers["Location"] == "/availability?saved=dates"
        assert page.said("status") == "Your dates are saved."
        assert in_words(dated) in page.words
        assert calendar(service, mentor) == calendar_of(kept)


def test_what_is_taken_out_is_gone_and_the_rest_stays(service, mentor, own):
    forms = Page(own.get("/availability").text).forms
    removal = next(form for form in forms if ("which", str(AUGUST)) in form.fields)
    answers = [own.post(removal.action, data=removal.filled()) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert calendar(service, mentor) == calendar_of([FORTNIGHT])


REFUSED = [
    ("away", {"first": ""}, "Choose the day."),
    ("away", {"first": "2026-05-09", "last": "2026-05-02"}, "last day of an absence is not before its first"),
    ("away", {"first": "2026-02-01", "last": "2026-03-01"}, "Choose days that are still to come."),
    ("extra", {"first": "2026-05-02", "start": "10:00", "end": "late"}, "in quarters of an hour such as 18:15"),
    ("extra", {"first": "2026-05-02", "start": "10:00", "end": "10:00"}, "end after they begin"),
    ("extra", {"first": "2026-05-02", "start": "10:05", "end": "11:00"}, "quarters of an hour"),
    ("recurring", {"often": "daily", "weekday": "1"}, "Choose how often and on which day."),
    ("recurring", {"often": "weeks-2", "weekday": "7"}, "Choose how often and on which day."),
    (
        "recurring",
        {
            "often": "weeks-2",
            "weekday": "1",
            "start": "09:00",
            "end": "10:00",
            "first": "2026-05-02",
            "last": "2026-04-02",
        },
        "begins before it ends",
    ),
]


def test_what_cannot_be_is_refused_in_words_and_the_form_keeps_what_was_typed(service, mentor, own):
    for kind, typed, said in REFUSED:
        answer = send(own, kind, **typed)
        page = Page(answer.text)
        again = next(form for form in page.forms if ("kind", kind) in form.fields)
        shown = {name: value for name, value in typed.items() if name not in {"often", "weekday"}}

        assert answer.status_code == 422
        assert said in page.said("alert")
        assert shown.items() <= dict(again.fields).items()
    assert service.alongside.load(Mentor, mentor.id).version == mentor.version


def test_a_page_that_was_open_too_long_changes_nothing_and_asks_again(service, moment, mentor, own):
    form = form_of(own, "away")
    service.alongside.change_capacity(mentor.id, 9, at=moment.at, by="coordinator-1")
    answer = own.post(form.action, data=form.filled(first="2026-05-02"))

    assert answer.status_code == 412
    assert "is not saved yet" in Page(answer.text).said("alert")
    assert calendar(service, mentor) == mentor.profile.calendar


def test_coordinators_and_the_other_side_read_the_same_words(service, moment, enter):
    match = approved_match(service, moment)
    dated = [FORTNIGHT, AUGUST, Absence(moment.today - timedelta(days=9), moment.today - timedelta(days=1))]
    service.alongside.change_calendar(match.mentor_id, calendar_of(dated), at=moment.at, by="mentor-1")
    member = service.alongside.pool(match.programme_id).members[match.member_id]
    pages = [
        enter(Actor.COORDINATOR, programme(service, moment)).get(f"/mentors/{match.mentor_id}"),
        enter(Actor.MEMBER, member).get(f"/my-match/{match.id}"),
    ]

    for page in pages:
        words = Page(page.text).words
        assert "Every 2nd Tuesday, 18:00 to 20:00, from 3 March 2026" in words
        assert "Away from 1 August 2026 to 21 August 2026" in words
        assert "February" not in words
