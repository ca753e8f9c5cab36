"""Do the two people of a match see of each other what they agreed to, and does nobody else?"""

from typing import Any

import pytest

from domain.access import Actor
from domain.consent import Channel, ConsentLedger
from domain.match import Match, Side
from domain.member import Member
from domain.mentor import Mentor
from domain.purposes import Purpose
from tests.scenarios import approved_match, enrolled_member, enrolled_mentor, open_match, open_matches

ALL = (Purpose.MATCH_CONSIDER, Purpose.MATCH_PROPOSE, Purpose.CONTACT_SHARE)
CONTACT = {"name": "Ana Silva", "phone": "+44 7700 900123", "email": "ana@example.org"}


@pytest.fixture
def match(service: Any, moment: Any) -> Match:
    member = enrolled_member(service, moment, consents=ALL, age=39, **CONTACT)
    found = open_matches(service, moment, [(member, enrolled_mentor(service, moment))])[0]
    approved: Match = service.alongside.approve(found.id, at=moment.at, by="coordinator-1")
    return approved


@pytest.fixture
def sides(match: Match, service: Any, client_of: Any) -> dict[Side, tuple[Any, str]]:
    """A client of each side, and the address of the match for it."""
    people = {
        Side.MEMBER: service.alongside.load(Member, match.member_id),
        Side.MENTOR: service.alongside.load(Mentor, match.mentor_id),
    }
    return {
        side: (client_of(Actor(side), person), f"/api/people/{person.person_id}/matches/{match.id}")
        for side, person in people.items()
    }


def test_a_card_tells_what_was_agreed_to_and_what_to_keep_to(sides: Any, match: Match) -> None:
    client, path = sides[Side.MENTOR]

    assert client.get(path).json() == {
        "match": str(match.id),
        "standing": "open",
        "handle": "Plum Raven 1",
        "about": {
            "needs": ["housing"],
            "lived-experience": ["anxiety"],
            "languages": ["pt", "en"],
            "contact-modes": ["phone", "video"],
            "availability": [
                {"day": 0, "start_minute": 1080, "end_minute": 1200},
                {"day": 2, "start_minute": 1080, "end_minute": 1200},
            ],
            "time-zone": "Europe/Lisbon",
            "age": 39,
        },
        "contact": {},
        "obligations": {
            "handle-only": "Call each other by your handles.",
            "no-passing-on": "Keep what you read here to yourself, and pass it on to nobody.",
        },
        "meets": None,
    }


def test_a_match_is_accepted_by_both_however_often_each_sends_it(sides: Any) -> None:
    standings = []
    for side in (Side.MEMBER, Side.MEMBER, Side.MENTOR, Side.MENTOR):
        client, path = sides[side]
        standings.append(client.put(f"{path}/acceptance").json()["standing"])
    client, path = sides[Side.MENTOR]

    assert standings == ["accepted-by-you", "accepted-by-you", "accepted", "accepted"]
    assert client.get(path).json()["contact"] == CONTACT


def test_leaving_ends_it_for_both_without_a_word_of_why(sides: Any, refused: Any, match: Match) -> None:
    client, path = sides[Side.MEMBER]
    gone = {"match": str(match.id), "standing": "no-longer-available", "handle": None}
    assert [client.delete(f"{path}/acceptance").json() for _ in range(2)] == [gone] * 2

    client, path = sides[Side.MENTOR]
    assert client.get(path).json() == gone | {"about": {}, "contact": {}, "obligations": {}, "meets": None}
    assert client.get(path.rsplit("/", 1)[0]).json() == [gone]
    problem = refused(client.put(f"{path}/acceptance"), 409, "no-longer-available")
    assert problem["detail"] == "This is no longer available."


def test_opening_a_card_is_a_disclosure_over_the_channel_it_went(sides: Any, service: Any, match: Match) -> None:
    client, path = sides[Side.MENTOR]
    client.get(path.rsplit("/", 1)[0])
    request = client.get(path).headers["X-Request-Id"]

    entries = service.alongside.ledger_entries(match.member_person_id)
    [told] = [entry.event for entry in entries if isinstance(entry.event, ConsentLedger.Disclosed)]
    assert (told.channel, told.request, told.role, told.by) == (Channel.API, request, "mentor", "mentor")
    assert told.viewer == match.mentor_person_id


