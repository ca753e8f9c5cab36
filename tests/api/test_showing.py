"""Are coordinators shown what people let them read and nothing else, and is it written down first?"""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.access import COOKIE
from api.app import create_app
from api.cli import app as commands
from api.moment import Moment
from api.service import Service
from domain.access import Actor
from domain.availability import Absence, calendar_of
from domain.consent import Audience, Channel, ConsentLedger, Method, Scope
from domain.disclosing import Asked, Viewing
from domain.match import Match
from domain.programme import Programme
from domain.purposes import CRITERIA, AudienceKind, Field, Purpose
from tests.api.pages.browsing import Page, browser
from tests.scenarios import enrolled_member, enrolled_mentor, open_match, token_of

Enter = Callable[..., TestClient]


@pytest.fixture
def app(service: Service, moment: Moment) -> FastAPI:
    return create_app(service, clock=lambda: moment)


@pytest.fixture
def enter(app: FastAPI, service: Service, moment: Moment) -> Enter:
    def signed_in(role: Actor, whom: Any) -> TestClient:
        client = browser(app)
        client.cookies.set(COOKIE, token_of(service, moment, role, whom))
        return client

    return signed_in


@pytest.fixture
def match(service: Service, moment: Moment) -> Match:
    return open_match(service, moment)


@pytest.fixture
def coordinator(match: Match, service: Service, enter: Enter) -> TestClient:
    return enter(Actor.COORDINATOR, service.alongside.load(Programme, match.programme_id))


