"""Do auditors see on pages who could be told, who was, and why?"""

import pytest

from domain.access import Actor
from domain.audit_trail import AuditTrail
from domain.consent import Audience, Channel, ConsentLedger, Method
from domain.disclosing import Asked, Viewing
from domain.purposes import Field, Purpose
from tests.api.pages.browsing import Page
from tests.scenarios import approved_match, token_of


@pytest.fixture
def match(service, moment):
    """An approved match."""
    return approved_match(service, moment)


@pytest.fixture
def told(service, moment, match):
    """The position at which a coordinator was told something of the member."""
    asked = Asked.for_coordinators(match.programme_id, match.member_person_id, frozenset({Field.NEEDS}))
    viewing = Viewing("Noor", "coordinator", Channel.PAGE, "request-1")
    service.alongside.disclose([asked], viewing, at=moment.at)
    return service.alongside.ledger_entries(match.member_person_id)[-1].position


@pytest.fixture
def auditor(service, enter, match):
    return enter(Actor.AUDITOR, service.alongside.pool(match.programme_id).programme)


def words(client, address):
    return Page(client.get(address).text).words


def test_a_persons_page_says_who_could_be_told_and_who_was(service, moment, auditor, match, told):
    token_of(service, moment, Actor.COORDINATOR, service.alongside.programme("harbour"))
    said = words(auditor, f"/people/{match.member_person_id}/consents")

    assert "coordinator-1 age, availability" in said
    assert "Birch Owl 2 age, availability" in said
    assert f"Position {told} MATCH-CONSIDER needs Noor coordinator, page 2 March 2026, 00:00 UTC" in said


def test_coordinators_are_not_shown_who_was_told(enter, service, match, told):
    client = enter(Actor.COORDINATOR, service.alongside.programme("harbour"))
    said = words(client, f"/people/{match.member_person_id}/consents")

    assert "Who was told" not in said
    assert f"/audit/disclosures/{told}" not in said


def test_the_page_is_replayed_on_what_was_known(service, moment, auditor, match):
    head = service.alongside.log.head()
    service.alongside.grant(match.member_person_id, Purpose.STATS, method=Method.WEB, at=moment.at, by="member")
    address = f"/people/{match.member_person_id}/consents"

    def stats(asked):
        return (
            words(auditor, address + asked).partition("STATS Count me in statistics that name nobody. ")[2].split()[0]
        )

    assert (stats(""), stats(f"?known_at={head}"), stats(f"?known_at={head}&event=1")) == ("Given", "Never", "Never")
    assert f"at position {head}." in words(auditor, f"{address}?known_at={head}")
    assert auditor.get(f"{address}?known_at=yesterday").status_code == 422


def test_a_telling_is_explained(auditor, match, told):
    said = words(auditor, f"/audit/disclosures/{told}")

    assert "Permitted." in said
    assert "MATCH-CONSIDER at position" in said
    assert str(match.member_person_id) in said
    assert "No checkpoint covers it yet." in said
    assert auditor.get("/audit/disclosures/1").status_code == 404


@pytest.mark.usefixtures("told")
def test_the_audit_page_finds_what_no_consent_carried(service, moment, auditor, match):
    assert "Nothing. Everything that was told or done" in words(auditor, "/audit?unjustified=true")
    ledger = service.alongside.ledger(match.member_person_id)
    ledger.record(
        ConsentLedger.Disclosed(
            person_id=match.member_person_id,
            viewer=None,
            role="coordinator",
            purpose=Purpose.STATS,
            audience=Audience.coordinators(match.programme_id),
            fields=(Field.NEEDS,),
            consents=(),
            channel=Channel.PAGE,
            request="r",
            at=moment.at,
            by="Noor",
        )
    )
    service.alongside.save(ledger)
    page = Page(auditor.get("/audit?unjustified=true").text)

    assert page.said("alert") == "1 found."
    assert "Plum Raven 1 disclosed 2 March 2026, 00:00 UTC Noor it names no consent" in page.words


def test_the_audit_page_compares_two_positions(service, moment, auditor, match):
    head = service.alongside.log.head()
    service.alongside.withdraw(
        match.member_person_id, Purpose.MATCH_PROPOSE, method=Method.WEB, at=moment.at, by="member"
    )
    later = service.alongside.log.head()

    assert "Plum Raven 1 MATCH-PROPOSE ConsentGiven" in words(auditor, f"/audit?earlier={head}&later={later}")
    assert "Nothing changed." in words(auditor, f"/audit?earlier={head}&later={head}")
    assert auditor.get(f"/audit?earlier={later}&later={head}").status_code == 422


def test_what_auditors_and_coordinators_look_at_is_noted(service, enter, auditor, match, told):
    coordinator = enter(Actor.COORDINATOR, service.alongside.programme("harbour"))
    address = f"/people/{match.member_person_id}/consents"
    for client, path in (
        (auditor, "/people"),
        (auditor, "/people?q=Plum"),
        (auditor, address),
        (coordinator, address),
        (auditor, "/audit"),
        (auditor, "/audit?unjustified=true"),
        (auditor, f"/audit/disclosures/{told}"),
    ):
        assert client.get(path).status_code == 200
    noted = [each.event for each in service.alongside.log.read() if isinstance(each.event, AuditTrail.Queried)]

    assert [(each.by, each.query) for each in noted] == [
        ("auditor-1", "find people"),
        ("auditor-1", "replay"),
        ("coordinator-1", "replay"),
        ("auditor-1", "unjustified"),
        ("auditor-1", "why"),
    ]
    assert "Plum" not in str(noted)
