"""Who may say who speaks for somebody, who confirms it, and what does whoever does harm hear?"""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.access import Actor
from domain.consent import ConsentLedger, Reason, consent_at
from domain.member import Member
from domain.programme import Programme
from domain.purposes import Purpose
from tests.scenarios import enrolled_member

GUARDIAN = {
    "giver": "guardian",
    "name": "Ana Costa",
    "phone": "+351 912 345 678",
    "evidence": "birth certificate, seen in the office",
    "purposes": ["MATCH-CONSIDER", "MATCH-PROPOSE"],
}
SAID_YES = {"said": "yes"}


@pytest.fixture
def member(service: Any, moment: Any) -> Member:
    """Fifteen, and has agreed to be considered themselves."""
    return enrolled_member(service, moment, age=15)


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


def path(member: Member, *more: object) -> str:
    return "/".join(["/api/people", str(member.person_id), *map(str, more)])


def confirmed(first: Any, second: Any, member: Member, **said: Any) -> str:
    standing: str = first.post(path(member, "standings"), json=GUARDIAN | said).json()["standing"]
    assert second.put(path(member, "standings", standing, "confirmation")).status_code == 200
    return standing


def is_considered(service: Any, moment: Any, member: Member) -> bool:
    ledger = service.alongside.ledger(member.person_id)
    return bool(consent_at(ledger, Purpose.MATCH_CONSIDER, at=moment.at).permit)


def test_a_minor_is_considered_once_they_and_a_guardian_whom_two_people_recorded_have_said_yes(
    service: Any, moment: Any, member: Member, first: Any, second: Any
) -> None:
    before = is_considered(service, moment, member)
    standing = confirmed(first, second, member)
    without = is_considered(service, moment, member)
    said = first.post(path(member, "standings", standing, "consents", "MATCH-CONSIDER"), json=SAID_YES)

    assert (before, without) == (False, False)
    assert said.json() == {
        "person": str(member.person_id),
        "standing": standing,
        "purpose": "MATCH-CONSIDER",
        "said": "yes",
    }
    assert is_considered(service, moment, member)


def test_one_coordinator_alone_gives_nobody_standing(first: Any, member: Member, refused: Any) -> None:
    standing = first.post(path(member, "standings"), json=GUARDIAN).json()["standing"]
    confirmation = first.put(path(member, "standings", standing, "confirmation"))
    said = first.post(path(member, "standings", standing, "consents", "MATCH-CONSIDER"), json=SAID_YES)

    refused(confirmation, 409, "second-person-needed")
    refused(said, 409, "standing-missing")


def test_a_minor_is_asked_first_and_their_no_is_not_spoken_over(
    service: Any, moment: Any, member: Member, first: Any, second: Any, refused: Any
) -> None:
    standing = confirmed(first, second, member, purposes=["STATS", "MATCH-CONSIDER"])
    unasked = first.post(path(member, "standings", standing, "consents", "STATS"), json=SAID_YES)
    service.alongside.refuse(member.person_id, Purpose.MATCH_CONSIDER, method="web", at=moment.at, by="member")
    said_no = first.post(path(member, "standings", standing, "consents", "MATCH-CONSIDER"), json=SAID_YES)

    refused(unasked, 409, "ask-them-first")
    assert refused(said_no, 409, "they-said-no")["detail"] == "They were asked and said no."


def test_a_standing_can_be_ended_and_takes_what_was_given_on_it_along(
    service: Any, moment: Any, member: Member, first: Any, second: Any
) -> None:
    standing = confirmed(first, second, member)
    first.post(path(member, "standings", standing, "consents", "MATCH-CONSIDER"), json=SAID_YES)
    ended = first.delete(path(member, "standings", standing))

    assert ended.json()["status"] == "ended"
    assert not is_considered(service, moment, member)
    assert [each["status"] for each in first.get(path(member, "standings")).json()["standings"]] == ["ended"]


@pytest.mark.parametrize("is_known_first", [True, False])
def test_whoever_does_harm_is_answered_like_anybody_else_and_nothing_is_permitted(
    service: Any, moment: Any, member: Member, first: Any, second: Any, *, is_known_first: bool
) -> None:
    harm = {"name": "somebody else", "phone": "00351 912345678"}
    recorded = [first.post(path(member, "harm"), json=harm).status_code] if is_known_first else []
    standing = confirmed(first, second, member)
    said = first.post(path(member, "standings", standing, "consents", "MATCH-CONSIDER"), json=SAID_YES)
    recorded += [] if is_known_first else [first.post(path(member, "harm"), json=harm).status_code]
    listed = first.get(path(member, "standings"))
    ledger = service.alongside.ledger(member.person_id)

    assert recorded == [204]
    assert said.status_code == 200
    assert [each["status"] for each in listed.json()["standings"]] == ["confirmed"]
    assert "harm" not in listed.text
    assert consent_at(ledger, Purpose.MATCH_CONSIDER, at=moment.at).reason == Reason.NO_STANDING


