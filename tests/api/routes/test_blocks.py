"""Who may make, see and take off blocks through the API, and what do they learn?"""

from typing import Any

import pytest

from domain.access import Actor
from domain.consent import ConsentLedger, Method
from domain.member import Member
from domain.programme import Programme
from tests.scenarios import enrolled_member, enrolled_mentor, programme

NUMBER = "+44 20 7946 0958"


@pytest.fixture
def member(service: Any, moment: Any) -> Member:
    return enrolled_member(service, moment)


@pytest.fixture
def own(client_of: Any, member: Member) -> Any:
    return client_of(Actor.MEMBER, member)


@pytest.fixture
def coordinator(client_of: Any, service: Any, member: Member) -> Any:
    return client_of(Actor.COORDINATOR, service.alongside.load(Programme, member.programme_id))


def path(member: Member) -> str:
    return f"/api/people/{member.person_id}/blocks"


def test_a_person_makes_sees_and_takes_off_a_block(own: Any, member: Member) -> None:
    made = own.post(path(member), json={"value": NUMBER})
    listed = own.get(path(member))
    (block,) = made.json()
    lifted = own.delete(f"{path(member)}/{block['block']}")

    assert (made.status_code, listed.json()) == (201, [block])
    assert block == {
        "block": block["block"],
        "made_at": "2026-03-02T00:00:00Z",
        "marks": ["phone"],
        "coordinators_may_know": False,
    }
    assert (lifted.status_code, lifted.json()) == (200, [])


def test_an_answer_does_not_tell_whether_anybody_is_known_by_a_value(
    service: Any, moment: Any, own: Any, client_of: Any, member: Member
) -> None:
    enrolled_mentor(service, moment, phone=NUMBER)
    other = enrolled_member(service, moment, ref="S-2", handle="Plum Raven 2")
    known = own.post(path(member), json={"value": NUMBER})
    stranger = client_of(Actor.MEMBER, other).post(path(other), json={"value": NUMBER[:-1] + "9"})

    assert [list(each) for each in known.json()] == [list(each) for each in stranger.json()]
    assert (known.status_code, len(known.content)) == (stranger.status_code, len(stranger.content))


def test_a_mark_that_is_named_is_taken_at_its_word(own: Any, service: Any, member: Member) -> None:
    own.post(path(member), json={"value": "Plum 77", "mark": "name"})

    (block,) = service.alongside.ledger(member.person_id).blocks.values()
    assert [str(mark) for mark in block.marks] == ["name"]


def test_a_request_sent_twice_with_one_key_makes_one_block(own: Any, service: Any, member: Member) -> None:
    answers = [own.post(path(member), json={"value": NUMBER}, headers={"Idempotency-Key": "k"}) for _ in range(2)]

    assert answers[0].json() == answers[1].json()
    assert len(service.alongside.ledger(member.person_id).blocks) == 1


@pytest.mark.parametrize("value", ["", " ", "x" * 201])
def test_a_value_of_no_use_is_refused_and_not_repeated(own: Any, member: Member, value: str) -> None:
    answer = own.post(path(member), json={"value": value})

    assert answer.status_code == 422
    assert "xx" not in answer.text


def test_a_coordinator_takes_down_what_a_member_says_and_sees_only_what_they_allow(
    coordinator: Any, own: Any, service: Any, member: Member, refused: Any
) -> None:
    hidden = coordinator.post(path(member), json={"value": NUMBER})
    told = coordinator.post(path(member), json={"value": "Birch Owl 2", "coordinators_may_know": True})
    event = service.alongside.ledger_entries(member.person_id)[-1].event

    assert (hidden.json(), len(told.json()), len(own.get(path(member)).json())) == ([], 1, 2)
    assert isinstance(event, ConsentLedger.Blocked)
    assert (event.by, event.method) == ("coordinator-1", Method.PAPER)
    secret = next(block for block in own.get(path(member)).json() if not block["coordinators_may_know"])
    refused(coordinator.delete(f"{path(member)}/{secret['block']}"), 404, "unknown-block")
    assert coordinator.delete(f"{path(member)}/{told.json()[0]['block']}").json() == []
    assert own.get(path(member)).json() == [secret]


def test_a_coordinator_who_may_not_know_finds_no_trace_of_a_block(coordinator: Any, own: Any, member: Member) -> None:
    own.post(path(member), json={"value": "Birch Owl 2"})
    own.put(f"/api/people/{member.person_id}/consents/STATS", json={"granted": True})

    blocks, consents = (coordinator.get(f"/api/people/{member.person_id}/{what}") for what in ("blocks", "consents"))
    events = consents.json()["events"]
    assert blocks.json() == []
    assert [event["event"] for event in events] == ["granted"] * 3
    assert not any("version" in event for event in events)
    assert {place["version"] for each in consents.json()["consents"] for place in each["deciding"]} == {None}
    assert "block" not in consents.text


def test_auditors_and_others_make_none_and_see_none(
    client_of: Any, service: Any, moment: Any, own: Any, member: Member, refused: Any
) -> None:
    own.post(path(member), json={"value": NUMBER})
    other = client_of(Actor.MENTOR, enrolled_mentor(service, moment))
    stranger = client_of(Actor.COORDINATOR, programme(service, moment, "quay"))
    auditor = client_of(Actor.AUDITOR, service.alongside.programme("harbour"))

    for client, status, kind in (
        (other, 404, "unknown-person"),
        (stranger, 404, "unknown-person"),
        (auditor, 403, "not-your-role"),
    ):
        refused(client.get(path(member)), status, kind)
        refused(client.post(path(member), json={"value": NUMBER}), status, kind)
