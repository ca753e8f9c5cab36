"""Can a program read what there is to read, answer to it, and fetch the receipt?"""

from typing import Any

from domain.access import Actor
from domain.wordings import WORDINGS
from tests.scenarios import enrolled_member, programme

NEW = {"purpose": "STATS", "text": "May we count you?\n\nIn another way."}


def test_a_person_agrees_to_the_text_that_they_read_and_is_given_a_receipt(
    client_of: Any, service: Any, moment: Any, refused: Any
) -> None:
    member = enrolled_member(service, moment, consents=())
    own, path = client_of(Actor.MEMBER, member), f"/api/people/{member.person_id}"
    text = next(each for each in own.get("/api/notices").json() if each["purpose"] == "STATS")
    said = {"granted": True, "wording": text["sha256"], "fields": ["age"], "expires_at": "2026-06-01T00:00:00Z"}

    own.put(f"{path}/consents/STATS", json=said)
    receipts = own.get(f"{path}/receipts").json()
    facts = receipts[0]["receipt"]
    kept = own.get(f"/api/notices/{facts['wording']['notice']}/{facts['wording']['version']}").json()

    assert (text["text"], kept["text"]) == (WORDINGS["STATS"],) * 2  # type: ignore[index]
    assert (facts["fields"], facts["expires"], facts["wording"]["sha256"]) == (
        ["age"],
        "2026-06-01T00:00:00+00:00",
        text["sha256"],
    )
    assert receipts == [own.get(f"{path}/receipts/1").json()]
    coordinator = client_of(Actor.COORDINATOR, service.alongside.programme("harbour"))
    refused(coordinator.get(f"{path}/receipts"), 403, "not-your-role")
    refused(own.get(f"{path}/receipts/9"), 404, "unknown-receipt")


def test_what_is_left_out_is_vouched_for_and_another_text_is_refused(
    client_of: Any, service: Any, moment: Any, refused: Any
) -> None:
    member = enrolled_member(service, moment, consents=())
    own, path = client_of(Actor.MEMBER, member), f"/api/people/{member.person_id}/consents/STATS"
    old = own.get("/api/notices").json()[0]["sha256"]
    head = service.alongside.log.head()

    refused(own.put(path, json={"granted": True, "wording": old}), 409, "wording-changed")
    assert service.alongside.log.head() == head
    own.put(path, json={"granted": True})
    assert service.alongside.ledger(member.person_id).history.grants["STATS"][-1].wording.version == 1


def test_a_name_is_given_where_the_purpose_needs_one(client_of: Any, service: Any, moment: Any, refused: Any) -> None:
    member = enrolled_member(service, moment, consents=())
    own, path = client_of(Actor.MEMBER, member), f"/api/people/{member.person_id}/consents/TRANSFER"

    refused(own.put(path, json={"granted": True}), 422, "invalid-value")
    assert own.put(path, json={"granted": True, "named": "Quay House"}).status_code == 200
    facts = own.get(f"/api/people/{member.person_id}/receipts").json()[0]["receipt"]
    refused(own.delete(path, params={"named": "Elsewhere"}), 409, "nothing-to-withdraw")
    assert facts["named"] == "Quay House"
    assert own.delete(path, params={"named": "quay house"}).status_code == 200


def test_coordinators_publish_and_recall_what_their_programme_reads(
    client_of: Any, service: Any, moment: Any, refused: Any
) -> None:
    member = enrolled_member(service, moment, consents=())
    own, path = client_of(Actor.MEMBER, member), f"/api/people/{member.person_id}/consents/STATS"
    coordinator = client_of(Actor.COORDINATOR, service.alongside.programme("harbour"))
    other = client_of(Actor.COORDINATOR, programme(service, moment, "quay"))

    published = coordinator.post("/api/notices", json=NEW).json()
    own.put(path, json={"granted": True, "wording": published["sha256"]})
    refused(own.post("/api/notices", json=NEW), 403, "not-your-role")
    refused(coordinator.post("/api/notices", json=NEW), 422, "invalid-value")
    notice = service.alongside.ledger(member.person_id).history.grants["STATS"][-1].wording.notice
    refused(other.get(f"/api/notices/{notice}/1"), 404, "unknown-notice")
    refused(other.post("/api/notices/STATS/1/recall", json={"why": "Wrong."}), 404, "unknown-notice")
    recalled = coordinator.post("/api/notices/STATS/1/recall", json={"why": "Wrong."})

    assert recalled.json() == {"people": 1}
    assert service.alongside.ledger(member.person_id).history.stops["STATS"][-1].flaw == "wording-recalled"
    assert coordinator.get(f"/api/notices/{notice}/1").json()["text"] == NEW["text"]
    assert "STATS" not in {each["purpose"] for each in own.get("/api/notices").json()}