def test_what_waits_for_a_second_person_is_listed_until_it_is_decided(first: Any, second: Any, member: Member) -> None:
    standing = first.post(path(member, "standings"), json=GUARDIAN).json()["standing"]
    listed = second.get("/api/standings").json()
    second.delete(path(member, "standings", standing))

    assert [(each["kind"], each["id"], each["requested_by"]) for each in listed] == [
        ("standing", standing, "coordinator-1")
    ]
    assert second.get("/api/standings").json() == []


def test_what_one_froze_another_thaws(first: Any, second: Any, member: Member, refused: Any) -> None:
    frozen = first.put(path(member, "freeze")).json()
    alone = first.delete(path(member, "freeze"))
    thawed = second.delete(path(member, "freeze")).json()

    assert frozen["frozen_by"] == "coordinator-1"
    refused(alone, 409, "second-person-needed")
    assert thawed["frozen_by"] is None


def test_the_day_of_majority_can_be_set_by_hand(service: Any, moment: Any, member: Member, first: Any) -> None:
    told = first.put(path(member, "minority"), json={"of_age_on": "2028-05-04", "consents_alone": True}).json()

    assert (told["of_age_on"], told["consents_alone"]) == ("2028-05-04", True)
    assert is_considered(service, moment, member)


@pytest.mark.parametrize("role", [Actor.MEMBER, Actor.AUDITOR])
def test_nobody_but_coordinators_reaches_any_of_it(
    service: Any, client_of: Any, member: Member, refused: Any, role: Actor
) -> None:
    whom = member if role == Actor.MEMBER else service.alongside.load(Programme, member.programme_id)
    client = client_of(role, whom)
    some = UUID(int=1)
    for answer in (
        client.get("/api/standings"),
        client.get(path(member, "standings")),
        client.post(path(member, "standings"), json=GUARDIAN),
        client.put(path(member, "standings", some, "confirmation")),
        client.delete(path(member, "standings", some)),
        client.post(path(member, "standings", some, "consents", "STATS"), json=SAID_YES),
        client.post(path(member, "harm"), json={"name": "a name"}),
        client.put(path(member, "minority"), json={"of_age_on": "2028-05-04"}),
        client.put(path(member, "freeze")),
        client.delete(path(member, "freeze")),
        client.get(path(member, "emergencies")),
        client.post(path(member, "emergencies"), json={"fields": ["name"], "recipient": "r", "reason": "r"}),
        client.post(path(member, "emergencies", some, "disclosure"), json={}),
        client.delete(path(member, "emergencies", some)),
    ):
        refused(answer, 403, "not-your-role")
    assert service.alongside.ledger(member.person_id).speakers == {}


def test_the_same_request_sent_again_asks_once(service: Any, first: Any, member: Member) -> None:
    answers = [
        first.post(path(member, "standings"), json=GUARDIAN, headers={"Idempotency-Key": "one"}).json()
        for _ in range(2)
    ]
    requests = [
        entry
        for entry in service.alongside.ledger_entries(member.person_id)
        if isinstance(entry.event, ConsentLedger.StandingRequested)
    ]

    assert answers[0] == answers[1]
    assert len(requests) == 1


def test_nobody_but_an_auditor_is_told_why_a_word_does_not_count(
    service: Any, client_of: Any, member: Member, first: Any, second: Any
) -> None:
    standing = confirmed(first, second, member)
    first.post(path(member, "standings", standing, "consents", "MATCH-CONSIDER"), json=SAID_YES)
    first.post(path(member, "harm"), json={"name": "ana costa"})
    auditor = client_of(Actor.AUDITOR, service.alongside.load(Programme, member.programme_id))
    clients = {"coordinator": first, "member": client_of(Actor.MEMBER, member), "auditor": auditor}
    found = {role: client.get(path(member, "consents")).json() for role, client in clients.items()}
    reasons = {
        role: next(each["reason"] for each in said["consents"] if each["purpose"] == "MATCH-CONSIDER")
        for role, said in found.items()
    }
    page = first.get(f"/people/{member.person_id}/consents").text.lower()

    assert reasons == {"coordinator": "guardian needed", "member": "guardian needed", "auditor": "no standing"}
    assert "safeguarding" not in page
    assert "no standing" not in page
    assert "a safeguarding record" in {each["event"] for each in found["auditor"]["events"]}
