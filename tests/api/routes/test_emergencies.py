"""Who tells what in an emergency, how often, and who learns of it?"""

from datetime import timedelta
from typing import Any

import pytest

from domain.access import Actor
from domain.consent import ConsentLedger
from domain.member import Member
from domain.programme import Programme
from tests.scenarios import enrolled_member

ASKED = {"fields": ["age", "languages"], "recipient": "ambulance, call 7714", "reason": "they said goodbye"}


@pytest.fixture
def member(service: Any, moment: Any) -> Member:
    return enrolled_member(service, moment, age=44, consents=())


@pytest.fixture
def first(service: Any, client_of: Any, member: Member) -> Any:
    return client_of(Actor.COORDINATOR, service.alongside.load(Programme, member.programme_id))


@pytest.fixture
def second(service: Any, moment: Any, client_of: Any, member: Member) -> Any:
    """Another coordinator, under an account of their own."""
    client = client_of(Actor.COORDINATOR, service.alongside.load(Programme, member.programme_id))
    expires_at = moment.at + timedelta(days=30)
    token = service.alongside.issue_token(
        Actor.COORDINATOR, "coordinator-2", member.programme_id, expires_at=expires_at, at=moment.at, by="a"
    )
    client.headers["Authorization"] = f"Bearer {token}"
    return client


@pytest.fixture
def path(member: Member) -> str:
    return f"/api/people/{member.person_id}/emergencies"


def test_two_people_tell_the_least_without_any_consent_and_once(
    service: Any, member: Member, first: Any, second: Any, path: str, refused: Any
) -> None:
    emergency = first.post(path, json=ASKED).json()["emergency"]
    alone = first.post(f"{path}/{emergency}/disclosure", json={})
    told = second.post(f"{path}/{emergency}/disclosure", json={"hours": 2}).json()
    again = second.post(f"{path}/{emergency}/disclosure", json={})
    (event,) = (
        entry.event
        for entry in service.alongside.ledger_entries(member.person_id)
        if isinstance(entry.event, ConsentLedger.EmergencyDisclosed)
    )

    refused(alone, 409, "second-person-needed")
    assert told["told"] == {"age": "44", "languages": "pt, en"}
    assert (told["recipient"], told["expires_at"], told["member_told"]) == (
        "ambulance, call 7714",
        "2026-03-02T02:00:00Z",
        True,
    )
    refused(again, 409, "emergency-decided")
    assert (event.requested_by, event.by) == ("coordinator-1", "coordinator-2")
    assert service.alongside.ledger(member.person_id).emergencies[event.emergency_id].is_shown_to_member


def test_the_list_never_holds_what_was_told(first: Any, second: Any, path: str) -> None:
    emergency = first.post(path, json=ASKED).json()["emergency"]
    second.post(f"{path}/{emergency}/disclosure", json={})
    (listed,) = first.get(path).json()

    assert (listed["status"], listed["fields"], listed["disclosed_by"]) == (
        "disclosed",
        ["age", "languages"],
        "coordinator-2",
    )
    assert "told" not in listed


def test_the_member_does_not_hear_of_it_where_that_is_unsafe(
    service: Any, member: Member, client_of: Any, first: Any, second: Any, path: str
) -> None:
    emergency = first.post(path, json=ASKED).json()["emergency"]
    second.post(f"{path}/{emergency}/disclosure", json={"untold_because": "their phone is read by others"})
    (kept,) = service.alongside.ledger(member.person_id).emergencies.values()
    own = client_of(Actor.MEMBER, member)

    assert own.get(f"{path}/told").json() == []
    assert (kept.is_shown_to_member, kept.untold_because) == (False, "their phone is read by others")


def test_what_is_turned_down_is_told_to_nobody(first: Any, second: Any, path: str, refused: Any) -> None:
    emergency = first.post(path, json=ASKED).json()["emergency"]
    cancelled = second.delete(f"{path}/{emergency}").json()
    told = second.post(f"{path}/{emergency}/disclosure", json={})

    assert [each["status"] for each in cancelled] == ["cancelled"]
    refused(told, 409, "emergency-decided")


@pytest.mark.parametrize(
    "asked",
    [
        ASKED | {"fields": ["boundaries"]},
        ASKED | {"fields": []},
        ASKED | {"recipient": " "},
        ASKED | {"reason": " "},
    ],
)
def test_it_says_what_to_whom_and_why_and_never_what_is_sealed(
    service: Any, member: Member, first: Any, path: str, asked: Any
) -> None:
    assert first.post(path, json=asked).status_code == 422
    assert service.alongside.ledger(member.person_id).emergencies == {}


def test_an_emergency_comes_before_all_else_that_waits_for_a_second_person(
    first: Any, second: Any, member: Member, path: str
) -> None:
    standing = {"giver": "delegate", "name": "Rui", "evidence": "a letter", "purposes": ["STATS"]}
    first.post(f"/api/people/{member.person_id}/standings", json=standing)
    first.post(path, json=ASKED)

    assert [each["kind"] for each in second.get("/api/standings").json()] == ["emergency", "standing"]


def test_the_member_reads_what_was_told_to_whom_and_why(
    member: Member, client_of: Any, first: Any, second: Any, path: str, refused: Any
) -> None:
    emergency = first.post(path, json=ASKED).json()["emergency"]
    own = client_of(Actor.MEMBER, member)
    before = own.get(f"{path}/told").json()
    second.post(f"{path}/{emergency}/disclosure", json={"hours": 2})

    assert before == []
    assert own.get(f"{path}/told").json() == [
        {
            "told_at": "2026-03-02T00:00:00Z",
            "fields": ["age", "languages"],
            "recipient": "ambulance, call 7714",
            "reason": "they said goodbye",
            "expires_at": "2026-03-02T02:00:00Z",
        }
    ]
    refused(first.get(f"{path}/told"), 404, "unknown-person")
