"""Who may ask for an erasure, who may confirm it, and who learns of it?"""

from typing import Any

import pytest

from domain.access import Actor
from domain.member import Member
from domain.programme import Programme
from tests.scenarios import enrolled_member, enrolled_mentor


@pytest.fixture
def member(service: Any, moment: Any) -> Member:
    return enrolled_member(service, moment)


@pytest.fixture
def coordinators(service: Any, moment: Any, client_of: Any, member: Member) -> Any:
    """Two coordinators of the programme under accounts of their own."""
    programme = service.alongside.load(Programme, member.programme_id)
    first, second = client_of(Actor.COORDINATOR, programme), client_of(Actor.COORDINATOR, programme)
    other = service.alongside.issue_token(
        Actor.COORDINATOR, "coordinator-2", programme.id, expires_at=moment.at.replace(year=2027), at=moment.at, by="a"
    )
    second.headers["Authorization"] = f"Bearer {other}"
    return first, second


def path(member: Member) -> str:
    return f"/api/people/{member.person_id}/erasure"


def test_two_coordinators_erase_and_one_alone_does_not(
    coordinators: Any, service: Any, member: Member, refused: Any
) -> None:
    first, second = coordinators
    asked = [first.put(path(member), json={"ground": "objection"}).json()["status"] for _ in range(2)]
    listed = first.get("/api/erasures").json()
    done = second.put(path(member), json={})

    assert asked == ["requested", "requested"]
    assert [(each["person_id"], each["ground"], each["requested_by"]) for each in listed] == [
        (str(member.person_id), "objection", "coordinator-1")
    ]
    assert (done.status_code, done.json()) == (200, {"person": str(member.person_id), "status": "erased"})
    assert first.get("/api/erasures").json() == []
    assert service.alongside.load(Member, member.id).profile.handle == "[erased]"
    refused(first.put(path(member), json={}), 409, "person-erased")
    refused(first.delete(path(member)), 409, "person-erased")


def test_a_member_asks_and_takes_back_and_never_confirms(
    coordinators: Any, client_of: Any, member: Member, refused: Any
) -> None:
    own, (coordinator, _) = client_of(Actor.MEMBER, member), coordinators

    assert own.put(path(member), json={}).json()["status"] == "requested"
    assert own.delete(path(member)).json()["status"] == "none"
    refused(own.delete(path(member)), 409, "erasure-not-asked")
    coordinator.put(path(member), json={})
    assert own.put(path(member), json={}).json()["status"] == "requested"
    refused(own.get("/api/erasures"), 403, "not-your-role")


def test_a_members_own_word_and_one_coordinator_are_two(coordinators: Any, client_of: Any, member: Member) -> None:
    own = client_of(Actor.MEMBER, member)
    own.put(path(member), json={})

    assert coordinators[0].put(path(member), json={}).json()["status"] == "erased"
    assert own.get(f"/api/people/{member.person_id}/consents").status_code == 401


def test_auditors_change_nothing(client_of: Any, service: Any, member: Member, refused: Any) -> None:
    auditor = client_of(Actor.AUDITOR, service.alongside.programme("harbour"))
    head = service.alongside.log.head()

    refused(auditor.put(path(member), json={}), 403, "not-your-role")
    refused(auditor.delete(path(member)), 403, "not-your-role")
    refused(auditor.get("/api/erasures"), 403, "not-your-role")
    assert service.alongside.log.head() == head


def test_nobody_reaches_into_another_programme_or_another_person(
    client_of: Any, service: Any, moment: Any, member: Member, refused: Any
) -> None:
    mentor = enrolled_mentor(service, moment, programme="quay")
    foreign = client_of(Actor.COORDINATOR, service.alongside.programme("quay"))
    head = service.alongside.log.head()

    for client in (foreign, client_of(Actor.MENTOR, mentor)):
        refused(client.put(path(member), json={}), 404, "unknown-person")
        refused(client.delete(path(member)), 404, "unknown-person")
    assert foreign.get("/api/erasures").json() == []
    assert service.alongside.log.head() == head + 1  # the mentor's token


def test_without_a_token_or_a_known_ground_nothing_is_asked(coordinators: Any, service: Any, member: Member) -> None:
    stranger = coordinators[1]
    head = service.alongside.log.head()

    assert coordinators[0].put(path(member), json={"ground": "whim"}).status_code == 422
    del stranger.headers["Authorization"]
    assert stranger.put(path(member), json={}).status_code == 401
    assert service.alongside.log.head() == head