@pytest.fixture
def _here(monkeypatch: pytest.MonkeyPatch, database_url: str, master_key: str, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("ALONGSIDE_MASTER_KEY", master_key)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def narrow(service: Service, moment: Moment) -> Callable[..., None]:
    """Lets somebody agree to be considered by everything but some fields."""

    def say(person: Any, *without: Field) -> None:
        scope = Scope(fields=CRITERIA - {*without})
        service.alongside.grant(
            person, Purpose.MATCH_CONSIDER, scope=scope, method=Method.WEB, at=moment.at, by="member"
        )

    return say


def told(service: Service, person: Any) -> list[ConsentLedger.Disclosed]:
    events = [entry.event for entry in service.alongside.ledger_entries(person)]
    return [event for event in events if isinstance(event, ConsentLedger.Disclosed)]


def test_what_a_page_shows_of_both_stands_in_their_ledgers_under_its_one_request(
    service: Service, coordinator: TestClient, match: Match
) -> None:
    answer = coordinator.get("/proposals")
    (of_member,), (of_mentor,) = (told(service, each) for each in (match.member_person_id, match.mentor_person_id))

    assert "Covers 1 of 2 needs" in Page(answer.text).words
    assert of_member.request == of_mentor.request == answer.headers["X-Request-Id"]
    assert (of_member.role, of_member.by, of_member.channel) == ("coordinator", "coordinator-1", Channel.PAGE)
    assert Field.NEEDS in of_member.fields
    assert Field.OFFERS in of_mentor.fields
    assert Field.BOUNDARIES not in of_member.fields


@pytest.mark.parametrize("whose", ["member_person_id", "mentor_person_id"])
@pytest.mark.parametrize(
    ("field", "said", "withheld", "points"),
    [
        (Field.LIVED_EXPERIENCE, "Both have lived through", "lived experience", 418),
        (Field.LANGUAGES, "Both speak", "languages", 518),
        (Field.AVAILABILITY, "at the same time", "time", 475),
        (Field.CONTACT_MODES, "Both can be in touch", "ways to be in touch", 518),
        (Field.AGE, "Their ages are near", "", 543),
    ],
)
def test_a_part_of_an_explanation_is_told_if_both_let_it_be(
    coordinator: TestClient, match: Match, narrow: Any, whose: str, field: Field, said: str, withheld: str, points: int
) -> None:
    before = Page(coordinator.get("/proposals").text).words
    narrow(getattr(match, whose), field)
    after = Page(coordinator.get("/proposals").text).words
    facts = coordinator.get(f"/api/matches/{match.id}").json()

    assert said in before
    assert said not in after
    assert "Not shared" not in before
    assert "Not shared" in after
    assert f"Not shared: {withheld}." in after or not withheld
    assert f"Fit {points} of 1000" in after
    assert facts["fit"] == points
    assert None in facts["explanation"]["points"].values()


@pytest.mark.usefixtures("_here")
def test_pages_answers_and_commands_withhold_alike(
    service: Service, coordinator: TestClient, match: Match, narrow: Any
) -> None:
    narrow(match.member_person_id, Field.NEEDS, Field.WAITING_SINCE)
    page = Page(coordinator.get("/waiting").text).words
    (answer,) = coordinator.get("/api/waiting-list").json()
    (line,) = json.loads(CliRunner().invoke(commands, ["waiting", "harbour", "--json"]).stdout)
    plain = CliRunner().invoke(commands, ["waiting", "harbour"]).stdout

    assert "Plum Raven 1" in page
    assert "Not shared Soon Not shared" in page
    for shown in (answer, line):
        assert (shown["needs"], shown["waiting_since"], shown["days"], shown["urgency"]) == (None, None, None, "soon")
        assert shown["ref"] == "S-1"
    assert "not shared" in plain
    channels = [each.channel for each in told(service, match.member_person_id)]
    assert channels == [Channel.PAGE, Channel.API, Channel.COMMAND, Channel.COMMAND]


def test_who_takes_everything_back_is_known_by_name_and_nothing_else(
    service: Service, moment: Moment, coordinator: TestClient, match: Match
) -> None:
    for person in (match.member_person_id, match.mentor_person_id):
        service.alongside.withdraw(person, Purpose.MATCH_CONSIDER, method=Method.WEB, at=moment.at, by="member")
    waiting, mentors = (Page(coordinator.get(path).text).words for path in ("/waiting", "/mentors"))

    assert "Plum Raven 1" in waiting
    assert "Not shared Not shared Not shared Has not agreed to what a match needs" in waiting
    assert "Birch Owl 2" in mentors
    assert "2 free of 2 Takes members. Not shared Not shared" in mentors
    assert not told(service, match.member_person_id)


def test_a_mentors_hours_are_theirs_and_told_to_coordinators_as_far_as_they_agree(
    service: Service, moment: Moment, coordinator: TestClient, enter: Enter, match: Match, narrow: Any
) -> None:
    mentor = service.alongside.pool(match.programme_id).mentors[match.mentor_id]
    away = calendar_of([Absence(date(2026, 8, 1), date(2026, 8, 21))])
    service.alongside.change_calendar(mentor.id, away, at=moment.at, by="mentor")
    own = enter(Actor.MENTOR, mentor).get(f"/api/mentors/{mentor.id}").json()
    unrecorded = told(service, mentor.person_id)
    before = coordinator.get("/api/mentors").json()[0]["calendar"], coordinator.get(f"/mentors/{mentor.id}").text
    narrow(mentor.person_id, Field.AVAILABILITY)
    theirs = coordinator.get(f"/api/mentors/{mentor.id}").json()

    assert own["availability"]
    assert own["calendar"]["absences"] == [{"first": "2026-08-01", "last": "2026-08-21"}]
    assert unrecorded == []
    assert (theirs["availability"], theirs["calendar"], theirs["time_zone"]) == (None, None, "Europe/Lisbon")
    assert "Not shared." in Page(coordinator.get(f"/mentors/{mentor.id}").text).words
    assert before[0] == ["away 2026-08-01..2026-08-21"]
    assert "August" in before[1]
    assert coordinator.get("/api/mentors").json()[0]["calendar"] is None
    assert "August" not in coordinator.get(f"/mentors/{mentor.id}").text


def test_a_list_comes_in_pages_that_lead_on_to_each_other_and_tell_of_nobody_else(
    service: Service, moment: Moment, coordinator: TestClient
) -> None:
    last = enrolled_mentor(service, moment, ref="T-3", handle="Zinc Owl 3")
    enrolled_mentor(service, moment, ref="T-2", handle="Elm Owl 2")
    first = coordinator.get("/api/mentors?limit=2")
    not_yet = told(service, last.person_id)
    second = coordinator.get(first.headers["Link"].split(";")[0].strip("<>"))

    assert [each["ref"] for each in first.json()] == ["T-1", "T-2"]
    assert first.headers["Link"].endswith('; rel="next"')
    assert not_yet == []
    assert [each["ref"] for each in second.json()] == ["T-3"]
    assert "Link" not in second.headers
    assert coordinator.get("/api/mentors?limit=101").status_code == 422


def test_people_read_who_was_told_what_about_them_and_first_what_left_the_service(
    service: Service, moment: Moment, coordinator: TestClient, enter: Enter, match: Match
) -> None:
    person, alongside = match.member_person_id, service.alongside
    member = enter(Actor.MEMBER, alongside.pool(match.programme_id).members[match.member_id])
    nobody = Page(member.get("/my-disclosures").text).words
    scope = Scope(named="a study of waiting times")
    alongside.grant(person, Purpose.RESEARCH_DATA, scope=scope, method=Method.WEB, at=moment.at, by="member")
    audience = Audience(kind=AudienceKind.STUDY, named="a study of waiting times")
    asked = Asked(person, frozenset({Field.LANGUAGES, Field.AGE}), audience, (Purpose.RESEARCH_DATA,))
    alongside.disclose([asked], Viewing("researcher-1", "researcher", Channel.EXPORT, "export-1"), at=moment.at)
    for _ in range(2):
        coordinator.get("/waiting")
    words = Page(member.get("/my-disclosures").text).words

    assert "Nobody has been told anything about you yet." in nobody
    assert "A study: a study of waiting times in a copy that left the service age and languages" in words
    assert "2 March 2026 2 times A coordinator of your programme on a page needs, urgency and waiting since" in words
    assert words.index("A study:") < words.index("A coordinator of your programme")
    assert "coordinator-1" not in words
    assert coordinator.get("/my-disclosures").status_code == 403


def test_a_page_past_the_end_is_the_last_one(
    service: Service, moment: Moment, enter: Enter, coordinator: TestClient
) -> None:
    member = enrolled_member(service, moment, ref="S-9", handle="Told Wren 9")
    assert coordinator.get("/waiting?page=99").status_code == 200
    assert enter(Actor.MEMBER, member).get("/my-disclosures?page=99").status_code == 200
