"""Does the place in a list, or a number beside it, tell coordinators what is not shown there?"""

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec
import pytest
from fastapi.testclient import TestClient

from api.access import COOKIE
from api.app import create_app
from api.moment import Moment
from api.service import Service
from domain.access import Actor
from domain.consent import Method, Scope
from domain.match import Match
from domain.member import Member
from domain.mentor import Mentor
from domain.programme import Programme
from domain.purposes import CRITERIA, Field, Purpose
from domain.recording import Outcome, Proposal
from domain.values import Facet, Need, Urgency
from tests.api.pages.browsing import Page, browser
from tests.scenarios import EXPLANATION, FINDINGS, approved_match, enrolled_member, enrolled_mentor, token_of

Ask = Callable[[Programme, str], Any]


@pytest.fixture
def ask(service: Service, moment: Moment) -> Ask:
    app = create_app(service, clock=lambda: moment)

    def client_of(programme: Programme) -> TestClient:
        client = browser(app)
        client.cookies.set(COOKIE, token_of(service, moment, Actor.COORDINATOR, programme))
        return client

    return lambda programme, path: client_of(programme).get(path)


@pytest.fixture
def withhold(service: Service, moment: Moment) -> Callable[[Member | Mentor, Field], None]:
    """Lets somebody agree to be considered by everything but one field."""

    def say(whose: Member | Mentor, field: Field) -> None:
        scope = Scope(fields=CRITERIA - {field})
        service.alongside.grant(
            whose.person_id, Purpose.MATCH_CONSIDER, scope=scope, method=Method.WEB, at=moment.at, by="member"
        )

    return say


def two_who_wait(service: Service, moment: Moment, programme: str, said: list[Any]) -> list[Member]:
    """Two members, of whom S-1 and S-2 say the first and the second of these."""
    return [
        enrolled_member(service, moment, programme=programme, ref=f"S-{number}", **each)
        for number, each in enumerate(said, start=1)
    ]


def needing(urgency: Urgency) -> dict[str, Any]:
    return {"needs": (Need("housing", Facet.PRACTICAL, urgency),)}


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        (Field.URGENCY, needing(Urgency.ROUTINE), needing(Urgency.URGENT)),
        (Field.WAITING_SINCE, {"waiting_since": date(2026, 2, 1)}, {"waiting_since": date(2025, 2, 1)}),
    ],
)
def test_who_waits_stands_in_the_same_place_whatever_they_withhold(
    service: Service, moment: Moment, ask: Ask, withhold: Any, field: Field, one: Any, other: Any
) -> None:
    people = {
        "harbour": two_who_wait(service, moment, "harbour", [one, other]),
        "quay": two_who_wait(service, moment, "quay", [other, one]),
    }

    def orders() -> list[list[str]]:
        programmes = [service.alongside.programme(slug) for slug in people]
        return [[each["ref"] for each in ask(which, "/api/waiting-list").json()] for which in programmes]

    assert orders() == [["S-2", "S-1"], ["S-1", "S-2"]], "what is shown does decide"
    for member in (*people["harbour"], *people["quay"]):
        withhold(member, field)
    assert orders() == [["S-1", "S-2"], ["S-1", "S-2"]]


@pytest.mark.parametrize(
    ("whose", "field", "told"),
    [
        (Member, Field.URGENCY, "rank"),
        (Member, Field.WAITING_SINCE, "rank"),
        (Member, Field.NEEDS, "fit"),
        (Mentor, Field.OFFERS, "fit"),
        (Mentor, Field.LIVED_EXPERIENCE, "fit"),
    ],
)
def test_proposals_stand_in_the_same_place_whatever_is_withheld(
    service: Service, moment: Moment, ask: Ask, withhold: Any, whose: type, field: Field, told: str
) -> None:
    members = two_who_wait(service, moment, "harbour", [{}, {}])
    mentor = enrolled_mentor(service, moment)
    programme = service.alongside.load(Programme, mentor.programme_id)

    def order(*numbers: int) -> list[str]:
        """Hold a round that gives the two members these numbers, and give the proposals as they are listed."""
        pool = service.alongside.pool(programme.id)
        proposals = [
            Proposal(
                member.id,
                mentor.id,
                number if told == "fit" else 568,
                msgspec.structs.replace(EXPLANATION, rank=number if told == "rank" else 2),
            )
            for member, number in zip(members, numbers, strict=True)
        ]
        outcome = Outcome(pool, moment.today, FINDINGS, proposals, {})
        service.alongside.hold_round(outcome, at=moment.at, by="coordinator-1")
        return [each["member_ref"] for each in ask(programme, "/api/proposals").json()]

    assert order(300, 600) == ["S-2", "S-1"]
    assert order(600, 300) == ["S-1", "S-2"], "what is shown does decide"
    for each in members if whose is Member else [mentor]:
        withhold(each, field)
    assert order(600, 300) == order(300, 600)


def test_who_withholds_what_the_rank_does_not_tell_is_not_put_last_for_it(
    service: Service, moment: Moment, ask: Ask, withhold: Any
) -> None:
    members = two_who_wait(service, moment, "harbour", [needing(Urgency.ROUTINE), needing(Urgency.URGENT)])
    withhold(members[1], Field.LANGUAGES)
    listed = ask(service.alongside.programme("harbour"), "/api/waiting-list").json()

    assert [each["ref"] for each in listed] == ["S-2", "S-1"]
    assert [each["languages"] for each in listed] == [None, ["pt", "en"]]


def test_coordinators_are_told_on_which_consents_a_match_rests_and_not_where_they_stand(
    service: Service, moment: Moment, ask: Ask
) -> None:
    match = approved_match(service, moment)
    programme = service.alongside.load(Programme, match.programme_id)
    answer = ask(programme, f"/api/matches/{match.id}")
    page = ask(programme, "/proposals?status=approved")
    (approved,) = (
        entry.event for entry in service.alongside.log.stream(match.id) if isinstance(entry.event, Match.Approved)
    )

    assert [set(each) for each in answer.json()["relied_on"]] == [{"purpose", "ledger"}] * 4
    assert {each["purpose"] for each in answer.json()["relied_on"]} == {"MATCH-CONSIDER", "MATCH-PROPOSE"}
    assert Page(page.text).words
    for reliance in approved.relied_on:
        assert reliance.version > 0, "auditors are told from the event"
        assert str(reliance.consent_id) not in answer.text + page.text
