"""Do mentors and members say things for themselves only?"""

from typing import Any

from domain.access import Actor
from tests.scenarios import enrolled_member, enrolled_mentor

HOURS = [{"day": 1, "start_minute": 540, "end_minute": 600}, {"day": 1, "start_minute": 600, "end_minute": 660}]


def test_hours_that_a_mentor_gives_are_read_back_joined(client_of: Any, service: Any, moment: Any) -> None:
    mentor = enrolled_mentor(service, moment)
    client, path = client_of(Actor.MENTOR, mentor), f"/api/mentors/{mentor.id}"
    version = client.get(path).headers["etag"]

    changed = client.put(f"{path}/availability", json={"availability": HOURS}, headers={"If-Match": version})

    assert changed.status_code == 200
    assert client.get(path).json()["availability"] == [{"day": 1, "start_minute": 540, "end_minute": 660}]
    assert client.get(path).headers["etag"] == changed.headers["etag"] == '"2"'


def test_a_pause_is_made_and_ended_once_and_at_the_version_that_was_read(
    client_of: Any, service: Any, moment: Any, refused: Any
) -> None:
    mentor = enrolled_mentor(service, moment)
    client, path = client_of(Actor.MENTOR, mentor), f"/api/mentors/{mentor.id}/pause"
    first, second = {"If-Match": '"1"', "Idempotency-Key": "a"}, {"If-Match": '"2"', "Idempotency-Key": "b"}

    paused = [client.put(path, json={"until": "2026-03-16"}, headers=first) for _ in range(2)]
    refused(client.delete(path), 428, "precondition-required")
    refused(client.delete(path, headers={"If-Match": '"1"'}), 412, "version-passed")
    resumed = [client.delete(path, headers=second) for _ in range(2)]

    assert [(each.json()["is_paused"], each.headers["etag"]) for each in paused] == [(True, '"2"')] * 2
    assert [(each.json()["is_paused"], each.headers["etag"]) for each in resumed] == [(False, '"3"')] * 2


def test_a_mentor_does_not_see_another(client_of: Any, service: Any, moment: Any, refused: Any) -> None:
    mentor, other = (enrolled_mentor(service, moment, ref=ref) for ref in ("T-1", "T-2"))

    refused(client_of(Actor.MENTOR, mentor).get(f"/api/mentors/{other.id}"), 404, "unknown-person")


def test_only_the_person_themselves_says_yes_no_or_no_longer(
    client_of: Any, service: Any, moment: Any, refused: Any
) -> None:
    member = enrolled_member(service, moment, consents=())
    path = f"/api/people/{member.person_id}/consents"
    own, head = client_of(Actor.MEMBER, member), service.alongside.log.head
    coordinator = client_of(Actor.COORDINATOR, service.alongside.programme("harbour"))
    before = head()
    refused(coordinator.put(f"{path}/STATS", json={"granted": True}), 403, "not-your-role")
    refused(coordinator.delete(f"{path}/STATS"), 403, "not-your-role")
    assert head() == before

    def reasons(response: Any) -> set[str]:
        return {each["reason"] for each in response.json()["consents"] if each["purpose"] == "STATS"}

    assert reasons(own.put(f"{path}/STATS", json={"granted": True})) == {"given"}
    assert reasons(own.delete(f"{path}/STATS")) == {"withdrawn"}
    assert reasons(own.put(f"{path}/STATS", json={"granted": False})) == {"refused"}
    assert reasons(coordinator.get(path)) == {"refused"}
    refused(own.delete(f"{path}/STATS"), 409, "nothing-to-withdraw")


def test_a_word_sent_again_with_its_key_is_said_once_and_answered_the_same(
    client_of: Any, service: Any, moment: Any, refused: Any
) -> None:
    member = enrolled_member(service, moment, consents=())
    path = f"/api/people/{member.person_id}/consents/STATS"
    own, key = client_of(Actor.MEMBER, member), {"Idempotency-Key": "once"}
    first = own.put(path, json={"granted": True}, headers=key)
    own.delete(path)
    head = service.alongside.log.head()

    again = own.put(path, json={"granted": True}, headers=key)

    assert (again.status_code, again.json()) == (200, first.json())
    assert service.alongside.log.head() == head
    refused(own.put(path, json={"granted": False}, headers=key), 422, "key-reused")


def test_a_withdrawal_sent_again_with_its_key_is_no_refusal(client_of: Any, service: Any, moment: Any) -> None:
    member = enrolled_member(service, moment)
    path = f"/api/people/{member.person_id}/consents/MATCH-CONSIDER"
    own, key = client_of(Actor.MEMBER, member), {"Idempotency-Key": "once"}

    first, again = own.delete(path, headers=key), own.delete(path, headers=key)

    assert (again.status_code, again.json()) == (200, first.json())
