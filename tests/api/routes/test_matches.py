"""Is a proposal decided once, by whom it concerns, and at the version that they read?"""

from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.access import Actor
from domain.consent import Method
from domain.match import Match, MatchStatus
from domain.purposes import Purpose
from tests.scenarios import open_match, programme


@pytest.fixture
def match(service: Any, moment: Any) -> Match:
    return open_match(service, moment)


@pytest.fixture
def coordinator(match: Match, service: Any, client_of: Any) -> Any:  # noqa: ARG001 - the programme comes with it
    return client_of(Actor.COORDINATOR, service.alongside.programme("harbour"))


def approve(client: Any, match: UUID, **headers: str) -> Any:
    return client.put(f"/api/matches/{match}/approval", headers={"If-Match": '"1"', **headers})


def test_a_proposal_is_approved_at_the_version_that_was_read(coordinator: Any, match: Match) -> None:
    version = coordinator.get(f"/api/matches/{match.id}").headers["etag"]
    response = approve(coordinator, match.id, **{"If-Match": version})

    assert (response.status_code, response.json()["status"], response.headers["etag"]) == (200, "approved", '"2"')


def test_a_decision_names_a_version_that_still_holds(coordinator: Any, match: Match, refused: Any) -> None:
    refused(coordinator.put(f"/api/matches/{match.id}/approval"), 428, "precondition-required")
    refused(approve(coordinator, match.id, **{"If-Match": '"9"'}), 412, "version-passed")
    refused(approve(coordinator, match.id, **{"If-Match": "*"}), 422, "invalid-value")


def test_a_match_of_another_programme_is_not_there(
    match: Match, client_of: Any, service: Any, moment: Any, refused: Any
) -> None:
    stranger = client_of(Actor.COORDINATOR, programme(service, moment, "elsewhere"))

    refused(approve(stranger, match.id), 404, "unknown-match")
    refused(stranger.get(f"/api/matches/{match.id}"), 404, "unknown-match")
    refused(stranger.get(f"/api/matches/{uuid4()}"), 404, "unknown-match")


def test_a_request_sent_again_with_its_key_is_answered_the_same(
    coordinator: Any, match: Match, service: Any, refused: Any
) -> None:
    key = {"Idempotency-Key": "once"}
    first = approve(coordinator, match.id, **key)
    head = service.alongside.log.head()
    again = approve(coordinator, match.id, **key)

    assert (again.status_code, again.json(), again.headers["etag"]) == (200, first.json(), first.headers["etag"])
    assert service.alongside.log.head() == head
    other = coordinator.put(
        f"/api/matches/{match.id}/decline", json={"reason": "no"}, headers={"If-Match": '"1"', **key}
    )
    refused(other, 422, "key-reused")


def test_a_proposal_whose_consent_is_gone_is_no_longer_available(
    coordinator: Any, match: Match, service: Any, moment: Any, refused: Any
) -> None:
    service.alongside.withdraw(
        match.member_person_id, Purpose.MATCH_PROPOSE, method=Method.WEB, at=moment.at, by="member"
    )

    refused(approve(coordinator, match.id), 409, "no-longer-available")


def test_a_malformed_request_is_refused_without_its_values(coordinator: Any, match: Match, refused: Any) -> None:
    response = coordinator.put(
        f"/api/matches/{match.id}/decline", json={"reason": ["Quillfeather"]}, headers={"If-Match": '"1"'}
    )

    problem = refused(response, 422, "malformed-request")
    assert "Quillfeather" not in response.text
    assert coordinator.get(problem["type"]).json()["title"] == problem["title"]


@pytest.mark.parametrize("reason", ["\\u0000", "Quill\\u0000feather", "Quill\\ud800feather"])
def test_a_reason_that_cannot_be_stored_is_refused_and_not_repeated(
    client_of: Any, service: Any, moment: Any, reason: str
) -> None:
    match = open_match(service, moment)
    client = client_of(Actor.COORDINATOR, service.alongside.programme("harbour"))
    headers = {"If-Match": '"1"', "Content-Type": "application/json"}
    answer = client.put(f"/api/matches/{match.id}/decline", content=f'{{"reason": "{reason}"}}', headers=headers)

    assert answer.status_code == 422
    assert "Quill" not in answer.text
    assert service.alongside.load(Match, match.id).status == MatchStatus.PROPOSED