def test_to_anybody_else_a_match_is_as_if_it_were_not_there(
    sides: Any, service: Any, moment: Any, client_of: Any, refused: Any, match: Match
) -> None:
    _, path = sides[Side.MENTOR]
    stranger = enrolled_mentor(service, moment, ref="T-9")
    own_path = f"/api/people/{stranger.person_id}/matches/{match.id}"
    harbour = service.alongside.programme("harbour")
    others = [
        (client_of(Actor.MENTOR, stranger), path, "unknown-person"),
        (client_of(Actor.MENTOR, stranger), own_path, "unknown-match"),
        (client_of(Actor.COORDINATOR, harbour), path, "unknown-person"),
        (client_of(Actor.AUDITOR, harbour), path, "unknown-person"),
    ]

    for client, address, kind in others:
        refused(client.get(address), 404, kind)
        refused(client.put(f"{address}/acceptance"), 404, kind)
        refused(client.delete(f"{address}/acceptance"), 404, kind)
    assert service.alongside.load(Match, match.id).version == match.version


def test_a_proposal_that_nobody_approved_is_not_there_yet(
    service: Any, moment: Any, client_of: Any, refused: Any
) -> None:
    match = open_match(service, moment)
    client = client_of(Actor.MEMBER, service.alongside.load(Member, match.member_id))
    path = f"/api/people/{match.member_person_id}/matches"

    assert client.get(path).json() == []
    refused(client.get(f"{path}/{match.id}"), 404, "unknown-match")
    refused(client.put(f"{path}/{match.id}/acceptance"), 404, "unknown-match")


def test_a_coordinator_ends_a_match_at_the_version_that_was_read(
    service: Any, moment: Any, client_of: Any, refused: Any
) -> None:
    match = approved_match(service, moment)
    coordinator = client_of(Actor.COORDINATOR, service.alongside.programme("harbour"))
    path = f"/api/matches/{match.id}/closure"

    refused(coordinator.put(path), 428, "precondition-required")
    refused(coordinator.put(path, headers={"If-Match": '"1"'}), 412, "version-passed")
    closed = coordinator.put(path, headers={"If-Match": '"2"'})

    assert (closed.json()["status"], closed.headers["etag"]) == ("closed", '"3"')
    refused(coordinator.put(path, headers={"If-Match": '"3"'}), 409, "match-already-decided")


def test_people_change_how_they_can_be_reached_and_nobody_else_sees_or_changes_it(
    service: Any, moment: Any, client_of: Any, refused: Any
) -> None:
    member = enrolled_member(service, moment)
    path = f"/api/people/{member.person_id}/contact-details"
    own, coordinator = client_of(Actor.MEMBER, member), client_of(Actor.COORDINATOR, _programme(service))

    assert own.get(path).json() == {"name": None, "phone": None, "email": None}
    assert own.put(path, json=CONTACT).json() == own.get(path).json() == CONTACT
    assert own.put(path, json={"phone": CONTACT["phone"]}).json()["name"] is None
    refused(coordinator.get(path), 404, "unknown-person")
    refused(coordinator.put(path, json=CONTACT), 404, "unknown-person")


@pytest.mark.parametrize("wrong", [{"phone": "secret-marker"}, {"email": "secret-marker"}, {"name": "=secret-marker"}])
def test_what_is_no_contact_detail_is_refused_and_not_repeated(
    wrong: Any, service: Any, moment: Any, client_of: Any, refused: Any
) -> None:
    member = enrolled_member(service, moment)
    answer = client_of(Actor.MEMBER, member).put(f"/api/people/{member.person_id}/contact-details", json=wrong)

    refused(answer, 422, "invalid-value")
    assert "secret-marker" not in answer.text


def _programme(service: Any) -> Any:
    return service.alongside.programme("harbour")
