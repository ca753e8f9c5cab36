"""Is a mentor's calendar set and read through the API, and does the optimiser then see the week that is meant?"""

from datetime import date
from typing import Any

import pytest

from api.moment import Moment
from api.rounds import problem_of
from api.service import Service
from domain.access import Actor
from domain.availability import Absence, Calendar, ExtraHours
from domain.mentor import Mentor
from domain.recurring import Recurrence
from matching.occurrences import windows_in_week
from matching.problem import Window
from tests.scenarios import enrolled_member, enrolled_mentor

SENT = {
    "recurring": [
        {
            "rule": "BYDAY=TU;FREQ=WEEKLY;INTERVAL=2;COUNT=3",
            "first": "2026-03-03",
            "start_minute": 600,
            "end_minute": 660,
        }
    ],
    "absences": [
        {"first": "2026-03-09", "last": "2026-03-09"},
        {"first": "2026-03-10", "last": "2026-03-15"},
    ],
    "extra": [{"on": "2026-03-07", "start_minute": 0, "end_minute": 60}],
}
KEPT = Calendar(
    recurring=(Recurrence("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;UNTIL=20260331T235959", date(2026, 3, 3), 600, 660),),
    absences=(Absence(date(2026, 3, 9), date(2026, 3, 15)),),
    extra=(ExtraHours(date(2026, 3, 7), 0, 60),),
)


@pytest.fixture
def mentor(service: Service, moment: Moment) -> Mentor:
    return enrolled_mentor(service, moment)


@pytest.fixture
def put(client_of: Any, mentor: Mentor) -> Any:
    client = client_of(Actor.MENTOR, mentor)
    return lambda body: client.put(f"/api/mentors/{mentor.id}/calendar", json=body, headers={"If-Match": '"1"'})


def test_a_calendar_is_kept_in_one_form_and_read_back(
    service: Service, client_of: Any, mentor: Mentor, put: Any
) -> None:
    changed = put(SENT)
    read = client_of(Actor.MENTOR, mentor).get(f"/api/mentors/{mentor.id}")

    assert changed.status_code == 200
    assert changed.headers["etag"] == '"2"'
    assert service.alongside.load(Mentor, mentor.id).profile.calendar == KEPT
    assert read.json()["calendar"] == {
        "recurring": [
            {
                "rule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;UNTIL=20260331T235959",
                "first": "2026-03-03",
                "start_minute": 600,
                "end_minute": 660,
            }
        ],
        "absences": [{"first": "2026-03-09", "last": "2026-03-15"}],
        "extra": [{"on": "2026-03-07", "start_minute": 0, "end_minute": 60}],
    }


def test_what_is_read_back_and_sent_again_changes_nothing(client_of: Any, mentor: Mentor, put: Any) -> None:
    client, path = client_of(Actor.MENTOR, mentor), f"/api/mentors/{mentor.id}"
    put(SENT)
    again = client.put(f"{path}/calendar", json=client.get(path).json()["calendar"], headers={"If-Match": '"2"'})

    assert again.headers["etag"] == '"2"'


REFUSED = [
    ("recurring", {"rule": "FREQ=DAILY"}, "invalid-value"),
    ("recurring", {"rule": "FREQ=WEEKLY;UNTIL=20200101"}, "invalid-value"),
    ("absences", {"last": "2026-03-01"}, "invalid-value"),
    ("extra", {"end_minute": 0}, "malformed-request"),
    ("extra", {"start_minute": 5}, "malformed-request"),
]


def test_what_cannot_be_is_refused(service: Service, refused: Any, mentor: Mentor, put: Any) -> None:
    for part, bad, kind in REFUSED:
        refused(put({**SENT, part: [{**SENT[part][0], **bad}]}), 422, kind)
    assert service.alongside.load(Mentor, mentor.id).version == 1


def test_the_rule_that_is_wrong_is_named_by_its_part_and_never_repeated(refused: Any, put: Any) -> None:
    answer = put({"recurring": [{**SENT["recurring"][0], "rule": "FREQ=DAILY;COUNT=7"}]})

    assert refused(answer, 422, "invalid-value")["detail"] == "recurring[0].rule: FREQ: is not WEEKLY or MONTHLY"
    assert "DAILY" not in answer.text


def test_a_round_reads_the_week_that_is_meant(service: Service, moment: Moment, mentor: Mentor, put: Any) -> None:
    enrolled_member(service, moment, calendar=Calendar(extra=(ExtraHours(date(2026, 3, 2), 60, 120),)))
    put(SENT)
    pool = service.alongside.pool(mentor.programme_id)
    problem = problem_of(pool, pool.waiting(moment.at)[0], pool.available(moment.at, moment.today)[0], moment)
    (asked_member,), (asked,) = problem.members, problem.mentors
    evenings = tuple(Window(day=day, start=1080, end=1200) for day in (0, 2))

    assert windows_in_week(asked_member, date(2026, 3, 2)) == (*evenings, Window(day=0, start=60, end=120))
    assert windows_in_week(asked, date(2026, 3, 2)) == (
        *evenings,
        Window(day=1, start=600, end=660),
        Window(day=5, start=0, end=60),
    )
    assert windows_in_week(asked, date(2026, 3, 9)) == ()
    assert windows_in_week(asked, date(2026, 3, 16)) == (*evenings, Window(day=1, start=600, end=660))
    assert windows_in_week(asked, date(2026, 4, 13)) == evenings
